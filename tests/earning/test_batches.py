"""Batches of partners' events: each event has its own answer, valid ones are applied."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from chalicelib.earning import queries
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.signatures import sign
from tests.api import Answer, new_key
from tests.earning.shop import account_of, refunded_of, register, sent, with_data
from tests.world import World, new_phone, paid, refunded


@pytest.fixture
def phone() -> str:
    return new_phone()


def told(world: World, *events: Any) -> list[dict[str, Any]]:
    """The answers to a batch, one for each of its events."""
    answers: list[dict[str, Any]] = sent(world, {"events": list(events)})["events"]
    assert len(answers) == len(events)
    return answers


def codes_of(answers: list[dict[str, Any]]) -> list[str]:
    """The status of each event, or the code of its refusal."""
    for each in answers:
        assert ("error" in each) == (each["status"] == "refused")
        if "error" in each:
            assert (each["entries"], each["explain"]) == ([], [])
    return [each["error"]["code"] if "error" in each else each["status"] for each in answers]


def completed(payment: Any) -> Any:
    return {
        **payment,
        "id": f"done-{new_key()}",
        "type": "custom.order_completed",
        "data": {"order_id": payment["data"]["order_id"]},
    }


def test_valid_events_are_applied_beside_refused_ones(world: World, phone: str) -> None:
    member, used = register(phone), paid(phone)
    sent(world, used)
    first, last = paid(phone, amount=100), paid(phone, amount=300)
    batch = [
        first,
        with_data(paid(phone), amount=1.5),
        {**paid(phone), "colour": 1},
        {**paid(phone), "member": {"phone": "12"}},
        {**paid(phone), "occurred_at": "2199-01-01T00:00:00Z"},
        with_data(used, amount=1),
        refunded(used, 19901),
        last,
    ]
    answers = told(world, *batch)
    assert codes_of(answers) == [
        "applied",
        "invalid_request",
        "unknown_field",
        "invalid_request",
        "invalid_request",
        "event_id_reused",
        "refund_exceeds_payment",
        "applied",
    ]
    assert [each["id"] for each in answers] == [each["id"] for each in batch]
    fields = [[error["field"] for error in each["error"]["errors"]] for each in answers[1:-1]]
    wrong = ["data.amount", "colour", "member.phone", "occurred_at", "id", "data"]
    assert fields == [[field] for field in wrong]
    assert answers[6]["error"]["refundable"] == 19900
    assert (world.available(member), account_of(member).seq) == (199 + 1 + 3, 3)
    assert refunded_of(used) == 0
    again = told(world, *batch)
    assert codes_of(again) == ["duplicate", *codes_of(answers)[1:-1], "duplicate"]
    assert (world.available(member), account_of(member).seq) == (203, 3)


def test_a_refusal_in_a_batch_equals_that_of_the_event_alone(world: World, phone: str) -> None:
    register(phone)
    payment = paid(phone)
    sent(world, payment)
    for event in (
        refunded(payment, 20000),
        {**paid(phone), "id": ""},
        with_data(payment, amount=2),
    ):
        (answer,) = told(world, event)
        alone = world.event(event)
        assert alone.headers["Content-Type"] == "application/problem+json"
        beside = {"type", "status", "request_id"}
        assert answer["error"] == {
            name: value for name, value in alone.body.items() if name not in beside
        }


def test_a_refusal_speaks_the_partners_language(world: World, phone: str) -> None:
    raw, at_s = msgspec.json.encode({"events": [{**paid(phone), "id": ""}]}), int(time.time())
    signature = f"t={at_s},v1={sign('secret-of-shop-1', at_s, raw)}"
    headers = {"Jifen-Key": "shop-1", "Jifen-Signature": signature, "Accept-Language": "zh-CN"}
    answer = world.api.request("POST", "/v1/events", raw, headers=headers)
    assert answer.body["events"][0]["error"]["title"] == "请求内容有误"


def test_a_batch_of_refused_events_only_is_answered(world: World) -> None:
    nameless = paid(new_phone())
    del nameless["id"]
    answers = told(
        world,
        1,
        None,
        "text",
        [],
        {},
        nameless,
        {**nameless, "id": 7},
        {**nameless, "id": "x" * 129},
    )
    assert codes_of(answers) == ["invalid_request"] * 8
    assert [each["id"] for each in answers] == [None] * 8


def test_events_of_one_batch_build_on_each_other(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone, amount=10000)
    batch = [
        payment,
        refunded(payment, 6000),
        refunded(payment, 4001),
        completed(payment),
        refunded(payment, 4000),
        refunded(payment, 1),
    ]
    answers = told(world, *batch)
    assert codes_of(answers) == [
        "applied",
        "applied",
        "refund_exceeds_payment",
        "applied",
        "applied",
        "refund_exceeds_payment",
    ]
    assert [answers[at]["error"]["refundable"] for at in (2, 5)] == [4000, 0]
    assert (world.available(member), refunded_of(payment)) == (0, 10000)


def test_a_refused_payment_does_not_block_the_next_one_of_its_order(
    world: World, phone: str
) -> None:
    member, used = register(phone), paid(phone)
    sent(world, used)
    payment = paid(phone, amount=500)
    reused = {**payment, "id": used["id"]}
    assert codes_of(told(world, reused, payment)) == ["event_id_reused", "applied"]
    assert world.available(member) == 199 + 5


def test_an_id_in_a_batch_is_idempotent_across_calls(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone, amount=1000)
    other = with_data(payment, order_id=f"order-{new_key()}")
    answers = told(world, payment, other, payment, {**completed(payment), "id": payment["id"]})
    assert codes_of(answers) == ["applied", "event_id_reused", "duplicate", "event_id_reused"]
    assert (world.available(member), account_of(member).seq) == (10, 1)
    # A refused event is not stored: its id is free for a valid one.
    refund = refunded(payment, 1001)
    answers = told(world, refund, with_data(refund, amount=1000))
    assert codes_of(answers) == ["refund_exceeds_payment", "applied"]
    assert world.available(member) == 0


def test_a_batch_sent_again_after_an_outage_applies_the_rest(
    world: World, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = register(phone)
    batch = [paid(phone, amount=100), {**paid(phone), "id": ""}, paid(phone, amount=200)]

    def fail_at_the_last(original: Any = queries.named_in) -> Any:
        def named_in(event: Any) -> Any:
            if event.id == batch[2]["id"]:
                raise Unavailable()
            return original(event)

        return named_in

    with monkeypatch.context() as patch:
        patch.setattr(queries, "named_in", fail_at_the_last())
        refused: Answer = world.event({"events": batch})
    assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
    assert world.available(member) == 1
    assert codes_of(told(world, *batch)) == ["duplicate", "invalid_request", "applied"]
    assert world.available(member) == 3


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"events": [{"id": "a"}, {"id": ]}', "invalid_json"),
        (b'{"events": [{}], "more": 1}', "unknown_field"),
        (b'{"events": {}}', "invalid_request"),
        (b'{"events": []}', "invalid_request"),
    ],
)
def test_an_invalid_batch_is_refused_as_a_whole(
    world: World, phone: str, raw: bytes, code: str
) -> None:
    member = register(phone)
    raw = raw.replace(b'{"id": "a"}', msgspec.json.encode(paid(phone)))
    at_s = int(time.time())
    signature = f"t={at_s},v1={sign('secret-of-shop-1', at_s, raw)}"
    headers = {"Jifen-Key": "shop-1", "Jifen-Signature": signature}
    answer = world.api.request("POST", "/v1/events", raw, headers=headers)
    assert (answer.status, answer.body["code"]) == (400, code)
    assert account_of(member).seq == 0
