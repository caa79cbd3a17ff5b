"""Stripe's test payment methods (`pm_card_…`), and those that a request describes.

Source: docs.stripe.com/testing; names with and without the brand are taken.
"""

from __future__ import annotations

from typing import NamedTuple

from infra.local.stripe import forms
from infra.local.stripe.errors import invalid, missing
from infra.local.stripe.forms import Params
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

TYPES = ("card", "alipay", "wechat_pay")


class Card(NamedTuple):
    """A test card's behaviour: `code` and `decline_code` of its refusal, and the sequel."""

    code: str | None = None
    decline_code: str | None = None
    message: str = "Your card was declined."
    asks: bool = False
    disputed: str | None = None
    refunds: str = "succeeded"


GOOD = Card()
_CARDS = {
    "visa": GOOD,
    "mastercard": GOOD,
    "unionpay": GOOD,
    "bypassPending": GOOD,
    "chargeDeclined": Card("card_declined", "generic_decline"),
    "chargeDeclinedInsufficientFunds": Card(
        "card_declined", "insufficient_funds", "Your card has insufficient funds."
    ),
    "chargeDeclinedLostCard": Card("card_declined", "lost_card"),
    "chargeDeclinedStolenCard": Card("card_declined", "stolen_card"),
    "chargeDeclinedFraudulent": Card("card_declined", "fraudulent"),
    "chargeDeclinedExpiredCard": Card("expired_card", None, "Your card has expired."),
    "chargeDeclinedIncorrectCvc": Card(
        "incorrect_cvc", None, "Your card's security code is incorrect."
    ),
    "chargeDeclinedProcessingError": Card(
        "processing_error", None, "An error occurred while processing your card."
    ),
    "authenticationRequired": Card(asks=True),
    "threeDSecure2Required": Card(asks=True),
    "createDispute": Card(disputed="fraudulent"),
    "createDisputeProductNotReceived": Card(disputed="product_not_received"),
    "pendingRefund": Card(refunds="pending"),
    "refundFail": Card(refunds="failing"),
}
_PREFIXES = ("pm_card_visa_", "pm_card_", "tok_visa_", "tok_")


def card(name: str) -> Card:
    """A test card's behaviour; an unknown card is good."""
    for prefix in _PREFIXES:
        if name.startswith(prefix) and name.removeprefix(prefix) in _CARDS:
            return _CARDS[name.removeprefix(prefix)]
    return GOOD


def create(provider: Provider, params: Params) -> Object:
    """`type`, and for a card the token of a test card."""
    forms.refuse_unknown(params, {"type", "card", "metadata", "billing_details"})
    return _make(provider, params, forms.metadata(params))


def retrieve(provider: Provider, params: Params, name: str) -> Object:
    forms.refuse_unknown(params, ())
    return find(provider, name, "id")


def find(provider: Provider, name: str, param: str) -> Object:
    """A payment method of ours or of Stripe's tests.

    Raises WireError.
    """
    found = provider.store.get("payment_method", name)
    if found is not None:
        return found
    if not name.startswith("pm_card_") or _unknown(name):
        raise missing("PaymentMethod", name, param)
    return {"id": name, "object": "payment_method", "type": "card", "card": {"token": name}}


def described(provider: Provider, data: Params) -> Object:
    """One made of `payment_method_data`.

    Raises WireError.
    """
    forms.refuse_unknown(data, {"type", "card", "billing_details", "alipay", "wechat_pay"})
    return _make(provider, data, {})


def _make(provider: Provider, params: Params, metadata: dict[str, str]) -> Object:
    kind = forms.text(params, "type")
    if kind not in TYPES:
        raise invalid(
            f"Invalid type: must be one of {', '.join(TYPES)}", "parameter_unknown", "type"
        )
    facts: Object = {"token": params.get("card", {}).get("token")} if kind == "card" else {}
    made = provider.make("payment_method", "pm", type=kind, metadata=metadata, **{kind: facts})
    return provider.store.put(made)


def behaviour(method: Object) -> Card:
    """The behaviour of a payment method."""
    token = method["card"].get("token") if method["type"] == "card" else None
    return card(token) if token else GOOD


def _unknown(name: str) -> bool:
    return not any(name.removeprefix(prefix) in _CARDS for prefix in _PREFIXES)
