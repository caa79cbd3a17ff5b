"""PaymentIntents: created, paid or declined, cancelled."""

from __future__ import annotations

from infra.local.stripe import forms, paying
from infra.local.stripe import payment_methods as methods
from infra.local.stripe.errors import invalid, missing, unexpected_state
from infra.local.stripe.forms import Params
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object, new_id

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
# The least amount of a charge: about half a dollar in Stripe's account currency.
LEAST = {"cny": 400, "gbp": 30, "hkd": 400}
LEAST_ELSEWHERE = 50
_SHOWN = {
    "description",
    "metadata",
    "payment_method_options",
    "receipt_email",
    "return_url",
    "statement_descriptor",
    "statement_descriptor_suffix",
}
_PAYS = {"payment_method", "payment_method_data"}
_CREATE = (
    _SHOWN
    | _PAYS
    | {
        "amount",
        "currency",
        "confirm",
        "capture_method",
        "customer",
        "allowed_payment_method_types",
        "transfer_group",
    }
)
_UPDATE = _SHOWN | _PAYS | {"amount", "currency", "allowed_payment_method_types"}
_REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")


def create(provider: Provider, params: Params) -> Object:
    """A new intent, confirmed at once if it says so."""
    types = _types(params)
    forms.refuse_unknown(params, _CREATE)
    if params.get("capture_method", "automatic") not in ("automatic", "automatic_async"):
        raise invalid("Only automatic capture here.", "parameter_unknown", "capture_method")
    intent = _new(provider, params, types)
    paying.attach(provider, intent, params)
    provider.store.put(intent)
    provider.emit("payment_intent.created", intent)
    return paying.confirm(provider, intent, params) if forms.flag(params, "confirm") else intent


def _new(provider: Provider, params: Params, types: list[str]) -> Object:
    amount, currency = forms.amount(params), forms.currency(params)
    _refuse_little(amount, currency)
    intent = provider.make(
        "payment_intent",
        "pi",
        amount=amount,
        allowed_payment_method_types=params.get("allowed_payment_method_types"),
        amount_capturable=0,
        amount_received=0,
        automatic_payment_methods=None,
        canceled_at=None,
        cancellation_reason=None,
        capture_method=params.get("capture_method", "automatic"),
        confirmation_method="automatic",
        currency=currency,
        customer=params.get("customer"),
        description=params.get("description"),
        last_payment_error=None,
        latest_charge=None,
        metadata=forms.metadata(params),
        next_action=None,
        payment_method=None,
        payment_method_options=params.get("payment_method_options", {}),
        payment_method_types=types,
        processing=None,
        receipt_email=params.get("receipt_email"),
        status="requires_payment_method",
        transfer_group=params.get("transfer_group"),
    )
    intent["client_secret"] = f"{intent['id']}_{new_id('secret')}"
    return intent


def _refuse_little(amount: int, currency: str) -> None:
    least = LEAST.get(currency, LEAST_ELSEWHERE)
    if amount < least:
        message = f"Amount must be at least {least} {currency} in minor units."
        raise invalid(message, "amount_too_small", "amount")


def _types(params: Params) -> list[str]:
    """The methods that may pay: the field is read-only since Stripe's version 2026-09-30."""
    if "payment_method_types" in params:
        message = "payment_method_types is no longer supported; use allowed_payment_method_types."
        code = "payment_method_types_no_longer_supported"
        raise invalid(message, code, "payment_method_types")
    found = forms.words(params, "allowed_payment_method_types")
    for each in found:
        if each not in methods.TYPES:
            message = f"The payment method type provided: {each} is invalid."
            code = "payment_intent_invalid_parameter"
            raise invalid(message, code, "allowed_payment_method_types")
    return found or [*methods.TYPES]


def retrieve(provider: Provider, params: Params, name: str) -> Object:
    forms.refuse_unknown(params, {"client_secret"})
    return provider.find("payment_intent", name)


def update(provider: Provider, params: Params, name: str) -> Object:
    """Change an open intent; an action of the last payment method is dropped."""
    intent = provider.find("payment_intent", name)
    types = _types(params)
    forms.refuse_unknown(params, _UPDATE)
    if intent["status"] not in OPEN and params.keys() - {"metadata", "description", "expand"}:
        raise unexpected_state(intent, "update")
    if "amount" in params or "currency" in params:
        intent["amount"] = forms.amount(params, intent["amount"])
        if "currency" in params:
            intent["currency"] = forms.currency(params)
        _refuse_little(intent["amount"], intent["currency"])
    intent["metadata"] = forms.metadata(params, intent["metadata"])
    for each in ("description", "receipt_email", "payment_method_options"):
        intent[each] = params.get(each, intent[each])
    if "allowed_payment_method_types" in params:
        intent |= {"allowed_payment_method_types": types, "payment_method_types": types}
    if params.get("payment_method") == "":
        intent |= {"payment_method": None, "next_action": None, "status": "requires_payment_method"}
    paying.attach(provider, intent, params)
    return provider.store.put(intent)


def confirm(provider: Provider, params: Params, name: str) -> Object:
    intent = provider.find("payment_intent", name)
    forms.refuse_unknown(params, _PAYS | {"client_secret", "payment_method_options", "return_url"})
    if intent["status"] not in OPEN:
        raise unexpected_state(intent, "confirm")
    intent["payment_method_options"] |= params.get("payment_method_options", {})
    paying.attach(provider, intent, params)
    return paying.confirm(provider, intent, params)


def cancel(provider: Provider, params: Params, name: str) -> Object:
    intent = provider.find("payment_intent", name)
    forms.refuse_unknown(params, {"cancellation_reason"})
    reason = params.get("cancellation_reason")
    if reason not in (None, *_REASONS):
        raise invalid(f"Invalid reason: {reason}", "parameter_unknown", "cancellation_reason")
    if intent["status"] not in OPEN:
        raise unexpected_state(intent, "cancel")
    intent |= {
        "status": "canceled",
        "canceled_at": provider.now_s(),
        "next_action": None,
        "cancellation_reason": reason,
    }
    provider.store.put(intent)
    provider.emit("payment_intent.canceled", intent)
    return intent


# The calls of an app with the publishable key and the payment's client secret.
FOR_PAYERS = (retrieve, confirm)


def check_secret(provider: Provider, name: str, given: str | None) -> None:
    """Raises WireError."""
    if provider.find("payment_intent", name)["client_secret"] != given:
        raise missing("payment_intent", name, "intent")


def of_order(provider: Provider, order: str) -> list[Object]:
    """The payments that name an order in their metadata, the newest first."""
    return provider.store.find("payment_intent", {"order_id": order}, conditions=[], limit=20)
