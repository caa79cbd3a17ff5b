"""Stripe's objects, as the dicts of its JSON, in our values. Imports nothing of Stripe's.

Source: Stripe's API reference, version 2026-10-28; amounts are minor units, times are seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from chalicelib.kernel.money import Money
from chalicelib.payments.errors import NotBookedYet
from chalicelib.payments.rules.gateway import (
    DisputeStatus,
    Intent,
    IntentStatus,
    Method,
    Movement,
    PayoutStatus,
    ProviderCharge,
    ProviderDispute,
    ProviderPayout,
    ProviderRefund,
    RefundStatus,
)

Found = Mapping[str, Any]

# Where our ids stand in the metadata of Stripe's objects.
PAYMENT, ORDER, REFUND, PAYOUT = "payment_id", "order_id", "refund_id", "payout_id"

_INTENT: dict[str, IntentStatus] = {
    "processing": "processing",
    "succeeded": "succeeded",
    "canceled": "canceled",
}
_REFUND: dict[str, RefundStatus] = {
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "canceled",
}
# A closed warning and a prevented dispute took nothing, or returned it.
_DISPUTE: dict[str, DisputeStatus] = {
    "won": "won",
    "warning_closed": "won",
    "prevented": "won",
    "lost": "lost",
}
# Methods other than cards have types of their own, with the same effect on the books.
_TYPE: dict[str, str] = {"payment": "charge", "payment_refund": "refund"}
_PAYOUT: dict[str, PayoutStatus] = {"paid": "paid", "failed": "failed", "canceled": "failed"}


def intent(found: Found, refunds: Iterable[Found] = (), disputes: Iterable[Found] = ()) -> Intent:
    """A PaymentIntent, with refunds and disputes oldest first.

    It has a charge only where the charge was expanded.

    Raises NotBookedYet while Stripe has not booked the charge.
    """
    charge, error = found.get("latest_charge"), found.get("last_payment_error")
    came = isinstance(charge, Mapping) and charge["status"] == "succeeded"
    return Intent(
        id=found["id"],
        payment_id=found["metadata"].get(PAYMENT, ""),
        status=_INTENT.get(found["status"], "open"),
        amount=_money(found),
        client_secret=found["client_secret"],
        method=_method(found),
        charge=_charge(cast(Found, charge), refunds, disputes) if came else None,
        declined=(error.get("decline_code") or error.get("code")) if error else None,
    )


def _method(found: Found) -> Method:
    # Stripe leaves out the methods that the currency or amount excludes, perhaps all.
    allowed = found.get("allowed_payment_method_types") or found["payment_method_types"]
    return cast(Method, allowed[0])


def _charge(found: Found, refunds: Iterable[Found], disputes: Iterable[Found]) -> ProviderCharge:
    if found["balance_transaction"] is None:
        raise NotBookedYet(int(found["created"]) * 1000)
    return ProviderCharge(
        id=found["id"],
        amount=_money(found),
        movement=movement(found["balance_transaction"]),
        refunds=tuple(refund(each) for each in refunds),
        disputes=tuple(_dispute(each) for each in disputes),
    )


def refund(found: Found) -> ProviderRefund:
    """A refund whose balance transactions were expanded."""
    booked, booked_back = found["balance_transaction"], found.get("failure_balance_transaction")
    return ProviderRefund(
        id=found["id"],
        key=(found["metadata"] or {}).get(REFUND),
        amount=found["amount"],
        status=_REFUND.get(found["status"], "pending"),
        movement=movement(booked) if booked else None,
        failure=movement(booked_back) if booked_back else None,
    )


def _dispute(found: Found) -> ProviderDispute:
    lines = sorted(found["balance_transactions"], key=lambda line: int(line["created"]))
    return ProviderDispute(
        id=found["id"],
        amount=found["amount"],
        status=_DISPUTE.get(found["status"], "open"),
        movements=tuple(movement(line) for line in lines),
        is_inquiry=found["status"].startswith("warning_"),
    )


def transfer(found: Found, reversals: Iterable[Found]) -> ProviderPayout:
    """Money moved to a connected account, with all its reversals, oldest first.

    A transfer that was reversed in full has failed.
    """
    lines = [each["balance_transaction"] for each in (found, *reversals)]
    undone = bool(found["reversed"])
    ended: PayoutStatus = "failed" if undone else "paid"
    return ProviderPayout(
        id=found["id"],
        key=found["metadata"].get(PAYOUT, ""),
        amount=_money(found),
        status=ended if all(lines) else "pending",
        movements=tuple(movement(line) for line in lines if line),
        failure="reversed" if undone else None,
    )


def payout(found: Found) -> ProviderPayout:
    """Money sent to a bank account."""
    lines = (found["balance_transaction"], found.get("failure_balance_transaction"))
    return ProviderPayout(
        id=found["id"],
        key=(found["metadata"] or {}).get(PAYOUT, ""),
        amount=_money(found),
        status=_PAYOUT.get(found["status"], "pending"),
        movements=tuple(movement(line) for line in lines if line),
        failure=found.get("failure_code"),
    )


def movement(found: Found) -> Movement:
    """A balance transaction; it has our id only where its source was expanded."""
    source = found["source"]
    told = (source.get("metadata") or {}) if isinstance(source, Mapping) else {}
    return Movement(
        id=found["id"],
        type=_TYPE.get(found["type"]) or found["type"],
        amount=found["amount"],
        fee=found["fee"],
        currency=found["currency"].upper(),
        source=source["id"] if isinstance(source, Mapping) else source,
        created_at_ms=found["created"] * 1000,
        our_id=told.get(ORDER) or told.get(PAYOUT),
    )


def balance(found: Found, currency: str) -> int:
    """The balance of a currency, available and pending."""
    parts = (*found["available"], *found["pending"])
    return sum(int(part["amount"]) for part in parts if part["currency"] == currency.lower())


def _money(found: Found) -> Money:
    return Money(found["amount"], found["currency"].upper())
