"""Bookings of slots: a seat in the order's transaction, moved and given back."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from chalicelib.kernel import clock
from tests.api import new_key, token
from tests.catalog.stores import left_of, new_store, soon
from tests.orders.booked import Booked, Service
from tests.orders.placed import place
from tests.world import World


@pytest.fixture
def service(world: World) -> Service:
    return Service(world)


def booked_in(world: World, slot_id: str) -> list[str]:
    found = world.api.get(f"/v1/admin/slots/{slot_id}/bookings", as_=world.ops)
    assert found.status == 200, found.body
    return [each["order_id"] for each in found.body["data"]]


def test_an_order_takes_seats_of_its_slot(service: Service) -> None:
    slot = service.slot()
    order = Booked.of(service, slot, 2)
    assert left_of(slot) == 0
    shown = order.show()
    assert (shown["status"], shown["status_text"]) == ("approved", "To be used")
    assert shown["store_id"] == service.store
    assert shown["booking"]["until"] > shown["booking"]["at"]
    assert booked_in(service.world, slot) == [order.id]


def test_a_retry_of_a_booking_takes_no_second_seat(service: Service) -> None:
    slot, member, key = service.slot(), service.world.member(1000), new_key()
    first, again = (service.book(slot, member, key=key) for _ in range(2))
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert left_of(slot) == 1


def refused(service: Service, slot: str, code: str, status: int = 409, **other: Any) -> Any:
    """Assert the refusal of a booking and that nothing has changed."""
    member = service.world.member(1000)
    before = service.world.stock(service.sku)
    answer = service.book(slot, member, **other)
    assert answer.status == status, answer.body
    told = answer.body["errors"][0]["code"] if status == 400 else answer.body["code"]
    assert told == code
    assert service.world.available(member) == 1000
    assert service.world.stock(service.sku) == before
    return answer.body


def test_a_full_slot_is_refused(service: Service) -> None:
    slot = service.slot(capacity=1)
    refused(service, slot, "slot_full", quantity=2)
    Booked.of(service, slot)
    refused(service, slot, "slot_full")
    assert left_of(slot) == 0


def test_a_slot_in_the_past_is_refused(service: Service, time: Any) -> None:
    slot = service.slot(starts_at=clock.rfc3339(soon(hours=1)))
    time.advance(hours=1)
    refused(service, slot, "slot_in_the_past")
    assert left_of(slot) == 2


def test_a_member_has_a_slot_once(service: Service) -> None:
    slot, member = service.slot(capacity=5), service.world.member(1000)
    assert service.book(slot, member).status == 201
    twice = service.book(slot, member)
    assert (twice.status, twice.body["code"]) == (409, "slot_booked_already")
    assert left_of(slot) == 4
    assert service.world.available(member) == 900


def test_a_closed_slot_is_refused(service: Service) -> None:
    slot = service.slot()
    service.world.api.patch(
        f"/v1/admin/slots/{slot}",
        {"closed": True},
        as_=service.world.ops,
        headers={"If-Match": "1"},
    )
    refused(service, slot, "slot_closed")


def test_slots_that_are_none_are_refused(service: Service) -> None:
    other = Service(service.world)
    refused(service, other.slot(), "other_product", 400)
    refused(service, "slt_none", "unknown_slot", 400)
    another = new_store(service.world)["id"]
    refused(service, service.slot(), "other_store", 400, pickup_store_id=another)


def test_goods_that_are_no_service_take_no_booking(service: Service) -> None:
    slot, world = service.slot(), service.world
    member, wishes = world.member(1000), [{"at": "2099-01-01T00:00:00Z"}, {"slot_id": slot}]
    for sku in (world.sku(), world.sku(kind="virtual")):
        before = world.stock(sku)
        for wish in wishes:
            wanted = {"items": [{"sku": sku, "quantity": 1}], "booking": wish}
            quoted = world.api.post("/v1/orders/quote", wanted, as_=token(member))
            for answer in (quoted, place(world, member, sku, booking=wish)):
                [error] = answer.body["errors"]
                assert (answer.status, error["field"]) == (400, "booking")
                assert error["code"] == "not_for_this_kind"
        assert (world.available(member), world.stock(sku)) == (1000, before)
    assert left_of(slot) == 2


def test_a_booking_beside_other_kinds_is_of_the_service(service: Service) -> None:
    world = service.world
    items = [{"sku": sku, "quantity": 1} for sku in (world.sku(), service.sku)]
    wanted = {"items": items, "booking": {"slot_id": service.slot()}}
    quoted = world.api.post("/v1/orders/quote", wanted, as_=token(world.member(1000)))
    assert quoted.status == 200, quoted.body
    assert {each["kind"] for each in quoted.body["groups"]} == {"physical", "service"}


def test_a_service_with_slots_takes_no_free_time(service: Service) -> None:
    free = {"booking": {"at": "2099-01-01T00:00:00Z"}}
    world, member = service.world, service.world.member(1000)
    assert place(world, member, service.sku, **free).status == 201
    slot = service.slot()
    answer = place(world, member, service.sku, **free)
    assert (answer.status, answer.body["code"]) == (409, "slot_required")
    none = place(world, member, service.sku)
    assert (none.status, none.body["errors"][0]["code"]) == (400, "booking_required")
    both = place(world, member, service.sku, booking={**free["booking"], "slot_id": slot})
    assert both.body["errors"][0]["code"] == "exactly_one"
    assert left_of(slot) == 2


def test_a_quote_tells_that_a_slot_is_full(service: Service) -> None:
    slot = service.slot(capacity=1)
    body = {
        "items": [{"sku": service.sku, "quantity": 2}],
        "booking": {"slot_id": slot},
    }
    answer = service.world.api.post("/v1/orders/quote", body, as_=token(service.world.member(1000)))
    assert (answer.status, answer.body["code"]) == (409, "slot_full")


def test_a_booking_moves_to_another_slot(service: Service) -> None:
    first, second = service.slot(), service.slot(starts_at=clock.rfc3339(soon(days=3)))
    order, key = Booked.of(service, first), new_key()
    moved, again = (order.reschedule({"slot_id": second}, key) for _ in range(2))
    assert moved.status == 200, moved.body
    assert moved.body["booking"]["at"] == clock.rfc3339(soon(days=3))
    assert again.body == moved.body
    assert (left_of(first), left_of(second)) == (2, 1)
    assert booked_in(service.world, first) == []
    assert booked_in(service.world, second) == [order.id]
    assert moved.body["timeline"][-1]["note"] == "Rescheduled"
    reused = order.reschedule({"slot_id": first}, key)
    assert (reused.status, reused.body["code"]) == (409, "idempotency_key_reused")


def test_a_booking_does_not_move_where_it_cannot(service: Service) -> None:
    first = service.slot()
    full = service.slot(starts_at=clock.rfc3339(soon(days=3)), capacity=1)
    Booked.of(service, full)
    order = Booked.of(service, first)
    before = order.stands()
    for slot, code in ((full, "slot_full"), (first, "slot_booked_already")):
        answer = order.reschedule({"slot_id": slot})
        assert (answer.status, answer.body["code"]) == (409, code)
    free = order.reschedule({"at": "2099-01-01T00:00:00Z"})
    assert free.body["code"] == "slot_required"
    path = f"/v1/orders/{order.id}/reschedule"
    stranger = token(service.world.member())
    body = {"slot_id": full}
    assert service.world.api.post(path, body, as_=stranger, key=new_key()).status == 404
    assert order.stands() == before
    assert (left_of(first), left_of(full)) == (1, 0)


def test_a_member_moves_a_booking_in_time_and_the_staff_later(service: Service, time: Any) -> None:
    first = service.slot(starts_at=clock.rfc3339(soon(hours=4)))
    second = service.slot(starts_at=clock.rfc3339(soon(days=3)))
    order = Booked.of(service, first)
    time.advance(hours=3)
    late = order.reschedule({"slot_id": second})
    assert (late.status, late.body["code"]) == (409, "reschedule_closed")
    assert left_of(first) == 1
    moved = order.staff("reschedule", {"slot_id": second, "reason": "技师请假"})
    assert moved.status == 200, moved.body
    assert (left_of(first), left_of(second)) == (2, 1)


def test_a_refund_gives_the_seat_back(service: Service) -> None:
    slot = service.slot()
    order = Booked.of(service, slot, 2)
    line = {"sku": service.sku, "quantity": 1}
    assert order.staff("refunds", {"reason": "一人不来", "lines": [line]}).status == 201
    assert left_of(slot) == 1
    assert booked_in(service.world, slot) == [order.id]
    assert order.staff("refunds", {"reason": "都不来"}).status == 201
    assert left_of(slot) == 2
    assert booked_in(service.world, slot) == []
    assert order.left() == 1000


def test_slots_are_never_overbooked_and_every_seat_is_had(service: Service) -> None:
    slot = service.slot(capacity=5)
    members = [service.world.member(1000) for _ in range(16)]
    answers: list[int] = []

    def buy(member: str) -> None:
        answers.append(service.book(slot, member).status)

    threads = [threading.Thread(target=buy, args=(each,)) for each in members]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    taken = answers.count(201)
    assert set(answers) <= {201, 409, 503}
    assert left_of(slot) == 5 - taken
    assert taken <= 5
    for member in members:
        if left_of(slot):
            service.book(slot, member)
    assert left_of(slot) == 0
    assert len(booked_in(service.world, slot)) == 5
