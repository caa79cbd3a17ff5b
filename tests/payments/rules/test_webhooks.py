"""A webhook must be signed and in time; different events may carry one fact."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.signatures import sign
from chalicelib.payments.errors import WebhookSignatureExpired, WebhookSignatureInvalid
from chalicelib.payments.rules.webhooks import Webhook, check_signature, read_webhook

pytestmark = pytest.mark.pure

BODY, AT = b'{"id": "evt_1"}', 1_795_248_000
SIGNED = sign("new", AT, BODY)


def check(header: str, machine_s: int = AT, secrets: tuple[str, ...] = ("new", "old")) -> None:
    check_signature(header, BODY, secrets, machine_s)


@pytest.mark.parametrize(
    "header",
    [
        f"t={AT},v1={SIGNED}", f"v1={SIGNED},t={AT}", f" t={AT}, v1={SIGNED}",
        f"t={AT},v0=x,v1=bad,v1={SIGNED}", f"t={AT},v1={sign('old', AT, BODY)}",
        f"t={AT},v1=é,v1={SIGNED}", f"t={AT}" + ",v1=x" * 7 + f",v1={SIGNED}",
    ],
)  # fmt: skip
def test_a_body_signed_with_a_live_secret_is_accepted(header: str) -> None:
    check(header)


@pytest.mark.parametrize(
    "header",
    [
        "", f"v1={SIGNED}", f"t={AT}", f"t={AT},t={AT},v1={SIGNED}", f"t=,v1={SIGNED}",
        f"t={AT + 1},v1={SIGNED}", f"t={AT},v0={SIGNED}", f"t=-{AT},v1={SIGNED}",
        f"t={AT},v1={sign('other', AT, BODY)}", f"t=１,v1={SIGNED}", f"t=²,v1={SIGNED}",
        f"t={'0' * 3}{AT},v1={SIGNED}", f"t={AT}" + ",v1=x" * 8 + f",v1={SIGNED}",
        f"t={AT};v1={SIGNED}", f"t:{AT},v1={SIGNED}", f"T={AT},v1={SIGNED}",
    ],
)  # fmt: skip
def test_any_other_signature_is_refused(header: str) -> None:
    with pytest.raises(WebhookSignatureInvalid):
        check(header)


def test_a_time_of_twelve_digits_is_read() -> None:
    check(f"t=00{AT},v1={SIGNED}")
    with pytest.raises(WebhookSignatureExpired):
        check_signature(f"t={10**11},v1={sign('new', 10**11, BODY)}", BODY, ["new"], AT)


@pytest.mark.parametrize("machine_s", [AT - 300, AT + 300])
def test_a_signature_holds_for_five_minutes_before_and_after(machine_s: int) -> None:
    check(f"t={AT},v1={SIGNED}", machine_s)
    off = 1 if machine_s > AT else -1
    with pytest.raises(WebhookSignatureExpired):
        check(f"t={AT},v1={SIGNED}", machine_s + off)


def sent(
    type_: str = "charge.refunded", envelope: dict[str, Any] | None = None, **content: Any
) -> bytes:
    event = {"id": "evt_1", "type": type_, "created": 7, "data": {"object": content}}
    return json.dumps(event | (envelope or {})).encode()


def test_a_webhook_names_its_object_its_payment_and_our_id() -> None:
    body = sent(id="ch_1", payment_intent="pi_1", metadata={"payment_id": "pay_1"}, amount=5)
    found = read_webhook(body, 9)
    assert found == Webhook("evt_1", "charge.refunded", found.fact, "ch_1", "pi_1", "pay_1", 7, 9)
    assert found.replays == 0


def test_a_payment_is_its_own_intent_and_a_payout_names_ours() -> None:
    paid = read_webhook(sent("payment_intent.succeeded", id="pi_2", payment_intent="pi_1"), 9)
    assert (paid.intent, paid.ours) == ("pi_2", None)
    payout = read_webhook(sent("transfer.created", id="tr_1", metadata={"payout_id": "wdr_1"}), 9)
    assert (payout.intent, payout.ours) == (None, "wdr_1")
    both = {"payment_id": "pay_1", "payout_id": "wdr_1"}
    assert read_webhook(sent(id="x", metadata=both), 9).ours == "pay_1"


def test_an_event_without_an_object_id_is_about_no_object() -> None:
    assert read_webhook(sent(amount=1), 9).about == "none"


def test_a_fact_is_its_type_and_object_whatever_event_tells_it() -> None:
    told = {
        read_webhook(body, now).fact
        for now, body in enumerate(
            [
                sent(id="ch_1", amount=5),
                sent(amount=5, id="ch_1"),
                sent(envelope={"id": "evt_2", "created": 8}, id="ch_1", amount=5),
            ]
        )
    }
    assert len(told) == 1
    assert all(len(fact) == 32 for fact in told)
    others = {
        read_webhook(sent("charge.updated", id="ch_1", amount=5), 0).fact,
        read_webhook(sent(id="ch_1", amount=6), 0).fact,
        read_webhook(sent(id="ch_2", amount=5), 0).fact,
    }
    assert len(others | told) == 4


def test_long_names_are_cut_to_fit_a_key() -> None:
    long = "x" * 300
    found = read_webhook(
        sent(long, {"id": long}, id=long, payment_intent=long, metadata={"payment_id": long}), 9
    )
    lengths = [len(found.event_id), len(found.type), len(found.about)]
    assert lengths == [255, 100, 255]
    assert found.intent == found.ours == "x" * 255


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"{}", sent(envelope={"created": -1}), sent(envelope={"created": 1.5}),
        sent(envelope={"created": 253_402_300_800}), sent(id=1), sent(payment_intent={}),
        sent(metadata=[]), sent(envelope={"data": {"object": []}}),
        sent(envelope={"data": {}}), b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_body_without_an_event_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_webhook(body, 9)
    (field,) = refused.value.fields
    assert (field.field, field.code) == ("body", "unreadable_event")
    assert (field.message.zh, field.message.en) == (
        "无法识别的事件",
        "is not an event that can be read",
    )


def test_the_last_second_of_a_date_is_read() -> None:
    body = sent(envelope={"created": 253_402_300_799})
    assert read_webhook(body, 9).created_at_s == 253_402_300_799


@pytest.mark.parametrize(
    ("type_", "acted"),
    [("payment_intent.succeeded", True), ("charge.dispute.created", True), ("refund.failed", True),
     ("transfer.reversed", True), ("payout.paid", True), ("balance.available", False),
     ("chargeback", False)],
)  # fmt: skip
def test_events_of_moved_money_are_processed(type_: str, acted: bool) -> None:
    assert read_webhook(sent(type_), 0).is_acted_on is acted
