"""Facts and notices of bookings and vouchers."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns import PurchaseChanged
from chalicelib.kernel import clock
from chalicelib.notify.rules.choosing import news_of
from chalicelib.notify.rules.orders import texts_of
from chalicelib.orders.actions import counter
from chalicelib.orders.events import facts_of
from chalicelib.orders.queries.orders import get_order
from tests.catalog.stores import new_store, soon
from tests.orders.booked import Booked, Service, sweep
from tests.orders.streamed import change
from tests.settings import changed
from tests.world import World


def told_by(order: Booked, act: Any) -> list[tuple[str, str]]:
    """The facts of an act, each with its notice in English."""
    before = get_order(order.id)
    act()
    facts = facts_of(change(before, get_order(order.id)))
    found: list[Any] = [
        (fact.type, news_of(fact.data)) for fact in facts if fact.type != PurchaseChanged.TYPE
    ]
    return [(kind, texts_of(news, "en")[1]) for kind, news in found]


def test_another_time_and_a_missed_one_are_told(world: World, time: Any) -> None:
    service = Service(world)
    order = Booked.of(service, service.slot(starts_at=clock.rfc3339(soon(hours=4))))
    later = service.slot(starts_at=clock.rfc3339(soon(hours=9)))
    (moved,) = told_by(order, lambda: order.reschedule({"slot_id": later}))
    assert moved[0] == "order.rescheduled"
    assert "was moved for" in moved[1]
    time.advance(hours=30)
    (missed,) = told_by(order, sweep)
    assert missed[0] == "order.missed"
    assert "choose another" in missed[1]


def test_a_forfeited_voucher_is_not_told_as_used(
    world: World, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = changed(voucher_lapse="forfeit")
    monkeypatch.setattr(counter, "config", lambda: made)
    order = Booked.to_fetch(world, new_store(world)["id"], world.sku())
    time.advance(days=92)
    (lapsed,) = told_by(order, sweep)
    assert lapsed[0] == "order.completed"
    assert "was not used in time" in lapsed[1]


def test_goods_to_fetch_are_told_with_the_store(world: World) -> None:
    order = Booked.to_fetch(world, new_store(world)["id"], world.sku(), approved=False)
    order.staff("take")
    (approved,) = told_by(order, lambda: order.staff("approve"))
    assert "can be picked up at the store" in approved[1]
