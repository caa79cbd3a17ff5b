"""The items of an event are stored in its record if they fit, else in an item of their own."""

from __future__ import annotations

import random
import string
from typing import Any

import pytest

from chalicelib.earning import queries
from chalicelib.earning.rules import SoldItem
from chalicelib.earning.tables import ITEMS, ROOM_BYTES, EventItem, SoldItemsItem
from infra.bench.write_units import item_size
from tests.earning.shop import register, sent
from tests.world import World, new_phone, paid, refunded

CHOICE = random.Random(7)


@pytest.fixture
def phone() -> str:
    return new_phone()


def item(number: int, amount: int = 100, **more: Any) -> dict[str, Any]:
    return {"sku": f"TEE-{number}", "amount": amount, "quantity": 1, **more}


def longest(number: int) -> dict[str, Any]:
    """An item whose names are at their longest, in four bytes a character, and do not repeat."""
    names = {
        name: "".join(chr(CHOICE.randrange(0x20000, 0x2A6D0)) for _ in range(64))
        for name in ("sku", "category", "brand")
    }
    return {**names, "amount": 10**9 - number, "quantity": 10**6}


def sold(*items: dict[str, Any]) -> tuple[SoldItem, ...]:
    return tuple(SoldItem(**each) for each in items)


def with_items(event: Any, *items: dict[str, Any]) -> Any:
    """The event with these items, and their sum as its amount; without items, as it is."""
    amount = sum(each["amount"] for each in items) or event["data"]["amount"]
    return {**event, "data": {**event["data"], "amount": amount, "items": list(items)}}


def record_of(event: Any) -> EventItem:
    found = queries.find_event("shop-1", event["id"])
    assert found is not None
    return found


def stand_apart(event: Any) -> bool:
    return SoldItemsItem.find(EventItem.key("shop-1", event["id"])[0], ITEMS) is not None


def test_a_few_items_are_kept_in_the_record_of_their_event(world: World, phone: str) -> None:
    register(phone)
    told = [item(1, category="apparel", brand="acme"), item(2)]
    event = with_items(paid(phone), *told)
    answer = sent(world, event)
    record = record_of(event)
    assert queries.items_of(record) == sold(*told)
    assert (record.sold_apart, stand_apart(event)) == (None, False)
    assert sent(world, event) == {**answer, "status": "duplicate"}


def test_an_event_without_items_keeps_none(world: World, phone: str) -> None:
    register(phone)
    event = with_items(paid(phone))
    sent(world, event)
    assert queries.items_of(record_of(event)) == ()


@pytest.mark.parametrize("registered", [True, False])
def test_many_items_are_kept_in_an_item_of_their_own(
    world: World, phone: str, registered: bool
) -> None:
    if registered:
        register(phone)
    letters = string.ascii_uppercase
    told = [item(n, category="".join(CHOICE.choices(letters, k=20))) for n in range(200)]
    event = with_items(paid(phone), *told)
    answer = sent(world, event)
    assert answer["status"] == ("applied" if registered else "unmatched")
    record = record_of(event)
    assert (record.sold_apart, record.sold) == (200, None)
    assert queries.items_of(record) == sold(*told)
    again = sent(world, event)
    assert again["status"] == ("duplicate" if registered else "unmatched")
    assert again["entries"] == answer["entries"]
    changed = world.event(with_items(event, *told[1:]))
    assert (changed.status, changed.body["code"]) == (409, "event_id_reused")
    assert queries.items_of(record_of(event)) == sold(*told)


def test_the_items_of_the_largest_event_are_kept_whole(world: World, phone: str) -> None:
    register(phone)
    told = [longest(number) for number in range(200)]
    event = with_items(paid(phone), *told)
    assert sent(world, event)["status"] == "applied"
    assert queries.items_of(record_of(event)) == sold(*told)
    kept = SoldItemsItem("EVT#".ljust(160, "x"), ITEMS, sold=sold(*told))
    assert item_size(kept.serialize()) < 250_000


def test_a_record_with_its_items_stays_below_a_kilobyte(world: World) -> None:
    event = EventItem(
        *EventItem.key("p" * 20, "e" * 128),
        event_id="e" * 128,
        order_id="o" * 64,
        amount=10**12,
        currency="CNY",
        occurred_at=10**13,
        rule="purchases",
        points=10**10,
        reason="waiting_for_payment",
        digest=bytes(12),
        member_id=f"mbr_{'m' * 26}",
    )
    assert item_size(event.serialize()) + len("sold") + ROOM_BYTES < 1024


def test_a_waiting_refund_keeps_its_items(world: World, phone: str) -> None:
    register(phone)
    event = paid(phone, amount=400)
    many = [item(number, 1) for number in range(200)]
    first, second = refunded(event, items=many), refunded(event, items=[item(1, 150)])
    for refund in (first, second):
        assert sent(world, refund)["status"] == "unmatched"
    sent(world, event)
    assert record_of(first).reason == record_of(second).reason == "refunded"
    assert queries.items_of(record_of(first)) == sold(*many)
    assert queries.items_of(record_of(second)) == sold(item(1, 150))
    last = refunded(event, items=[item(2, 50)])
    assert sent(world, last)["status"] == "applied"
    assert queries.items_of(record_of(last)) == sold(item(2, 50))


def test_a_refund_that_is_dropped_leaves_no_items(world: World, phone: str) -> None:
    register(phone)
    event = paid(phone, amount=100)
    letters = string.ascii_uppercase
    refund = refunded(
        event, items=[{**item(n), "sku": "".join(CHOICE.choices(letters, k=30))} for n in range(60)]
    )
    assert sent(world, refund)["status"] == "unmatched"
    assert stand_apart(refund)
    sent(world, event)
    assert queries.find_event("shop-1", refund["id"]) is None
    assert not stand_apart(refund)


def test_a_refund_that_is_refused_keeps_no_items(world: World, phone: str) -> None:
    register(phone)
    event = paid(phone, amount=100)
    sent(world, event)
    refund = refunded(event, items=[item(number) for number in range(200)])
    assert world.event(refund).status == 409
    assert queries.find_event("shop-1", refund["id"]) is None
    assert not stand_apart(refund)
