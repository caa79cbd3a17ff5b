"""The outcome of a payment: at once, after a step of the payer's, or a refusal."""

from __future__ import annotations

from typing import Any

from infra.local.stripe import charges, disputes
from infra.local.stripe import payment_methods as methods
from infra.local.stripe.errors import WireError, invalid
from infra.local.stripe.forms import Params
from infra.local.stripe.payment_methods import Card
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

_FAILED_STEP = "payment_intent_authentication_failure"
_FAILED_WALLET = "payment_intent_payment_attempt_failed"


def attach(provider: Provider, intent: Object, params: Params) -> None:
    """Give an intent the payment method that a request names or describes, if it does.

    Raises WireError.
    """
    if "payment_method_data" in params:
        method = methods.described(provider, params["payment_method_data"])
    elif params.get("payment_method"):
        method = methods.find(provider, params["payment_method"], "payment_method")
    else:
        return
    if method["type"] not in intent["payment_method_types"]:
        raise WireError(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent.",
            "payment_intent_incompatible_payment_method",
            "payment_method",
        )
    intent |= {"payment_method": method["id"], "status": "requires_confirmation"}


def confirm(provider: Provider, intent: Object, params: Params) -> Object:
    """Take the money, or name the next action of the payer.

    Raises WireError, after which the decline stands in the intent.
    """
    if intent["payment_method"] is None:
        raise WireError(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            "payment_intent_unexpected_state",
            payment_intent=intent,
        )
    method = methods.find(provider, intent["payment_method"], "payment_method")
    behaviour = methods.behaviour(method)
    if behaviour.code:
        _decline(provider, intent, method, behaviour)
        raise WireError(
            behaviour.message,
            behaviour.code,
            status=402,
            kind="card_error",
            decline_code=behaviour.decline_code,
            charge=intent["latest_charge"],
            payment_intent=intent,
        )
    if method["type"] != "card" or behaviour.asks:
        return _ask(provider, intent, method, params.get("return_url"))
    return _succeed(provider, intent, method, behaviour)


def _ask(provider: Provider, intent: Object, method: Object, return_url: str | None) -> Object:
    _refuse_incomplete(intent, method["type"], return_url)
    page = provider.pay_page.format(order=intent["metadata"].get("order_id", intent["id"]))
    actions: dict[str, tuple[str, dict[str, Any]]] = {
        "card": ("redirect_to_url", {"url": page, "return_url": return_url}),
        "alipay": (
            "alipay_handle_redirect",
            {
                "url": page,
                "return_url": return_url,
                "native_data": None,
                "native_url": None,
            },
        ),
        "wechat_pay": (
            "wechat_pay_display_qr_code",
            {
                "data": f"weixin://wxpay/bizpayurl?pr={intent['id']}",
                "hosted_instructions_url": page,
                "image_data_url": "",
                "image_url_png": page,
                "image_url_svg": page,
            },
        ),
    }
    kind, facts = actions[method["type"]]
    intent |= {"status": "requires_action", "next_action": {"type": kind, kind: facts}}
    provider.store.put(intent)
    provider.emit("payment_intent.requires_action", intent)
    return intent


def _refuse_incomplete(intent: Object, kind: str, return_url: str | None) -> None:
    client = "payment_method_options[wechat_pay][client]"
    if kind == "alipay" and not return_url:
        raise invalid("Missing required param: return_url.", "parameter_missing", "return_url")
    if kind == "wechat_pay" and not intent["payment_method_options"].get(kind, {}).get("client"):
        raise invalid(f"Missing required param: {client}.", "parameter_missing", client)


def finish(provider: Provider, intent: Object, *, paid: bool) -> Object:
    """The payer took the requested action, or refused it.

    Raises WireError.
    """
    if intent["status"] != "requires_action":
        raise WireError(f"{intent['id']} waits for nobody", "payment_intent_unexpected_state")
    method = methods.find(provider, intent["payment_method"], "payment_method")
    if paid:
        return _succeed(provider, intent, method, methods.behaviour(method))
    code = _FAILED_STEP if method["type"] == "card" else _FAILED_WALLET
    _decline(provider, intent, method, Card(code, None, "The payment attempt has failed."))
    return intent


def _succeed(provider: Provider, intent: Object, method: Object, behaviour: Card) -> Object:
    charge = charges.take(provider, intent, method, None)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "next_action": None,
        "latest_charge": charge["id"],
        "last_payment_error": None,
    }
    provider.store.put(intent)
    provider.emit("payment_intent.succeeded", intent)
    if behaviour.disputed:
        disputes.open_for(provider, charge["id"], behaviour.disputed)
    return intent


def _decline(provider: Provider, intent: Object, method: Object, why_not: Card) -> None:
    """A failed charge, the reason in the intent, which waits for another payment method."""
    charge = charges.take(provider, intent, method, why_not)
    error = {
        "type": "card_error" if method["type"] == "card" else "invalid_request_error",
        "code": why_not.code,
        "decline_code": why_not.decline_code,
        "message": why_not.message,
        "charge": charge["id"],
        "payment_method": method,
    }
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "next_action": None,
        "latest_charge": charge["id"],
        "last_payment_error": error,
    }
    provider.store.put(intent)
    provider.emit("payment_intent.payment_failed", intent)
