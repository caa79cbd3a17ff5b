"""Units reserved for orders, and the invariant of a pool of codes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace as changed

from chalicelib.kernel.errors import Words
from chalicelib.orders.errors import LimitReached
from chalicelib.orders.rules import Order, Parcel, check_at_once
from chalicelib.orders.rules.stock import (
    Pool,
    StockProblem,
    awaits_codes,
    pool_problem,
    reserved,
    unsent,
    waiting_for_codes,
)
from tests.orders.rules.making import A, B, all_refunded, order

pytestmark = pytest.mark.pure

ALL = {"A": 3, "B": 1}
HERE: dict[str, tuple[Order, dict[str, int]]] = {
    "goods in no parcel": (order(), ALL),
    "goods of which some were sent": (order(parcels=(Parcel("SF", "1", {"A": 2}),)),
                                      {"A": 1, "B": 1}),
    "goods of a cancelled order": (order("cancelled"), {}),
    "goods of a rejected order": (order("rejected"), {}),
    "codes that are to be handed out": (order("completed", kind="virtual"), ALL),
    "codes that were handed out": (order("completed", kind="virtual", codes=b"x"), {}),
    "a service that is to be used": (order("approved", kind="service"), ALL),
    "a service that was used": (order("completed", kind="service"), {}),
    "units of a refunded service": (all_refunded(order("approved", kind="service")), {}),
    "units that are left": (order(lines=(changed(A, refunded=1), B), kind="service"),
                            {"A": 2, "B": 1}),
}  # fmt: skip


@pytest.mark.parametrize(("one", "units"), HERE.values(), ids=HERE.keys())
def test_unshipped_units_are_in_stock(one: Order, units: dict[str, int]) -> None:
    assert unsent(one) == reserved(one) == units


def test_a_lost_dispute_keeps_no_unit_from_sale() -> None:
    one = order(unreserved=True)
    assert (unsent(one), reserved(one)) == (ALL, {})


def test_only_orders_of_codes_reserve_codes() -> None:
    virtual = order("completed", kind="virtual")
    gone = order("completed", kind="virtual", codes=b"x")
    assert waiting_for_codes([virtual, virtual, gone, order()]) == {"A": 6, "B": 2}


def test_free_codes_are_on_sale_or_reserved() -> None:
    sound = Pool("C", 10, 7, 3)
    assert (sound.lost, sound.sellable) == (0, 7)
    lost = Pool("C", 10, 5, 3)
    assert (lost.lost, lost.sellable) == (2, 7)
    missing = Pool("C", 3, 2, 5)
    assert (missing.lost, missing.sellable) == (-4, 0)
    assert (sound.taken_in, sound.repairs) == (0, 0)


def test_a_pool_that_does_not_agree_names_the_difference() -> None:
    assert pool_problem(Pool("C", 10, 5, 3)) == StockProblem(
        "C", "pool", "10 codes are free, 5 on sale, 3 waited for: 2 are lost to sale"
    )
    assert pool_problem(Pool("C", 9, 5, 3)).detail.endswith("1 are lost to sale")
    assert pool_problem(Pool("C", 3, 2, 5)).detail == (
        "3 codes are free, 2 on sale, 5 waited for: 4 are sold without a code"
    )


CUP = Words("杯子", "Cup")


@pytest.mark.parametrize(("quantity", "limit"), [(3, 3), (2, 3), (10**6, None)])
def test_an_order_may_have_as_many_units_as_its_limit(quantity: int, limit: int | None) -> None:
    check_at_once("prd_1", CUP, quantity, limit, 1)


def test_units_above_the_limit_of_an_order_go_into_another() -> None:
    for per_member in (None, 4, 9):
        with pytest.raises(LimitReached) as refused:
            check_at_once("prd_1", CUP, 4, 3, per_member)
        assert refused.value.facts == {"product_id": "prd_1", "limit": 3}
        assert refused.value.detail("en") == (
            "At most 3 of “Cup” can be had in one order: order in parts"
        )


def test_units_above_a_limit_are_refused_with_the_lower_of_both_limits() -> None:
    for limit, per_member in ((3, 2), (2, 3)):
        with pytest.raises(LimitReached) as refused:
            check_at_once("prd_1", CUP, 4, limit, per_member)
        assert refused.value.facts == {"product_id": "prd_1", "limit": limit}
        assert refused.value.detail("en") == "At most 2 of “Cup” can be had"


def test_codes_are_handed_out_once_and_to_an_order_that_keeps_its_cash() -> None:
    one = order("completed", kind="virtual")
    assert awaits_codes(one)
    assert not awaits_codes(order("completed", kind="virtual", codes=b"x"))
    assert not awaits_codes(order("completed", kind="virtual", disputed=True))
    assert not awaits_codes(all_refunded(one))
    assert not awaits_codes(order("completed", kind="service"))
