"""What lowered an order's price: kept as it was, and told of the units that have no refund."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.campaigns import Purchase, Saved
from chalicelib.orders.rules import Order, OrderAct, OrderLine, Step
from chalicelib.orders.rules.discounts import (
    NOTHING,
    Discount,
    Discounts,
    OrderCoupon,
    Share,
)
from chalicelib.orders.rules.purchases import purchase_of, with_discounts
from chalicelib.orders.rules.refunds import refund_units
from chalicelib.orders.tables.discounts import PricingItem

pytestmark = pytest.mark.pure

LINES = (
    OrderLine("CUP", "prd_1", "保温杯", "Cup", 3, 700, cash=100),
    OrderLine("TEE", "prd_2", "T 恤", "Tee", 1, 200),
)
ORDER = Order(
    id="ord_1",
    member_id="mbr_1",
    kind="physical",
    status="shipped",
    version=4,
    lines=LINES,
    points=900,
    created_at_ms=1_000,
    content=b"c",
    steps=(Step("awaiting_review", 1_000, "member"),),
    cash=100,
    currency="CNY",
    paid="ch_1",
    discounted=True,
)
DISCOUNTS = Discounts(
    given=(
        Discount("campaign", "cam_1", 3, "full_reduction", "满减", "Off", (Share(0, 100, 50),)),
        Discount(
            "coupon",
            "cpn_1",
            1,
            "points_off",
            "券",
            "Coupon",
            (Share(0, 100), Share(1, 50)),
            freight_cash=600,
        ),
    ),
    coupon=OrderCoupon("cpn_1", "ctp_1", "mbr_1"),
)


def told(order: Order) -> Purchase:
    made = purchase_of(None, order)
    assert made is not None
    return with_discounts(made, order, DISCOUNTS)


def refunded(order: Order, units: dict[str, int]) -> Order:
    return refund_units(order, units, "rfd_1", OrderAct("refund", "staff", None, 2_000))[0]


def test_what_was_kept_is_read_as_it_was() -> None:
    for discounts in (DISCOUNTS, NOTHING):
        assert PricingItem.of("ord_1", discounts).value() == discounts


def test_a_line_has_saved_what_all_discounts_took_off_it() -> None:
    assert DISCOUNTS.of_line(0) == Share(0, 200, 50)
    assert DISCOUNTS.of_line(1) == Share(1, 50, 0)
    assert [(each.points, each.cash) for each in DISCOUNTS.given] == [(100, 50), (150, 600)]


def test_a_purchase_tells_each_campaign_and_the_coupon() -> None:
    made = told(ORDER)
    assert made.campaigns == (Saved("cam_1", 3, 100, 50),)
    assert made.coupon == Saved("cpn_1", 1, 150, 600, "ctp_1")


def test_units_that_went_back_have_saved_nothing() -> None:
    made = told(refunded(ORDER, {"CUP": 1}))
    assert made.campaigns == (Saved("cam_1", 3, 67, 34),)
    assert made.coupon == Saved("cpn_1", 1, 117, 600, "ctp_1")
    undone = told(refunded(ORDER, {}))
    assert (undone.state, undone.campaigns) == ("undone", (Saved("cam_1", 3),))
    assert undone.coupon == Saved("cpn_1", template_id="ctp_1")


@given(st.permutations(["CUP", "CUP", "CUP"]), st.integers(0, 10**9), st.integers(0, 10**6))
def test_what_units_saved_sums_to_the_discount(units: list[str], points: int, cash: int) -> None:
    one = Discount("campaign", "cam_1", 1, "price", "特价", "Price", (Share(0, points, cash),))
    order, left = replace(ORDER, lines=LINES[:1]), []
    for sku in units:
        made = purchase_of(None, order)
        assert made is not None
        left.append(with_discounts(made, order, Discounts(given=(one,))).campaigns[0])
        order = refunded(order, {sku: 1})
    assert (left[0].points, left[0].cash) == (points, cash)
    assert [each.points for each in left] == sorted((x.points for x in left), reverse=True)
    assert all(each.cash >= 0 for each in left)


def test_points_that_come_back_are_those_of_units_that_did_not() -> None:
    one = Discount("campaign", "cam_1", 2, "points_back", "返", "Back", back=(Share(0, 10),))

    def back(order: Order) -> tuple[int, int]:
        made = purchase_of(None, order)
        assert made is not None
        (saved,) = with_discounts(made, order, Discounts(given=(one,))).campaigns
        return saved.promised, saved.back

    assert back(ORDER) == (10, 10)
    assert back(refunded(ORDER, {"CUP": 1})) == (10, 7)
    assert back(refunded(ORDER, {})) == (10, 0)
