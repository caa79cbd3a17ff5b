"""Payouts to our own bank: pending, then paid, or failed and booked back."""

from __future__ import annotations

from infra.local.stripe import forms
from infra.local.stripe.balance import book, refuse_overdraft
from infra.local.stripe.errors import WireError
from infra.local.stripe.forms import Params
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

_DAY_S = 24 * 3600
_TAKES = {"amount", "currency", "description", "metadata", "method", "statement_descriptor"}


def create(provider: Provider, params: Params) -> Object:
    forms.refuse_unknown(params, _TAKES)
    amount, currency = forms.amount(params), forms.currency(params)
    refuse_overdraft(provider, amount, currency)
    payout = provider.make(
        "payout",
        "po",
        amount=amount,
        arrival_date=provider.now_s() + _DAY_S,
        automatic=False,
        balance_transaction=None,
        currency=currency,
        description=params.get("description"),
        destination=None,
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        metadata=forms.metadata(params),
        method="standard",
        original_payout=None,
        reconciliation_status="not_applicable",
        reversed_by=None,
        source_type="card",
        statement_descriptor=None,
        status="pending",
        type="bank_account",
    )
    payout["balance_transaction"] = book(provider, "payout", "payout", -amount, payout)["id"]
    provider.store.put(payout)
    provider.emit("payout.created", payout)
    return payout


def pay(provider: Provider, payout: Object) -> Object:
    """It has arrived.

    Raises WireError.
    """
    if payout["status"] not in ("pending", "in_transit"):
        raise WireError(f"{payout['id']} is {payout['status']}", "payout_state")
    return _changed(provider, payout | {"status": "paid"}, "payout.paid")


def fail(provider: Provider, payout: Object) -> Object:
    """The bank sends it back, also within days of its arrival.

    Raises WireError.
    """
    if payout["status"] not in ("pending", "in_transit", "paid"):
        raise WireError(f"{payout['id']} is {payout['status']}", "payout_state")
    line = book(provider, "payout_failure", "payout_reversal", payout["amount"], payout)
    return _changed(
        provider,
        payout
        | {
            "status": "failed",
            "failure_balance_transaction": line["id"],
            "failure_code": "account_closed",
            "failure_message": "The bank account has been closed.",
        },
        "payout.failed",
    )


def cancel(provider: Provider, params: Params, name: str) -> Object:
    """Stop one that has not left."""
    payout = provider.find("payout", name)
    forms.refuse_unknown(params, ())
    if payout["status"] != "pending":
        raise WireError(f"{payout['id']} is {payout['status']}", "payout_state")
    line = book(provider, "payout_cancel", "payout_reversal", payout["amount"], payout)
    changed = payout | {"status": "canceled", "failure_balance_transaction": line["id"]}
    return _changed(provider, changed, "payout.canceled")


def _changed(provider: Provider, payout: Object, kind: str) -> Object:
    provider.store.put(payout)
    provider.emit(kind, payout)
    return payout
