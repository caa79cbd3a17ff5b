"""Refunds: whole, in parts, several; some wait, some fail later and come back.

They may take the balance below zero: Stripe then collects it from the account's bank.
"""

from __future__ import annotations

from infra.local.stripe import forms
from infra.local.stripe import payment_methods as methods
from infra.local.stripe.balance import book
from infra.local.stripe.errors import WireError, invalid
from infra.local.stripe.forms import Params
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

_TAKES = {"amount", "charge", "metadata", "payment_intent", "reason"}


def create(provider: Provider, params: Params) -> Object:
    """Give back a charge, or so much of it."""
    forms.refuse_unknown(params, _TAKES)
    charge = _charge(provider, params)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise WireError(
            f"Charge {charge['id']} has already been refunded.", "charge_already_refunded"
        )
    amount = forms.amount(params, left)
    _refuse(provider, charge, amount, left)
    refund = provider.make(
        "refund",
        "re" if charge["id"].startswith("ch_") else "pyr",
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=forms.metadata(params),
        payment_intent=charge["payment_intent"],
        reason=params.get("reason"),
        status="pending",
    )
    del refund["livemode"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    provider.store.put(charge)
    provider.store.put(refund)
    _begin(provider, refund, charge)
    return refund


def _charge(provider: Provider, params: Params) -> Object:
    if "charge" in params:
        return provider.find("charge", forms.text(params, "charge"))
    name = forms.text(params, "payment_intent")
    intent = provider.find("payment_intent", name, "payment_intent")
    if intent["status"] != "succeeded":
        raise WireError(
            "This PaymentIntent does not have a successful charge to refund.",
            "payment_intent_unexpected_state",
            "payment_intent",
        )
    return provider.find("charge", intent["latest_charge"])


def _refuse(provider: Provider, charge: Object, amount: int, left: int) -> None:
    if charge["disputed"] and provider.store.find(
        "dispute", {"charge": charge["id"], "status": "needs_response"}, conditions=[], limit=1
    ):
        raise WireError(f"Charge {charge['id']} has been charged back.", "charge_disputed")
    if amount > left:
        raise WireError(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
            param="amount",
        )


def _begin(provider: Provider, refund: Object, charge: Object) -> None:
    method = methods.find(provider, charge["payment_method"], "payment_method")
    behaviour = methods.behaviour(method)
    provider.emit("refund.created", refund)
    if behaviour.refunds == "pending" or provider.modes().refunds_pend:
        provider.emit("charge.refunded", charge)
        return
    succeed(provider, refund)
    provider.emit("charge.refunded", charge)


def succeed(provider: Provider, refund: Object) -> Object:
    """It is on its way: booked.

    Raises WireError.
    """
    if refund["status"] != "pending":
        raise invalid(f"{refund['id']} is {refund['status']}", "refund_state", "id")
    kind = "refund" if refund["id"].startswith("re_") else "payment_refund"
    line = book(provider, kind, "refund", -refund["amount"], refund)
    refund |= {"status": "succeeded", "balance_transaction": line["id"]}
    return _changed(provider, refund, "refund.updated")


def fail(provider: Provider, refund: Object) -> Object:
    """The bank sends it back, also days after it succeeded: booked back, and refundable again.

    Raises WireError.
    """
    if refund["status"] not in ("pending", "succeeded"):
        raise invalid(f"{refund['id']} is {refund['status']}", "refund_state", "id")
    if refund["balance_transaction"]:
        line = book(provider, "refund_failure", "refund_failure", refund["amount"], refund)
        refund["failure_balance_transaction"] = line["id"]
    refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    charge = provider.find("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    provider.store.put(charge)
    return _changed(provider, refund, "refund.failed")


def _changed(provider: Provider, refund: Object, kind: str) -> Object:
    provider.store.put(refund)
    provider.emit(kind, refund)
    provider.emit("charge.refund.updated", refund)
    return refund
