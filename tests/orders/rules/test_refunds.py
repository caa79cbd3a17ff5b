"""Refunds of an order: no more than was paid, in the ratio in which it was paid."""

from __future__ import annotations

import pytest
from msgspec.structs import replace as changed

from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.orders.errors import OrderDisputed, RefundExceedsOrder
from chalicelib.orders.rules import Order, OrderLine, Parcel, Refund
from chalicelib.orders.rules.cash import OrderFreight
from chalicelib.orders.rules.refunds import (
    add_external_refund,
    attribute,
    fail_external_refund,
    refund_all,
    refund_units,
    return_to_sender,
)
from tests.orders.rules.making import A, act, all_refunded, order

pytestmark = pytest.mark.pure

EXTERNAL = Refund("re_1", 0, 500, 5, b"")


def test_a_unit_gives_back_its_share_of_points_and_cash() -> None:
    made = act(at_ms=7, note="破损", content=b"c")
    after, refund = refund_units(order(), {"A": 1}, "rfd_1", made)
    assert refund == Refund("rfd_1", 100, 1_000, 7, b"c", "破损")
    assert after.refunds == (refund,)
    assert [line.refunded for line in after.lines] == [1, 0]
    assert (after.version, after.status, len(after.steps)) == (2, "approved", 2)


def test_the_last_unit_takes_the_rest_of_rounding() -> None:
    odd = order(lines=(OrderLine("A", "p", "杯", "Cup", 3, 100, cash=1_000),))
    given = []
    for number in range(3):
        odd, refund = refund_units(odd, {"A": 1}, f"rfd_{number}", act())
        given.append((refund.points, refund.cash))
    assert given == [(33, 333), (33, 333), (34, 334)]


def test_a_refund_without_quantities_takes_all_units_left() -> None:
    after, _ = refund_units(order(), {"A": 2}, "rfd_1", act())
    after, rest = refund_units(after, {}, "rfd_2", act())
    assert (rest.points, rest.cash) == (150, 1_500)
    assert after.is_refunded
    assert after.points_refunded == after.points
    assert after.cash_refunded == after.cash


@pytest.mark.parametrize(
    ("quantities", "facts", "words"),
    [
        ({"A": 4}, {"sku": "A", "refundable": 3}, "3 of “Cup” can be given back for"),
        ({"A": 1, "B": 2}, {"sku": "B", "refundable": 1}, "1 of “Book” can be given back for"),
        ({"Z": 1, "Y": 1}, {"sku": "Y", "refundable": 0}, "This order holds no SKU Y"),
        ({"A": 0}, {"sku": "A", "refundable": 0}, "0 of “Cup” can be given back for"),
    ],
)
def test_a_refund_above_the_rest_is_refused_with_the_rest(
    quantities: dict[str, int], facts: dict[str, object], words: str
) -> None:
    with pytest.raises(RefundExceedsOrder) as refused:
        refund_units(order(), quantities, "rfd_1", act())
    assert refused.value.facts == facts
    assert refused.value.detail("en") == words


def test_an_order_refunded_in_full_has_nothing_more_to_give_back() -> None:
    with pytest.raises(RefundExceedsOrder) as refused:
        refund_units(all_refunded(order()), {}, "rfd_1", act())
    assert refused.value.facts == {"sku": "A", "refundable": 0}


@pytest.mark.parametrize(
    "status", ["awaiting_payment", "awaiting_review", "in_review", "cancelled", "rejected"]
)
def test_units_are_refunded_only_once_an_order_is_approved(status: str) -> None:
    with pytest.raises(NotAllowedInThisState) as refused:
        refund_units(order(status), {"A": 1}, "rfd_1", act())
    assert refused.value.facts == {"status": status}


@pytest.mark.parametrize("status", ["approved", "shipped", "delivered", "completed"])
def test_a_refund_keeps_the_state_of_its_order(status: str) -> None:
    assert refund_units(order(status), {"A": 1}, "rfd_1", act())[0].status == status


def test_nothing_is_refunded_during_a_dispute() -> None:
    with pytest.raises(OrderDisputed):
        refund_units(order(disputed=True), {"A": 1}, "rfd_1", act())


def test_a_refund_before_the_payment_lowers_the_due_cash() -> None:
    cod = order(method="cod", paid=None)
    assert refund_units(cod, {"A": 1}, "rfd_1", act())[1].lowers
    cent = order(lines=(changed(A, cash=1),), method="cod", paid=None)
    assert refund_units(cent, {}, "rfd_1", act())[1].lowers
    assert not refund_units(order(), {"A": 1}, "rfd_1", act())[1].lowers
    free = order(lines=(changed(A, cash=0),), paid=None)
    assert not refund_units(free, {"A": 1}, "rfd_1", act())[1].lowers


def test_an_external_refund_lowers_the_refund_of_the_last_units() -> None:
    one = order(refunds=(changed(EXTERNAL, cash=3_000),))
    after, refund = refund_units(one, {"A": 1}, "rfd_1", act())
    assert (refund.points, refund.cash) == (100, 500)
    assert refund_units(after, {"A": 1}, "rfd_2", act())[1].cash == 0


def test_an_order_is_shipped_once_its_unshipped_units_are_refunded() -> None:
    parcels = (Parcel("SF", "1", {"A": 3}),)
    after, _ = refund_units(order(parcels=parcels), {"B": 1}, "rfd_1", act())
    assert after.status == after.steps[-1].status == "shipped"
    assert refund_units(order(parcels=parcels), {"A": 1}, "r", act())[0].status == "approved"
    assert refund_units(order(), {"A": 3, "B": 1}, "r", act())[0].status == "approved"


def test_a_full_return_excludes_units_returned_before() -> None:
    one, _ = refund_units(order(), {"A": 1}, "rfd_1", act())
    after, refund = refund_all(one, "rfd_2", act("cancel", 9, note="n", content=b"c"))
    assert refund == Refund("rfd_2", 250, 2_500, 9, b"c", "n")
    assert after.is_refunded
    assert (after.points_refunded, after.cash_refunded) == (350, 3_500)
    assert after.version == one.version


def test_an_external_refund_is_recorded_once() -> None:
    after = add_external_refund(order(), "re_1", 500, 5)
    assert after.refunds == (EXTERNAL,)
    assert after.version == 2
    assert add_external_refund(after, "re_1", 400, 6) is after


def test_an_external_refund_of_cash_that_we_owe_is_beyond_the_order() -> None:
    one, _ = refund_units(order(), {"A": 3}, "rfd_1", act())
    made = add_external_refund(one, "re_1", 800, 5).refunds[-1]
    assert (made.cash, made.beyond, made.at_ms) == (500, 300, 5)


def test_a_failed_external_refund_is_undone_and_the_cash_of_its_units_is_due_again() -> None:
    one = add_external_refund(order(), "re_1", 3_000, 5)
    one, cut = refund_units(one, {"A": 1}, "rfd_1", act())
    assert cut.cash == 500
    after, again = fail_external_refund(one, "re_1", "rfd_2", 9)
    assert again == Refund("rfd_2", 0, 500, 9, b"")
    assert [made.cash for made in after.refunds] == [0, 500, 500]
    assert after.version == one.version + 1
    one, _ = refund_units(add_external_refund(order(), "re_1", 2_501, 5), {"A": 1}, "rfd_1", act())
    _, again = fail_external_refund(one, "re_1", "rfd_2", 9)
    assert again == Refund("rfd_2", 0, 1, 9, b"")


def test_a_failed_external_refund_that_cut_no_refund_owes_nothing() -> None:
    one = add_external_refund(order(), "re_1", 400, 5)
    after, again = fail_external_refund(one, "re_1", "rfd_2", 9)
    assert again is None
    assert after.refunds == (changed(EXTERNAL, cash=0),)
    assert fail_external_refund(after, "re_1", "rfd_3", 9) == (after, None)


def test_a_failed_refund_makes_at_most_its_own_cash_due_again() -> None:
    one = order(refunds=(changed(EXTERNAL, cash=300), changed(EXTERNAL, id="re_2", cash=2_900)))
    one, _ = refund_units(one, {"A": 2}, "rfd_1", act())
    _, again = fail_external_refund(one, "re_1", "rfd_2", 9)
    assert again is not None
    assert again.cash == 300


def test_a_failed_refund_beyond_the_order_is_dropped() -> None:
    one = order(refunds=(changed(EXTERNAL, cash=0, beyond=300),))
    after, again = fail_external_refund(one, "re_1", "rfd_2", 9)
    assert (after.refunds[0].beyond, again) == (0, None)


def given(one: Order, gives: dict[str, int], failed: tuple[str, ...] = ()) -> list[tuple[int, int]]:
    return [(made.cash, made.beyond) for made in attribute(one, gives, failed).refunds]


def test_an_external_refund_counts_for_what_our_refunds_did_not_give() -> None:
    ours = Refund("rfd_1", 0, 1_000, 0, b"")
    there = changed(EXTERNAL, cash=100, beyond=400)
    one = order(refunds=(ours, there))
    assert given(one, {"rfd_1": 700}) == [(700, 0), (400, 100)]
    assert given(one, {"rfd_1": 0}) == [(600, 0), (500, 0)]
    assert attribute(one, {"rfd_1": 700}).version == 2
    assert attribute(one, {"rfd_1": 1_000}) is one
    assert attribute(one, {}) is one
    assert given(one, {"rfd_1": 999}) == [(999, 0), (101, 399)]


def test_an_external_refund_stands_for_no_other_one() -> None:
    there = changed(EXTERNAL, cash=300), changed(EXTERNAL, id="re_2", cash=0, beyond=300)
    one = order(refunds=there)
    assert attribute(one, {"re_1": 0}) is one


def test_failed_external_refunds_count_last_for_ours() -> None:
    refunds = (
        Refund("rfd_1", 0, 1_000, 0, b""),
        changed(EXTERNAL, cash=0, beyond=300),
        changed(EXTERNAL, id="re_2", cash=0, beyond=300),
        Refund("rfd_2", 0, 50, 0, b""),
    )
    one = order(refunds=refunds)
    assert given(one, {"rfd_1": 600}) == [(600, 0), (300, 0), (100, 200), (50, 0)]
    first_failed = given(one, {"rfd_1": 600, "rfd_2": 20}, ("re_1",))
    assert first_failed == [(600, 0), (130, 170), (300, 0), (20, 0)]


def cod(status: str = "delivered", **other: object) -> Order:
    return order(status, **{"method": "cod", "paid": "cod"} | other)


@pytest.mark.parametrize("status", ["shipped", "delivered", "completed"])
def test_an_unpaid_parcel_gives_back_points_and_no_cash(status: str) -> None:
    after, refund = return_to_sender(cod(status), "rfd_1", act("uncollected", 9))
    assert refund == Refund("rfd_1", 350, 0, 9, b"")
    assert (after.status, after.paid, after.version) == (status, None, 2)
    assert after.refunds == (refund,)
    assert after.is_refunded
    assert after.steps[-1].at_ms == 9


def test_a_returned_parcel_of_refunded_units_changes_no_amounts() -> None:
    after, refund = return_to_sender(all_refunded(cod()), "rfd_1", act())
    assert (refund, after.paid, after.version) == (None, None, 2)


@pytest.mark.parametrize(
    "one",
    [cod("approved"), cod("cancelled"), order("delivered"), all_refunded(cod(paid=None))],
    ids=["not sent", "cancelled", "paid online", "came back before"],
)
def test_only_an_order_paid_on_delivery_can_be_returned_unpaid(one: Order) -> None:
    with pytest.raises(NotAllowedInThisState) as refused:
        return_to_sender(one, "rfd_1", act())
    assert refused.value.facts == {"status": one.status}


def test_a_parcel_not_yet_paid_can_be_returned_too() -> None:
    assert return_to_sender(cod(paid=None), "rfd_1", act())[0].is_refunded


def test_a_refused_return_names_the_state_in_the_terms_of_the_goods() -> None:
    with pytest.raises(NotAllowedInThisState) as refused:
        return_to_sender(order("approved", kind="service"), "rfd_1", act())
    assert "To be used" in refused.value.detail("en")


def with_freight(points: int = 0, cash: int = 0) -> Order:
    plain = order()
    freight = OrderFreight(points, cash)
    return changed(plain, points=plain.points + points, cash=plain.cash + cash, freight=freight)


def test_freight_goes_back_with_the_last_units_and_once() -> None:
    after, first = refund_units(with_freight(50, 600), {"A": 3}, "rfd_1", act())
    assert after.freight == OrderFreight(50, 600)
    after, last = refund_units(after, {}, "rfd_2", act())
    assert after.freight == OrderFreight(50, 600, returned=True)
    plain = order()
    assert first.points + last.points == plain.points + 50
    assert first.cash + last.cash == plain.cash + 600
    assert (after.points_refunded, after.cash_refunded) == (after.points, after.cash)


def test_an_undone_order_gives_its_freight_back() -> None:
    after, made = refund_all(with_freight(50, 600), "rfd_1", act())
    assert (made.points, made.cash) == (after.points, after.cash)
    assert after.freight == OrderFreight(50, 600, returned=True)


def test_freight_in_points_goes_back_though_a_parcel_was_not_paid() -> None:
    sent = changed(with_freight(50, 600), method="cod", status="shipped")
    after, made = return_to_sender(sent, "rfd_1", act())
    assert made is not None
    assert (made.points, made.cash) == (sent.points, 0)
    assert after.freight == OrderFreight(50, 600, returned=True)


def test_a_failed_external_refund_owes_the_freight_that_had_gone_back() -> None:
    seen = add_external_refund(with_freight(0, 600), "re_1", 600, 1)
    after, made = refund_units(seen, {}, "rfd_1", act())
    assert made.cash == seen.cash - 600
    after, owed = fail_external_refund(after, "re_1", "rfd_2", 9)
    assert owed is not None
    assert made.cash + owed.cash == seen.cash
    assert after.cash_refunded == after.cash
