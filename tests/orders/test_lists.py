"""The staff lists orders of every state, by age and by the time of placing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.orders.actions.indexing import put_into_lists
from chalicelib.orders.queries import lists
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.tables import ORDER, OrderItem, OrdersItem
from tests.orders.cashier import Cashier
from tests.orders.parcels import Parcel
from tests.orders.placed import Placed, to_approved
from tests.world import World

SENT = {"carrier": "SF", "tracking_number": "SF77"}


def listed(world: World, *, limit: int = 100, **asked: Any) -> list[str]:
    """Ids of all pages of a list."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(200):
        query = urlencode({"limit": limit, **asked, **cursor})
        answer = world.api.get(f"/v1/admin/orders?{query}", as_=world.ops)
        assert answer.status == 200, answer.body
        found += [order["id"] for order in answer.body["data"]]
        if answer.body["next_cursor"] is None:
            return found
        cursor = {"cursor": answer.body["next_cursor"]}
    raise AssertionError("the list does not end")


def placed_at(order_id: str) -> str:
    return rfc3339_ms(get_order(order_id).created_at_ms)


def within(first: str, last: str) -> dict[str, str]:
    """The span of the placing of two orders and of those between."""
    return {"from": placed_at(first), "to": rfc3339_ms(get_order(last).created_at_ms + 1)}


def in_state(world: World, status: str) -> Placed:
    order = Placed(world)
    if status == "cancelled":
        assert order.own("cancel").status == 200
        return order
    assert order.staff("take").status == 200
    if status == "rejected":
        assert order.staff("reject", {"reason": "x"}).status == 200
        return order
    assert order.staff("approve").status == 200
    assert order.staff("ship", SENT).status == 200
    if status != "shipped":
        assert order.staff("deliver").status == 200
    if status == "completed":
        assert order.own("confirm-receipt").status == 200
    return order


@pytest.mark.parametrize("status", ["shipped", "delivered", "completed", "cancelled", "rejected"])
def test_orders_of_a_state_are_listed_by_age_from_both_ends(
    world: World, time: Any, status: str
) -> None:
    orders = []
    for _ in range(3):
        orders.append(in_state(world, status).id)
        time.advance(seconds=1)
    for sort, wanted in (("oldest", orders), ("newest", orders[::-1])):
        found = listed(world, status=status, sort=sort, limit=2)
        assert [each for each in found if each in orders] == wanted
        assert len(found) == len(set(found))
    ours = {"from": placed_at(orders[1]), "to": placed_at(orders[2])}
    assert listed(world, status=status, **ours) == [orders[1]]
    assert listed(world, status="in_review", **ours) == []


def test_an_order_leaves_a_list_for_the_next(world: World) -> None:
    order = Placed(world)
    since = within(order.id, order.id)
    assert listed(world, **since) == [order.id]
    to_approved(order)
    assert listed(world, status="approved", **since) == [order.id]
    assert order.staff("ship", SENT).status == 200
    assert listed(world, status="approved", **since) == []
    assert listed(world, status="shipped", **since) == [order.id]
    assert order.own("confirm-receipt").status == 200
    assert listed(world, status="shipped", **since) == []
    assert listed(world, status="completed", **since) == [order.id]


def test_orders_on_delivery_whose_cash_is_not_here_are_a_list_of_their_own(
    cashier: Cashier,
) -> None:
    world = cashier.world
    parcel, paid = Parcel(cashier).shipped(), Parcel(cashier, method="card").shipped()
    mine = {parcel.id, paid.id}
    assert mine & set(listed(world, list="uncollected")) == {parcel.id}
    assert mine <= set(listed(world, status="shipped"))
    parcel.be("deliver")
    assert mine.isdisjoint(listed(world, list="uncollected"))
    assert mine & set(listed(world, status="delivered")) == {parcel.id}


def test_an_unpaid_order_is_listed_and_an_unsettled_one_has_a_list(cashier: Cashier) -> None:
    world = cashier.world
    price = {"points": 10, "cash": {"amount": 990, "currency": "CNY"}}
    sku = world.sku(stock=9, kind="virtual", price=price)
    order = cashier.place(sku, 1, payment_method="card")["id"]
    assert order in listed(world, status="awaiting_payment", **{"from": placed_at(order)})
    assert order not in listed(world, status="awaiting_payment", to=placed_at(order))


def test_an_order_that_was_wholly_refunded_before_its_end_has_a_list(world: World) -> None:
    order = Placed(world)
    to_approved(order)
    assert order.staff("refunds", {"reason": "x"}).status in (200, 201)
    since = within(order.id, order.id)
    assert order.id not in listed(world, status="approved", **since)
    assert order.id in listed(world, list="refunded", **since)


def test_orders_of_one_moment_are_each_listed_once(world: World, time: Any) -> None:
    orders = {in_state(world, "cancelled").id for _ in range(3)}
    placed_ms = max(get_order(each).created_at_ms for each in orders)
    for each in orders:
        at = f"{placed_ms:015d}"
        OrdersItem(each, ORDER).update([OrdersItem.queue_at.set(at), OrdersItem.placed.set(at)])
    moment = {"from": rfc3339_ms(placed_ms), "to": rfc3339_ms(placed_ms + 1)}
    for sort in ("oldest", "newest"):
        found = listed(world, status="cancelled", sort=sort, limit=1, **moment)
        assert sorted(each for each in found if each in orders) == sorted(orders)


def test_a_request_looks_at_few_orders_and_the_next_one_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [in_state(world, "shipped").id for _ in range(4)]
    monkeypatch.setattr(lists, "MOST_LOOKED_AT", 1)
    found = listed(world, status="shipped", limit=1, **within(orders[0], orders[-1]))
    assert [each for each in found if each in orders] == orders
    # Orders that are looked at and not wanted end a page, too.
    assert listed(world, status="shipped", to="2020-01-01T00:00:00Z") == []


def test_orders_of_an_earlier_release_are_put_into_their_lists(world: World) -> None:
    order, moving = in_state(world, "completed"), in_state(world, "delivered")
    since = within(order.id, moving.id)
    OrdersItem(order.id, ORDER).update([OrdersItem.queue.remove(), OrdersItem.queue_at.remove()])
    OrdersItem(moving.id, ORDER).update([OrdersItem.queue.set("receipt")])
    assert order.id not in listed(world, status="completed", **since)
    version = OrderItem.find(order.id, ORDER).version
    assert sum(put_into_lists()) >= 2
    assert sum(put_into_lists()) == 0
    assert order.id in listed(world, status="completed", **since)
    assert moving.id in listed(world, status="delivered", **since)
    assert OrderItem.find(order.id, ORDER).version == version


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"status": "shipped", "list": "refunded"}, "list"),
        ({"id": "ord_1", "from": "2026-11-01T00:00:00Z"}, "from"),
        ({"q": "x", "sort": "newest"}, "sort"),
        ({"from": "2026-11-02T00:00:00Z", "to": "2026-11-01T00:00:00Z"}, "to"),
        ({"from": "2026-11-02T00:00:00"}, "from"),
        ({"cursor": "abc"}, "cursor"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(
    world: World, asked: dict[str, str], field: str
) -> None:
    answer = world.api.get(f"/v1/admin/orders?{urlencode(asked)}", as_=world.ops)
    assert answer.status == 400
    assert field in [error["field"] for error in answer.body["errors"]]
