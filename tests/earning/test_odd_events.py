"""Events that tell what cannot be are refused by the name of the field, and leave no trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.earning import queries
from chalicelib.kernel import clock
from tests.earning.shop import entries_of, register
from tests.world import World, new_phone, paid, refunded

ITEM = {"sku": "ODD-1", "amount": 400, "quantity": 1}
Odd = Callable[[Any], None]


def at(moved: timedelta) -> Odd:
    return lambda event: event.update(occurred_at=clock.rfc3339(clock.now() + moved))


def telling(**data: Any) -> Odd:
    return lambda event: event["data"].update(data)


ODD: dict[str, tuple[Odd, str, str]] = {
    "from the future": (at(timedelta(hours=1)), "occurred_at", "in_the_future"),
    "too old": (at(timedelta(days=-401)), "occurred_at", "too_old"),
    "in no currency": (telling(currency="XYZ"), "data.currency", "unknown_currency"),
    "with items below its amount": (
        telling(amount=500, items=[ITEM]),
        "data.amount",
        "not_the_sum",
    ),
    "with items above its amount": (
        telling(amount=500, items=[ITEM, ITEM]),
        "data.amount",
        "not_the_sum",
    ),
}


@pytest.fixture
def phone() -> str:
    return new_phone()


def assert_refused(world: World, odd: Any, field: str, code: str) -> None:
    """Alone, in a batch and in a dry run; nothing of it is kept."""
    told = (400, [(field, code)])
    for path in ("/v1/events", "/v1/events?dry_run=true"):
        answer = world.partner("POST", path, odd)
        faults = [(each["field"], each["code"]) for each in answer.body["errors"]]
        assert (answer.status, faults) == told
    (one,) = world.event({"events": [odd]}).body["events"]
    assert [(each["field"], each["code"]) for each in one["error"]["errors"]] == told[1]
    assert queries.find_event("shop-1", odd["id"]) is None


@pytest.mark.parametrize("case", ODD)
def test_an_odd_payment_is_refused_and_its_id_is_free_for_the_right_one(
    world: World, phone: str, case: str
) -> None:
    change, field, code = ODD[case]
    member, right = register(phone), paid(phone)
    odd = {**right, "data": dict(right["data"])}
    change(odd)
    assert_refused(world, odd, field, code)
    assert entries_of(member) == 0
    assert world.event(right).body["status"] == "applied"
    assert entries_of(member) == 1


@pytest.mark.parametrize("case", ODD)
def test_an_odd_refund_is_refused_and_takes_nothing(world: World, phone: str, case: str) -> None:
    change, field, code = ODD[case]
    member, payment = register(phone), paid(phone)
    assert world.event(payment).body["status"] == "applied"
    before = world.available(member)
    right = refunded(payment, 100)
    odd = {**right, "data": dict(right["data"])}
    change(odd)
    assert_refused(world, odd, field, code)
    assert (world.available(member), entries_of(member)) == (before, 1)
    assert world.event(right).body["status"] == "applied"
