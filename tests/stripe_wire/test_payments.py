"""Payments, by the official client and by our gateway."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from chalicelib.kernel.errors import IdempotencyKeyReused, Unavailable
from chalicelib.kernel.money import Money
from chalicelib.payments.errors import NotAtProvider, PaymentClosed, PaymentRefused
from infra.local.stripe.api import publishable_key
from tests.stripe_wire.conftest import API_KEY, Wire

DUE = Money(1990, "CNY")
CARD = {"amount": 1990, "currency": "cny", "allowed_payment_method_types": ["card"]}


def test_a_card_payment_succeeds_and_is_booked_less_its_fee(wire: Wire) -> None:
    gateway = wire.gateway()
    made = gateway.create_payment("pay_1", "ord_1", DUE, "card")
    assert (made.status, made.payment_id, made.amount) == ("open", "pay_1", DUE)
    assert made.client_secret.startswith(f"{made.id}_secret_")
    wire.pay(made.id)
    found = gateway.find_payment(made.id)
    assert found.status == "succeeded"
    assert found.charge is not None
    line = found.charge.movement
    assert (line.type, line.amount, line.fee, line.net) == ("charge", 1990, 88, 1902)
    assert (line.currency, line.source) == ("CNY", found.charge.id)
    assert gateway.balance("CNY") == 1902


@pytest.mark.parametrize(
    ("method", "action", "detail"),
    [
        ("alipay", "alipay_handle_redirect", "url"),
        ("wechat_pay", "wechat_pay_display_qr_code", "hosted_instructions_url"),
    ],
)
def test_a_wallet_needs_an_action_of_the_payer(
    wire: Wire, method: Any, action: str, detail: str
) -> None:
    intent = wire.gateway().create_payment("pay_1", "ord_1", DUE, method).id
    confirmed = wire.client().v1.payment_intents.confirm(
        intent,
        {"payment_method_data": {"type": method}, "return_url": "https://mall.example/paid"},
    )
    assert confirmed.status == "requires_action"
    assert confirmed.next_action is not None
    assert confirmed.next_action.type == action
    assert confirmed.next_action[action][detail] == "http://mall.test/_local/pay/ord_1"
    wire.pay(intent)
    found = wire.gateway().find_payment(intent)
    assert (found.status, found.method) == ("succeeded", method)
    assert found.charge is not None
    assert found.charge.movement.type == "charge"


def app_of(wire: Wire) -> stripe.StripeClient:
    """A client with an app's publishable key, which may do less than the secret one."""
    key = publishable_key(API_KEY)
    return stripe.StripeClient(key, base_addresses={"api": wire.running.api_base})


def test_an_app_pays_with_the_publishable_key_and_the_client_secret(wire: Wire) -> None:
    made = wire.gateway().create_payment("pay_1", "ord_1", DUE, "alipay")
    app, secret = app_of(wire), {"client_secret": made.client_secret}
    way = {"payment_method_data": {"type": "alipay"}, "return_url": "https://mall.example/paid"}
    confirmed = app.v1.payment_intents.confirm(made.id, {**way, **secret})
    assert confirmed.status == "requires_action"
    wire.pay(made.id)
    assert app.v1.payment_intents.retrieve(made.id, secret).status == "succeeded"


def test_a_publishable_key_without_the_client_secret_or_elsewhere_is_refused(wire: Wire) -> None:
    made = wire.gateway().create_payment("pay_1", "ord_1", DUE, "card")
    app = app_of(wire).v1
    for given in ({}, {"client_secret": f"{made.id}_secret_0"}):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            app.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa", **given})
        assert refused.value.code == "resource_missing"
    for ask in (
        lambda: app.payment_intents.cancel(made.id),
        app.balance.retrieve,
        lambda: app.refunds.create({"payment_intent": made.id}),
    ):
        with pytest.raises(stripe.PermissionError):
            ask()
    assert wire.gateway().find_payment(made.id).status == "open"


def test_a_payment_refused_in_a_wallet_can_be_repeated(wire: Wire) -> None:
    gateway = wire.gateway()
    intent = gateway.create_payment("pay_1", "ord_1", DUE, "alipay").id
    wire.tell(f"payment_intents/{intent}/decline", {})
    found = gateway.find_payment(intent)
    assert (found.status, found.charge) == ("open", None)
    assert found.declined == "payment_intent_payment_attempt_failed"
    wire.pay(intent)
    assert gateway.find_payment(intent).status == "succeeded"
    assert gateway.find_payment(intent).declined is None


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ],
)
def test_a_declined_card_leaves_the_payment_open_and_unbooked(
    wire: Wire, card: str, code: str, decline_code: str | None
) -> None:
    gateway, client = wire.gateway(), wire.client()
    intent = gateway.create_payment("pay_1", "ord_1", DUE, "card").id
    with pytest.raises(stripe.CardError) as refused:
        client.v1.payment_intents.confirm(intent, {"payment_method": card})
    assert refused.value.code == code
    found = gateway.find_payment(intent)
    assert (found.status, found.charge) == ("open", None)
    assert found.declined == (decline_code or code)
    assert gateway.balance("CNY") == 0
    wire.deliver_all()
    assert "payment_intent.payment_failed" in wire.receiver.types()
    client.v1.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"})
    assert gateway.find_payment(intent).status == "succeeded"


def test_a_card_with_authentication_waits_for_its_owner(wire: Wire) -> None:
    intent = wire.client().v1.payment_intents.create(
        {
            **CARD,
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
        }
    )
    assert intent.status == "requires_action"
    assert intent.next_action is not None
    assert intent.next_action.type == "redirect_to_url"
    wire.pay(intent.id)
    assert wire.gateway().find_payment(intent.id).status == "succeeded"


def test_a_cancelled_payment_cannot_be_paid(wire: Wire) -> None:
    gateway, client = wire.gateway(), wire.client()
    intent = gateway.create_payment("pay_1", "ord_1", DUE, "card").id
    assert gateway.cancel_payment(intent).status == "canceled"
    assert gateway.cancel_payment(intent).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"})
    assert refused.value.code == "payment_intent_unexpected_state"
    assert gateway.balance("CNY") == 0


def test_cancelling_a_paid_payment_returns_it_unchanged(wire: Wire) -> None:
    gateway = wire.gateway()
    intent = gateway.create_payment("pay_1", "ord_1", DUE, "card").id
    wire.pay(intent)
    found = gateway.cancel_payment(intent)
    assert found.status == "succeeded"
    assert found.charge is not None


def test_a_new_method_of_an_open_payment_replaces_the_old_one(wire: Wire) -> None:
    gateway, client = wire.gateway(), wire.client()
    intent = gateway.create_payment("pay_1", "ord_1", DUE, "alipay").id
    client.v1.payment_intents.confirm(
        intent, {"payment_method_data": {"type": "alipay"}, "return_url": "https://x.example"}
    )
    changed = gateway.change_method(intent, "wechat_pay")
    assert (changed.method, changed.status) == ("wechat_pay", "open")
    raw = client.v1.payment_intents.retrieve(intent)
    assert (raw.status, raw.next_action) == ("requires_payment_method", None)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.confirm(
            intent, {"payment_method_data": {"type": "alipay"}, "return_url": "https://x.example"}
        )
    wire.pay(intent)
    with pytest.raises(PaymentClosed):
        gateway.change_method(intent, "card")
    assert gateway.find_payment(intent).method == "wechat_pay"


def test_an_unknown_id_is_not_found_at_the_provider(wire: Wire) -> None:
    gateway = wire.gateway()
    for call in (
        lambda: gateway.find_payment("pi_none"),
        lambda: gateway.cancel_payment("pi_none"),
        lambda: gateway.change_method("pi_none", "card"),
        lambda: gateway.refund("rfd_1", "pi_none", DUE),
        lambda: gateway.find_payout("tr_none"),
        lambda: gateway.find_payout("po_none"),
    ):
        with pytest.raises(NotAtProvider):
            call()


def test_an_amount_below_the_minimum_is_refused_by_its_code(wire: Wire) -> None:
    with pytest.raises(PaymentRefused) as refused:
        wire.gateway().create_payment("pay_1", "ord_1", Money(399, "CNY"), "card")
    assert refused.value.facts == {"reason": "amount_too_small"}
    assert wire.client().v1.payment_intents.list().data == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": "19.90"}, "parameter_invalid_integer"),
        ({"amount": -5}, "parameter_invalid_integer"),
        ({"amount": 10**9}, "amount_too_large"),
        ({"currency": "xxx"}, "parameter_invalid_empty"),
        ({"colour": "red"}, "parameter_unknown"),
        ({"payment_method_types": ["card"]}, "payment_method_types_no_longer_supported"),
        ({"allowed_payment_method_types": ["cash"]}, "payment_intent_invalid_parameter"),
        ({"payment_method": "pm_none"}, "resource_missing"),
        ({"expand": ["colour"]}, None),
    ],
)
def test_bad_parameters_are_refused_in_stripes_words_and_make_nothing(
    wire: Wire, wrong: Any, code: str | None
) -> None:
    client = wire.client()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create(CARD | wrong)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert client.v1.payment_intents.list().data == []


def test_a_wrong_api_key_is_refused(wire: Wire) -> None:
    client = stripe.StripeClient("sk_wrong", base_addresses={"api": wire.running.api_base})
    with pytest.raises(stripe.AuthenticationError):
        client.v1.balance.retrieve()


def test_an_unbooked_charge_is_unavailable(wire: Wire) -> None:
    gateway = wire.gateway()
    intent = gateway.create_payment("pay_1", "ord_1", DUE, "card").id
    wire.pay(intent)
    wire.tell("modes", {"unbooked": True})
    with pytest.raises(Unavailable):
        gateway.find_payment(intent)
    wire.tell("modes", {})
    assert gateway.find_payment(intent).charge is not None


def test_one_key_makes_one_payment_only(wire: Wire) -> None:
    gateway = wire.gateway()
    first = gateway.create_payment("pay_1", "ord_1", DUE, "card")
    assert gateway.create_payment("pay_1", "ord_1", DUE, "card") == first
    with pytest.raises(IdempotencyKeyReused):
        gateway.create_payment("pay_1", "ord_1", Money(2000, "CNY"), "card")
    assert len(wire.client().v1.payment_intents.list().data) == 1


def test_all_objects_survive_a_kill(wire: Wire) -> None:
    intent = wire.gateway().create_payment("pay_1", "ord_1", DUE, "card")
    wire.pay(intent.id)
    wire.restart()
    assert wire.gateway().find_payment(intent.id).status == "succeeded"
    assert wire.gateway().create_payment("pay_1", "ord_1", DUE, "card") == intent
