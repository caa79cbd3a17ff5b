"""Slots: made singly or as a series, changed, listed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock
from tests.api import new_key, token
from tests.catalog.stores import left_of, make_slots, new_slot, new_store, slots_of, soon
from tests.world import World


@pytest.fixture
def service(world: World) -> str:
    product_id: str = world.product(kind="service", stock=100)["id"]
    return product_id


def all_slots(world: World, product_id: str) -> Any:
    path = f"/v1/admin/slots?product_id={product_id}&limit=100&from=2026-01-01T00:00:00Z"
    path += "&to=2026-04-01T00:00:00Z"
    first = world.api.get(path, as_=world.ops)
    assert first.status == 200, first.body
    now = clock.rfc3339(clock.now())
    found = world.api.get(
        f"/v1/admin/slots?product_id={product_id}&limit=100&from={now}", as_=world.ops
    )
    return first.body["data"] + found.body["data"]


def test_a_slot_is_shown_with_its_seats(world: World, service: str) -> None:
    store = new_store(world)
    slot = new_slot(world, service, store_id=store["id"])
    assert (slot["capacity"], slot["left"], slot["booked"]) == (2, 2, 0)
    (shown,) = slots_of(world, service)
    assert shown["id"] == slot["id"]
    assert (shown["state"], shown["store_id"]) == ("open", store["id"])
    assert slots_of(world, service, store_id="sto_other") == []


def test_a_weekly_series_keeps_its_time_of_day(world: World, service: str) -> None:
    first = soon(days=2)
    local = first.astimezone(clock.config().time_zone)
    until = (local + timedelta(days=13)).date()
    days = [local.isoweekday(), local.isoweekday() % 7 + 1]
    made = make_slots(
        world,
        service,
        starts_at=clock.rfc3339(first),
        weekly={"days": sorted(days), "until": str(until)},
    )
    assert made.status == 201, made.body
    times = [each["starts_at"] for each in made.body["data"]]
    expected = [first + timedelta(days=each) for each in (0, 1, 7, 8)]
    assert times == [clock.rfc3339(each) for each in expected]
    assert [each["id"] for each in slots_of(world, service)] == [
        each["id"] for each in made.body["data"]
    ]


def test_a_retry_of_a_series_returns_the_same_slots(world: World, service: str) -> None:
    key = new_key()
    first, again = (make_slots(world, service, key=key) for _ in range(2))
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    other = make_slots(world, service, key=key, capacity=9)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert len(slots_of(world, service)) == 1


def test_a_time_that_is_there_refuses_the_whole_series(world: World, service: str) -> None:
    there = soon(days=9)
    new_slot(world, service, starts_at=clock.rfc3339(there))
    local = there.astimezone(clock.config().time_zone)
    answer = make_slots(
        world,
        service,
        starts_at=clock.rfc3339(there - timedelta(days=7)),
        weekly={"days": [local.isoweekday()], "until": str(local.date())},
    )
    assert (answer.status, answer.body["code"]) == (409, "slot_exists")
    assert answer.body["starts_at"] == clock.rfc3339(there)
    assert len(slots_of(world, service)) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"starts_at": "2026-01-01T00:00:00Z"}, 409, "slot_in_the_past"),
        ({"starts_at": "2099-01-01T00:00:00Z"}, 400, "out_of_range"),
        ({"store_id": "sto_none"}, 400, "unknown_store"),
        ({"product_id": "prd_none"}, 400, "unknown_product"),
        ({"weekly": {"days": [1, 2, 3, 4, 5, 6, 7], "until": "2027-06-30"}}, 400, "too_many"),
        ({"weekly": {"days": [1], "until": "2026-01-01"}}, 400, "no_slots"),
        ({"capacity": 0}, 400, None),
        ({"minutes": 0}, 400, None),
    ],
)
def test_slots_that_cannot_be_are_refused(
    world: World, service: str, body: dict[str, Any], status: int, code: str | None
) -> None:
    body = dict(body)
    answer = make_slots(world, body.pop("product_id", service), **body)
    assert answer.status == status, answer.body
    told = answer.body["errors"][0]["code"] if status == 400 else answer.body["code"]
    assert code in (None, told)
    assert slots_of(world, service) == []


def test_goods_have_no_slots(world: World) -> None:
    answer = make_slots(world, world.product()["id"])
    assert (answer.status, answer.body["code"]) == (409, "slots_are_for_services")


def test_a_closed_slot_is_not_offered(world: World, service: str) -> None:
    slot = new_slot(world, service)
    path = f"/v1/admin/slots/{slot['id']}"
    changed = world.api.patch(path, {"closed": True}, as_=world.ops, headers={"If-Match": "1"})
    assert (changed.status, changed.body["state"]) == (200, "closed")
    assert slots_of(world, service) == []
    assert [each["id"] for each in all_slots(world, service)] == [slot["id"]]
    stale = world.api.patch(path, {"closed": False}, as_=world.ops, headers={"If-Match": "1"})
    assert stale.status == 412
    opened = world.api.patch(path, {"closed": False}, as_=world.ops, headers={"If-Match": "2"})
    assert opened.body["state"] == "open"


def test_seats_are_added_and_never_taken_from_bookings(world: World, service: str) -> None:
    slot = new_slot(world, service)
    path = f"/v1/admin/slots/{slot['id']}"
    more = world.api.patch(path, {"capacity": 5}, as_=world.ops, headers={"If-Match": "1"})
    assert (more.body["capacity"], more.body["left"]) == (5, 5)
    assert left_of(slot["id"]) == 5


def test_a_list_of_slots_has_an_end(world: World, service: str) -> None:
    late = world.api.get(
        f"/v1/products/{service}/slots?from=2027-01-01T00:00:00Z&to=2027-06-01T00:00:00Z"
    )
    assert (late.status, late.body["errors"][0]["field"]) == (400, "to")
    turned = world.api.get(
        f"/v1/products/{service}/slots?from=2027-01-01T00:00:00Z&to=2026-12-01T00:00:00Z"
    )
    assert turned.body["errors"][0]["code"] == "not_after_from"
    assert world.api.get("/v1/products/prd_no/slots").status == 404


def test_no_slot_of_the_past_is_offered(world: World, service: str) -> None:
    new_slot(world, service, starts_at=clock.rfc3339(soon()))
    found = world.api.get(f"/v1/products/{service}/slots?from=2000-01-01T00:00:00Z")
    assert (found.status, found.body) == (200, {"data": [], "next_cursor": None})


def test_a_list_of_slots_goes_on_behind_its_cursor(world: World, service: str) -> None:
    slots = [new_slot(world, service, starts_at=clock.rfc3339(soon(days=n))) for n in (1, 2, 3)]
    seen, cursor = [], ""
    while True:
        found = world.api.get(f"/v1/products/{service}/slots?limit=2{cursor}").body
        seen += [each["id"] for each in found["data"]]
        if found["next_cursor"] is None:
            break
        cursor = f"&cursor={found['next_cursor']}"
    assert seen == [each["id"] for each in slots]


def test_only_ops_make_slots(world: World, service: str) -> None:
    member = token(world.member())
    body = {
        "product_id": service,
        "starts_at": clock.rfc3339(soon()),
        "minutes": 60,
        "capacity": 1,
    }
    assert world.api.post("/v1/admin/slots", body, as_=member, key=new_key()).status == 403
    assert world.api.get(f"/v1/admin/slots?product_id={service}", as_=member).status == 403
    assert slots_of(world, service) == []
