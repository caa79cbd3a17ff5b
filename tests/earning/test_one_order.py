"""Several events of one order: it earns once, and blocks no other waiting event."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chalicelib.earning import actions, queries
from chalicelib.earning.rules import PaidOrder
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.members.actions.registrations import add_identity, enrol
from chalicelib.members.queries import destination_of, identity_hash
from tests.api import new_key
from tests.earning.shop import claim, entries_of, register
from tests.world import World, new_phone, paid


def link(phone: str, member_id: str) -> None:
    writes = WriteSet()
    add_identity(
        writes,
        member_id,
        ids.new_id("idn"),
        destination_of(phone=phone),
        now_ms=clock.to_ms(clock.now()),
    )
    writes.commit()


def waiting(phone: str) -> int:
    return len(list(queries.unmatched_of(identity_hash(phone=phone))))


def twin_of(event: Any, **member: str) -> Any:
    return {**event, "id": f"{event['id']}:{new_key()}", "member": member}


def test_an_order_sent_twice_in_a_batch_earns_for_the_first_member(world: World) -> None:
    first, second = new_phone(), new_phone()
    known, event = register(second), paid(first)
    answer = world.event({"events": [event, twin_of(event, phone=second)]})
    assert answer.status == 200
    assert [each["entries"] for each in answer.body["events"]] == [[], []]
    assert (entries_of(register(first)), entries_of(known)) == (1, 0)


def test_only_one_of_two_strangers_in_a_batch_waits_for_an_order(world: World) -> None:
    first, second = new_phone(), new_phone()
    event = paid(first)
    world.event({"events": [event, twin_of(event, phone=second)]})
    assert (waiting(first), waiting(second)) == (1, 0)
    assert (entries_of(register(first)), entries_of(register(second))) == (1, 0)


def test_only_one_of_two_concurrent_strangers_waits_for_an_order(world: World) -> None:
    phones, order_id = [new_phone() for _ in range(6)], f"order-{new_key()}"

    def send(phone: str) -> str:
        name = f"{order_id}:{phone}"
        order = PaidOrder(
            id=name,
            order_id=order_id,
            amount=19900,
            currency="CNY",
            occurred_at_ms=clock.to_ms(clock.now()),
            digest=ids.digest(name.encode()),
            member_id=None,
            identity=identity_hash(phone=phone),
        )
        return actions.receive("shop-1", order, clock.now()).status

    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(send, phones)) == {"unmatched"}
    assert sorted(map(waiting, phones)) == [0, 0, 0, 0, 0, 1]


def test_waiting_events_go_to_the_identitys_current_holder(world: World) -> None:
    former, phone = world.member(), new_phone()
    world.event(paid(phone))
    claim(phone, former)
    assert (waiting(phone), entries_of(former)) == (1, 0)
    holder = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    claim(phone, former)
    assert (waiting(phone), entries_of(former), entries_of(holder)) == (0, 0, 1)


def test_a_waiting_event_of_an_order_that_has_earned_is_closed(world: World) -> None:
    member, phone = world.member(), new_phone()
    event = paid(phone)
    assert world.event(twin_of(event, member_id=member)).body["status"] == "applied"
    for each in (event, paid(phone, amount=500)):
        assert world.event(each).body["status"] == "unmatched"
    link(phone, member)
    claim(phone, member)
    assert waiting(phone) == 0
    assert world.available(member) == 199 + 5
    assert entries_of(member) == 2
