"""Parcels: what may go into one, and which of them makes an order shipped."""

from __future__ import annotations

import pytest
from msgspec.structs import replace as changed

from chalicelib.kernel.errors import Invalid, NotAllowedInThisState
from chalicelib.orders.errors import OrderDisputed
from chalicelib.orders.rules import Order, Parcel
from chalicelib.orders.rules.parcels import ship
from tests.orders.rules.making import A, B, act, order

pytestmark = pytest.mark.pure


def shipped(one: Order, quantities: dict[str, int]) -> Order:
    return ship(one, Parcel("SF", "1", quantities), act("ship"))


def test_a_parcel_of_some_units_leaves_the_order_as_it_is() -> None:
    after = shipped(order(), {"A": 2})
    assert (after.status, after.unshipped()) == ("approved", {"A": 1, "B": 1})
    assert after.parcels == (Parcel("SF", "1", {"A": 2}),)
    assert (after.version, len(after.steps), after.steps[-1].status) == (2, 2, "approved")


def test_the_parcel_with_the_last_units_ships_the_order() -> None:
    after = shipped(shipped(order(), {"A": 2}), {"A": 1, "B": 1})
    assert (after.status, after.unshipped()) == ("shipped", {})
    assert [parcel.quantities for parcel in after.parcels] == [{"A": 2}, {"A": 1, "B": 1}]


def test_a_parcel_without_quantities_holds_all_units_left() -> None:
    after = shipped(shipped(order(), {"A": 2}), {})
    assert (after.status, after.parcels[-1].quantities) == ("shipped", {"A": 1, "B": 1})


def test_refunded_units_need_no_parcel() -> None:
    after = shipped(order(lines=(changed(A, refunded=1), B)), {"A": 2, "B": 1})
    assert after.status == "shipped"


@pytest.mark.parametrize(("sku", "quantity", "zh", "en"), [
    ("A", 4, "「杯子」还可发 3 件", "3 of “Cup” are left to ship"),
    ("B", 2, "「书」还可发 1 件", "1 of “Book” are left to ship"),
    ("C", 1, "「C」还可发 0 件", "0 of “C” are left to ship"),
])  # fmt: skip
def test_more_units_than_are_left_are_refused(sku: str, quantity: int, zh: str, en: str) -> None:
    one = order()
    with pytest.raises(Invalid) as refused:
        shipped(one, {sku: quantity})
    (error,) = refused.value.fields
    assert (error.field, error.code, error.message) == ("lines", "more_than_ordered", (zh, en))
    assert one == order()


def test_only_an_approved_undisputed_order_of_goods_is_shipped() -> None:
    with pytest.raises(NotAllowedInThisState):
        shipped(order("in_review"), {})
    with pytest.raises(NotAllowedInThisState):
        shipped(order("approved", kind="service"), {})
    with pytest.raises(OrderDisputed):
        shipped(order(disputed=True), {})
