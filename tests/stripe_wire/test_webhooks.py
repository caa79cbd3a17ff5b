"""Events and their deliveries."""

from __future__ import annotations

import time
from collections import Counter

import pytest
import stripe

from chalicelib.kernel.money import Money
from infra.local.stripe.deliveries import signature
from tests.stripe_wire.conftest import SECRET, Wire

DUE = Money(1990, "CNY")
PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def pay(wire: Wire, number: int = 1) -> str:
    intent = wire.gateway().create_payment(f"pay_{number}", f"ord_{number}", DUE, "card").id
    wire.pay(intent)
    return intent


def test_a_payment_sends_signed_events_in_order(wire: Wire) -> None:
    intent = pay(wire)
    wire.deliver_all()
    assert wire.receiver.types() == PAID
    for body, signed in wire.receiver.got:
        stripe.Webhook.construct_event(body, signed, SECRET)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body, signed, "whsec_other")
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body.replace(b"1990", b"1991"), signed, SECRET)
    assert wire.receiver.events()[-1]["data"]["object"]["id"] == intent
    known = wire.client().v1.events.list({"limit": 100}).data
    assert [event.type for event in known] == PAID[::-1]
    assert wire.client().v1.events.retrieve(known[0].id).type == PAID[-1]


def test_our_signature_equals_that_of_the_official_client() -> None:
    made = stripe.WebhookSignature.generate_signature_header('{"a": "中"}', SECRET, 1_790_000_000)
    assert signature('{"a": "中"}', [SECRET], 1_790_000_000) == made


def test_both_secrets_sign_during_a_rotation(wire: Wire) -> None:
    rolled = wire.tell("webhook_secret/roll", {})
    assert rolled["live"] == [rolled["secret"], SECRET]
    pay(wire)
    wire.deliver_all()
    body, signed = wire.receiver.got[0]
    for secret in rolled["live"]:
        stripe.Webhook.construct_event(body, signed, secret)
    third = wire.tell("webhook_secret/roll", {})
    assert third["live"] == [third["secret"], rolled["secret"]]


def test_a_delivery_is_retried_until_it_is_accepted(wire: Wire) -> None:
    wire.receiver.answers = [500, 404, 503]
    wire.gateway().create_payment("pay_1", "ord_1", DUE, "card")
    deadline = time.monotonic() + 10
    while len(wire.receiver.got) < 4:
        assert time.monotonic() < deadline
        wire.tell("clock", {"advance_seconds": 30})
        wire.deliver_all()
    assert len({event["id"] for event in wire.receiver.events()}) == 1
    [delivery] = wire.tell("deliveries")["data"]
    assert (delivery["attempts"], delivery["ended"]) == (4, "delivered")


def test_a_delivery_is_dropped_after_three_days(wire: Wire) -> None:
    wire.receiver.answers = [500] * 50
    wire.gateway().create_payment("pay_1", "ord_1", DUE, "card")
    wire.deliver_all()
    wire.tell("clock", {"advance_seconds": 3 * 24 * 3600 + 1})
    wire.deliver_all()
    [delivery] = wire.tell("deliveries")["data"]
    assert delivery["ended"] == "given up"


def test_deliveries_may_come_twice_as_one_event_or_as_twins(wire: Wire) -> None:
    wire.tell("modes", {"copies": 2, "twins": True})
    pay(wire)
    wire.deliver_all()
    by_type = Counter(wire.receiver.types())
    assert by_type == dict.fromkeys(PAID, 4)
    ids = Counter(event["id"] for event in wire.receiver.events())
    assert set(ids.values()) == {2}
    assert len(ids) == 6


def test_a_seed_decides_the_order_of_deliveries(wire: Wire) -> None:
    wire.tell("modes", {"shuffled": True, "seed": 3})
    for number in range(4):
        pay(wire, number)
    wire.tell("clock", {"advance_seconds": 2})
    wire.deliver_all()
    assert Counter(wire.receiver.types()) == dict.fromkeys(PAID, 4)
    assert wire.receiver.types() != PAID * 4


def test_late_deliveries_are_sent_when_the_clock_moves(wire: Wire) -> None:
    wire.tell("modes", {"late_s": 3600})
    pay(wire)
    wire.deliver_all()
    assert wire.receiver.got == []
    wire.tell("clock", {"advance_seconds": 3601})
    wire.deliver_all()
    assert sorted(wire.receiver.types()) == sorted(PAID)
    signed_at = int(wire.receiver.got[0][1].split(",")[0].removeprefix("t="))
    assert abs(signed_at - time.time()) < 60, "signatures stay on the machine's clock"


def test_deliveries_may_be_held_back_and_released(wire: Wire) -> None:
    wire.tell("modes", {"held": True})
    pay(wire)
    wire.deliver_all()
    assert wire.receiver.got == []
    assert wire.tell("deliveries/release", {}) == {"released": 3}
    wire.deliver_all()
    assert wire.receiver.types() == PAID


def test_an_event_can_be_sent_again(wire: Wire) -> None:
    pay(wire)
    wire.deliver_all()
    last = wire.receiver.events()[-1]
    wire.tell(f"events/{last['id']}/resend", {})
    wire.deliver_all()
    assert wire.receiver.events()[-1] == last
    assert len(wire.receiver.got) == 4


def test_pending_deliveries_are_sent_after_a_restart(wire: Wire) -> None:
    wire.tell("modes", {"held": True})
    pay(wire)
    wire.restart()
    wire.tell("deliveries/release", {})
    wire.deliver_all()
    assert wire.receiver.types() == PAID
