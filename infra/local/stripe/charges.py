"""Charges: one for each attempt to pay."""

from __future__ import annotations

from infra.local.stripe.balance import book, fee_of
from infra.local.stripe.payment_methods import Card
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object


def take(provider: Provider, intent: Object, method: Object, why_not: Card | None) -> Object:
    """Try to take an intent's money; `why_not` is the bank's refusal."""
    kind = method["type"]
    charge = provider.make(
        "charge",
        "ch" if kind == "card" else "py",
        amount=intent["amount"],
        amount_captured=0 if why_not else intent["amount"],
        amount_refunded=0,
        balance_transaction=None,
        captured=not why_not,
        currency=intent["currency"],
        description=intent["description"],
        disputed=False,
        failure_code=why_not.code if why_not else None,
        failure_message=why_not.message if why_not else None,
        failure_balance_transaction=None,
        metadata=intent["metadata"],
        outcome=_outcome(why_not),
        paid=not why_not,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": kind, kind: {}},
        refunded=False,
        status="failed" if why_not else "succeeded",
    )
    if not why_not:
        fee = fee_of(kind, charge["amount"])
        name = "charge" if kind == "card" else "payment"
        line = book(provider, name, "charge", charge["amount"], charge, fee)
        charge["balance_transaction"] = line["id"]
    provider.store.put(charge)
    provider.emit("charge.failed" if why_not else "charge.succeeded", charge)
    return charge


def _outcome(why_not: Card | None) -> Object:
    if why_not is None:
        return {"network_status": "approved_by_network", "reason": None, "type": "authorized"}
    reason = why_not.decline_code or why_not.code
    return {"network_status": "declined_by_network", "reason": reason, "type": "issuer_declined"}
