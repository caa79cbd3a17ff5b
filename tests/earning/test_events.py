"""Partners' events over the signed API: recorded, applied once, kept for later registrations."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from chalicelib import ledger
from chalicelib.earning import actions, events, queries
from chalicelib.earning.routes.bodies import read_event
from chalicelib.earning.rules import PaidOrder
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of, identity_hash
from tests.api import new_key
from tests.earning.shop import entries_of
from tests.facts import made
from tests.world import World, new_phone, paid


def register(phone: str) -> str:
    return enrol(destination_of(phone=phone), roles=(), now=clock.now())


@pytest.fixture
def phone() -> str:
    return new_phone()


def test_a_paid_order_earns_a_point_for_each_yuan(world: World, phone: str) -> None:
    member = register(phone)
    event = paid(phone, amount=19999)
    answer = world.event(event)
    assert answer.status == 200
    assert (answer.body["id"], answer.body["status"]) == (event["id"], "applied")
    (entry,) = answer.body["entries"]
    assert (entry["type"], entry["points"], entry["balance_after"]) == ("accrual", 199, 199)
    assert sum(posting["points"] for posting in entry["postings"]) == 0
    assert answer.body["explain"] == [
        {"rule_id": "purchases", "matched": True, "points": 199, "reason": "matched"}
    ]
    assert world.available(member) == 199


def test_an_event_sent_again_earns_once_and_gets_the_same_answer(world: World, phone: str) -> None:
    member, event = register(phone), paid(phone)
    first = world.event(event)
    again = world.event(event)
    assert again.body == {**first.body, "status": "duplicate"}
    assert entries_of(member) == 1


def test_a_second_event_for_the_same_order_earns_nothing_more(world: World, phone: str) -> None:
    member, event = register(phone), paid(phone)
    first = world.event(event)
    twin = world.event({**event, "id": event["id"] + ":again"})
    assert (twin.status, twin.body["status"]) == (200, "duplicate")
    assert twin.body["entries"] == first.body["entries"]
    assert entries_of(member) == 1


def test_an_event_id_with_other_content_is_refused(world: World, phone: str) -> None:
    member, event = register(phone), paid(phone)
    world.event(event)
    changed = {**event, "data": {**event["data"], "amount": 1}}
    answer = world.event(changed)
    assert (answer.status, answer.body["code"]) == (409, "event_id_reused")
    assert answer.body["errors"][0]["field"] == "id"
    assert entries_of(member) == 1


def test_two_partners_may_use_the_same_ids(world: World, phone: str) -> None:
    member, event = register(phone), paid(phone)
    world.event(event)
    other = world.event(event, partner="shop-2", secret="secret-2")
    assert other.body["status"] == "applied"
    assert entries_of(member) == 2


def test_less_than_a_yuan_makes_no_entry(world: World, phone: str) -> None:
    member, event = register(phone), paid(phone, amount=99)
    first = world.event(event)
    assert (first.body["status"], first.body["entries"]) == ("applied", [])
    assert first.body["explain"][0]["reason"] == "below_one_point"
    twin = world.event({**event, "id": new_key(), "data": {**event["data"], "amount": 500}})
    assert (twin.body["status"], twin.body["entries"]) == ("duplicate", [])
    assert entries_of(member) == 0


def test_an_unmatched_event_waits_for_its_member(world: World, phone: str) -> None:
    event = paid(phone)
    assert world.event(event).body["status"] == "unmatched"
    assert world.event(event).body["status"] == "unmatched"
    member = register(phone)
    identity = identity_hash(phone=phone)
    fact = made("x", "member.identity_added", "", {"member_id": member, "identity": identity})
    events.claim_waiting(fact)
    events.claim_waiting(fact)
    assert world.available(member) == 199
    assert list(queries.unmatched_of(identity)) == []
    again = world.event(event)
    assert again.body["status"] == "duplicate"
    assert again.body["entries"][0]["points"] == 199
    assert entries_of(member) == 1


def test_two_waiting_events_of_one_order_earn_once(world: World, phone: str) -> None:
    event = paid(phone)
    twin = {**event, "id": event["id"] + ":again"}
    answer = world.event({"events": [event, twin]})
    assert [each["status"] for each in answer.body["events"]] == ["unmatched", "unmatched"]
    member, identity = register(phone), identity_hash(phone=phone)
    data = {"member_id": member, "identity": identity}
    events.claim_waiting(made("x", "member.identity_added", "", data))
    assert entries_of(member) == 1
    assert list(queries.unmatched_of(identity)) == []
    for sent in (event, twin):
        again = world.event(sent)
        assert (again.status, again.body["status"]) == (200, "duplicate")
        assert again.body["entries"][0]["points"] == 199
    assert entries_of(member) == 1


def test_a_retry_after_a_registration_applies_the_event_at_once(world: World, phone: str) -> None:
    event = paid(phone)
    world.event(event)
    member = register(phone)
    assert world.event(event).body["entries"][0]["points"] == 199
    assert entries_of(member) == 1


def test_a_retry_finishes_after_a_crash_between_recording_and_applying(
    world: World, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, event = register(phone), paid(phone)
    with monkeypatch.context() as patch:

        def crash(*_: Any) -> None:
            raise Unavailable()

        patch.setattr(ledger, "accrue", crash)
        assert world.event(event).status == 503
    assert entries_of(member) == 0
    assert world.event(event).body["status"] == "applied"
    assert entries_of(member) == 1


def test_the_answers_of_a_batch_are_in_its_order(world: World, phone: str) -> None:
    member = register(phone)
    batch = [paid(phone, amount=100 * n) for n in range(1, 6)] + [paid(new_phone())]
    answer = world.event({"events": [*batch, batch[0]]})
    assert answer.status == 200
    assert [event["id"] for event in answer.body["events"]] == [
        event["id"] for event in [*batch, batch[0]]
    ]
    assert [event["status"] for event in answer.body["events"]] == [
        *["applied"] * 5,
        "unmatched",
        "duplicate",
    ]
    assert world.available(member) == 15


def test_a_batch_of_100_is_taken_and_101_are_not(world: World, phone: str) -> None:
    register(phone)
    batch = [paid(phone, amount=100) for _ in range(101)]
    refused = world.event({"events": batch})
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "events")
    taken = world.event({"events": batch[:100]})
    assert {event["status"] for event in taken.body["events"]} == {"applied"}


def test_concurrent_copies_of_an_event_earn_once(world: World, phone: str) -> None:
    member, event = register(phone), paid(phone)
    (order,) = [_as_paid_order(event)]

    def send(_: int) -> str:
        return actions.receive("shop-1", order, clock.now()).status

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(send, range(16)))
    assert entries_of(member) == 1
    assert statuses.count("applied") == 1


def _as_paid_order(event: Any) -> PaidOrder:
    made = read_event(msgspec.json.encode(event), clock.now(), "shop")
    assert isinstance(made, PaidOrder)
    return made


def mangled(**changes: Any) -> Any:
    return {**paid("+8613800138000"), **changes}


DATA = {"order_id": "o", "currency": "CNY", "amount": 100}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (mangled(type="order.shipped"), "type"),
        (mangled(id=""), "id"),
        (mangled(id="x" * 129), "id"),
        (mangled(occurred_at="2026-11-21 08:00"), "occurred_at"),
        (mangled(occurred_at="2026-11-21T08:00:00"), "occurred_at"),
        (mangled(occurred_at="2199-01-01T00:00:00Z"), "occurred_at"),
        (mangled(member={}), "member"),
        (mangled(member={"phone": "+8613800138000", "email": "a@b.cn"}), "member"),
        (mangled(member={"phone": "12"}), "member.phone"),
        (mangled(member={"email": "nobody"}), "member.email"),
        (mangled(member={"wechat": "x"}), "member.wechat"),
        (mangled(data={**DATA, "amount": 1.5}), "data.amount"),
        (mangled(data={**DATA, "amount": True}), "data.amount"),
        (mangled(data={**DATA, "amount": -1}), "data.amount"),
        (mangled(data={**DATA, "amount": 10**30}), "data.amount"),
        (mangled(data={**DATA, "currency": "yuan"}), "data.currency"),
        (mangled(data={"currency": "CNY", "amount": 1}), "data.order_id"),
        (mangled(extra=1), "extra"),
        ({"events": []}, "events"),
        ({"events": [mangled()], "more": 1}, "more"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_the_field(world: World, body: Any, field: str) -> None:
    answer = world.event(body)
    assert answer.status == 400, answer.body
    assert answer.body["errors"][0]["field"] == field


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 50_000, b"null", b"[]"])
def test_a_malformed_event_is_refused(world: World, raw: bytes) -> None:
    from chalicelib.kernel.signatures import sign

    at_s = int(time.time())
    headers = {
        "Jifen-Key": "shop-1",
        "Jifen-Signature": f"t={at_s},v1={sign('secret-of-shop-1', at_s, raw)}",
    }
    answer = world.api.request("POST", "/v1/events", raw, headers=headers)
    assert answer.status == 400


def test_a_bad_signature_is_refused_and_writes_nothing(world: World, phone: str) -> None:
    member, event = register(phone), paid(phone)
    for answer in (
        world.event(event, secret="guess"),
        world.event(event, partner="nobody"),
        world.event(event, partner="shop-2"),
        world.event(event, at_s=int(time.time()) - 301),
        world.event(event, at_s=int(time.time()) + 302),
        world.api.post("/v1/events", event),
    ):
        assert answer.status == 401
        assert answer.body["code"] in ("signature_invalid", "signature_expired")
    assert entries_of(member) == 0


def test_the_earning_rules_are_described_in_both_languages(world: World) -> None:
    answer = world.api.get("/v1/earning-rules")
    assert answer.status == 200
    assert "1 point" in answer.body["data"][0]["text"]
