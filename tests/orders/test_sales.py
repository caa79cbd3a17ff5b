"""How goods sell is counted from their orders, and told to the staff without a scan."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.clock import from_ms, program_day
from chalicelib.orders import events
from chalicelib.orders.actions import sales
from chalicelib.orders.queries import sales as counted
from chalicelib.orders.queries.orders import get_order
from tests.api import token
from tests.orders.placed import Placed, to_approved
from tests.orders.streamed import change
from tests.world import World

PATH = "/v1/admin/reports/sellers"


def report(world: World, **asked: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in world.api.listed(f"{PATH}?{urlencode(asked)}", as_=token("mbr_ops", "ops")):
        assert each["product_id"] not in found
        found[each["product_id"]] = each
    return found


def product_of(order: Placed) -> str:
    return get_order(order.id).lines[0].product_id


def test_a_product_is_told_with_its_units_its_stock_and_its_cost(world: World) -> None:
    cost = {"amount": 250, "currency": "CNY"}
    sold, undone = Placed(world, stock=10, cost=cost), Placed(world, stock=10, cost=cost)
    assert undone.own("cancel").status == 200
    sales.rank_goods(clock.now())
    found = report(world)
    seen = found[product_of(sold)]
    assert (seen["units"], seen["cost"]) == (2, 500)
    assert (seen["stock"], seen["stock_cost"], seen["turnover"]) == (8, 2000, 25)
    assert (seen["days_left"], seen["suggested"]) == (120, False)
    assert seen["last_sold"] == str(program_day(from_ms(get_order(sold.id).created_at_ms)))
    nothing = found[product_of(undone)]
    assert (nothing["units"], nothing["days_left"], nothing["last_sold"]) == (0, None, None)
    order = list(found)
    assert order.index(product_of(undone)) < order.index(product_of(sold))
    assert list(report(world, sort="quickest")) == order[::-1]


def test_a_cancel_that_comes_late_is_counted_by_the_next_run(world: World, time: Any) -> None:
    order = Placed(world, stock=10)
    day = program_day(from_ms(get_order(order.id).created_at_ms))
    sales.rank_goods(clock.now())
    assert counted.sold_on(day)[product_of(order)].units == 2
    time.advance(days=10)
    sales.rank_goods(clock.now())
    assert report(world)[product_of(order)]["units"] == 2
    assert report(world, days="7")[product_of(order)]["units"] == 0
    before = get_order(order.id)
    assert order.own("cancel").status == 200
    facts = events.facts_of(change(before, get_order(order.id)))
    [fact] = [each for each in facts if each.type == "order.cancelled"]
    for _ in range(2):
        events.FULFILMENT[type(fact.data)](fact)
    assert day in counted.dirty_days()
    sales.rank_goods(clock.now())
    assert day not in counted.dirty_days()
    assert report(world)[product_of(order)]["units"] == 0


def test_what_hardly_sells_is_suggested_for_removal(world: World, time: Any) -> None:
    order = Placed(world, stock=10_000)
    to_approved(order)
    sales.rank_goods(clock.now())
    time.advance(days=31)
    sales.rank_goods(clock.now())
    suggested = report(world, suggested="true", days="90")
    assert suggested[product_of(order)]["days_left"] > 365
    assert all(each["suggested"] for each in suggested.values())


def test_whoever_turns_pages_stays_in_one_report_until_the_next_but_one(world: World) -> None:
    for _ in range(2):
        Placed(world)
    sales.rank_goods(clock.now())
    first = world.api.get(f"{PATH}?limit=1", as_=world.ops).body
    assert first["made_at"]
    sales.rank_goods(clock.now())
    path = f"{PATH}?limit=1&cursor={first['next_cursor']}"
    assert world.api.get(path, as_=world.ops).status == 200
    sales.rank_goods(clock.now())
    again = world.api.get(f"{PATH}?limit=1&cursor={first['next_cursor']}", as_=world.ops)
    assert (again.status, again.body["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("role", ["agent", "member"])
def test_others_are_not_told(world: World, role: str) -> None:
    assert world.api.get(PATH, as_=token(f"mbr_{role}", role)).status == 403
