"""A parcel that was to be paid on delivery and came back: points, goods and the carrier's debt go
back, once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.orders.actions.acts import confirm_by_time
from chalicelib.payments.rules.journal import BANK, CARRIERS, SALES
from tests.api import new_key, token
from tests.orders.cashier import Cashier
from tests.orders.parcels import REASON, Parcel, act
from tests.orders.refunds import units


@pytest.fixture
def parcel(cashier: Cashier) -> Parcel:
    return Parcel(cashier)


def is_back(parcel: Parcel, status: str) -> None:
    """The order as it is once its parcel came back."""
    shown = parcel.cashier.show(parcel.id)
    assert (shown["status"], shown["payment"]["status"]) == (status, "cancelled")
    assert shown["lines"][0]["returned"] == 2
    assert shown["timeline"][-1]["note"] == "拒收"
    assert parcel.cashier.balance() == (5000, 0)
    assert parcel.cashier.world.stock(parcel.sku) == 10
    assert parcel.cashier.books(parcel.id) == {}


def test_an_uncollected_parcel_returns_points_goods_and_limit(parcel: Parcel) -> None:
    parcel.shipped()
    assert parcel.cashier.show(parcel.id)["payment"]["status"] == "due"
    done = parcel.come_back()
    assert (done.status, done.body["status"]) == (200, "shipped")
    is_back(parcel, "shipped")
    (refund,) = done.body["refunds"]
    assert (refund["points"], refund["cash"]["amount"]) == (2000, 0)
    (recorded,) = parcel.audited()
    assert (recorded["action"], recorded["reason"]) == ("order.uncollected", "拒收")
    assert recorded["after"] == {"points": 2000, "uncollected": 0}
    parcel.cashier.place(parcel.sku, 2, payment_method="cod")  # within the limit again


def test_a_collection_is_reversed_by_its_own_entry(parcel: Parcel) -> None:
    parcel.delivered()
    assert parcel.cashier.books(parcel.id) == {CARRIERS: 3960, SALES: -3960}
    assert parcel.come_back().status == 200
    is_back(parcel, "delivered")
    assert parcel.audited()[0]["after"] == {"points": 2000, "uncollected": 3960}
    assert parcel.by_hand() == []


def test_an_order_completed_by_time_may_still_be_marked_uncollected(
    parcel: Parcel, time: Any
) -> None:
    parcel.shipped()
    time.advance(days=11)
    assert confirm_by_time(parcel.id, clock.to_ms(clock.now()))
    assert parcel.cashier.books(parcel.id) == {CARRIERS: 3960, SALES: -3960}
    assert parcel.come_back().status == 200
    is_back(parcel, "completed")


def test_a_retry_returns_the_return_and_other_content_under_its_key_is_refused(
    parcel: Parcel,
) -> None:
    parcel.delivered()
    key = new_key()
    first = parcel.come_back(key=key)
    after = parcel.stands()
    again = parcel.come_back(key=key)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = parcel.come_back({"reason": "无人"}, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    twice = parcel.come_back()
    assert (twice.status, twice.body["code"]) == (409, "not_allowed_in_this_state")
    assert parcel.stands() == after


def test_cash_remitted_by_the_carrier_cannot_be_marked_uncollected(parcel: Parcel) -> None:
    assert parcel.delivered().remit().status == 201
    before = parcel.stands()
    refused = parcel.come_back()
    assert (refused.status, refused.body["code"]) == (409, "not_collected")
    assert parcel.stands() == before
    assert before[1] == {BANK: 3960, SALES: -3960}


def test_uncollected_cash_cannot_be_remitted(parcel: Parcel) -> None:
    parcel.delivered().come_back()
    before = parcel.stands()
    refused = parcel.remit()
    assert (refused.status, refused.body["code"]) == (409, "not_collected")
    assert parcel.stands() == before


def test_an_uncollected_order_takes_no_further_step(parcel: Parcel, time: Any) -> None:
    parcel.shipped().come_back()
    before = parcel.stands()
    refused = act(parcel.cashier, parcel.order, "deliver")
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    time.advance(days=11)
    assert not confirm_by_time(parcel.id, clock.to_ms(clock.now()))
    assert parcel.stands() == before


@pytest.mark.parametrize("steps", [(), ("take",), ("take", "approve")])
def test_an_order_without_a_parcel_cannot_be_marked_uncollected(
    parcel: Parcel, steps: tuple[str, ...]
) -> None:
    before = parcel.be(*steps).stands()
    refused = parcel.come_back()
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    assert parcel.stands() == before


def test_an_order_paid_online_is_refunded_instead(cashier: Cashier) -> None:
    parcel = Parcel(cashier, "card").delivered()
    before = parcel.stands()
    refused = parcel.come_back()
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    assert parcel.stands() == before


def test_a_part_refunded_before_is_not_returned_twice(parcel: Parcel) -> None:
    parcel.shipped()
    parcel.cashier.refund(parcel.id, units(parcel.order, 1))
    parcel.be("deliver")
    assert parcel.cashier.books(parcel.id) == {CARRIERS: 1980, SALES: -1980}
    done = parcel.come_back()
    assert [refund["points"] for refund in done.body["refunds"]] == [1000, 1000]
    assert [refund["status"] for refund in done.body["refunds"]] == ["not_due", "succeeded"]
    assert (parcel.cashier.balance(), parcel.cashier.books(parcel.id)) == ((5000, 0), {})
    assert parcel.cashier.world.stock(parcel.sku) == 9  # where the first is, only ops know


@pytest.mark.parametrize("some", [1, 2])
def test_a_refund_that_waits_for_our_bank_is_no_longer_owed(parcel: Parcel, some: int) -> None:
    parcel.delivered()
    refund = parcel.cashier.refund(parcel.id, units(parcel.order, some)).body
    assert [each["id"] for each in parcel.by_hand()] == [refund["id"]]
    assert parcel.come_back().status == 200
    assert parcel.by_hand() == []
    assert (parcel.cashier.balance(), parcel.cashier.books(parcel.id)) == ((5000, 0), {})
    assert parcel.cashier.show(parcel.id)["payment"]["status"] == "cancelled"
    path = f"/v1/admin/orders/{parcel.id}/refunds/{refund['id']}/paid-by-hand"
    body = {"bank_reference": "ICBC-1"}
    late = parcel.cashier.api.post(path, body, as_=parcel.cashier.finance, key=new_key())
    assert (late.status, late.body["current_status"]) == (409, "closed")
    assert parcel.cashier.show(parcel.id)["refunds"][0]["status"] == "not_due"
    assert parcel.come_back().body["code"] == "not_allowed_in_this_state"


def test_a_waived_refund_does_not_stop_the_return_of_a_parcel(parcel: Parcel) -> None:
    parcel.delivered()
    refund = parcel.cashier.refund(parcel.id, units(parcel.order, 1)).body
    path = f"/v1/admin/orders/{parcel.id}/refunds/{refund['id']}/waive"
    done = parcel.cashier.api.post(path, REASON, as_=parcel.cashier.finance, key=new_key())
    assert (done.status, done.body["status"]) == (200, "closed")
    assert parcel.come_back().status == 200
    assert (parcel.cashier.balance(), parcel.cashier.books(parcel.id)) == ((5000, 0), {})


def test_a_refund_paid_by_our_bank_keeps_the_order_collected(parcel: Parcel) -> None:
    parcel.delivered()
    refund = parcel.cashier.refund(parcel.id, units(parcel.order, 1)).body
    path = f"/v1/admin/orders/{parcel.id}/refunds/{refund['id']}/paid-by-hand"
    body = {"bank_reference": "ICBC-1"}
    done = parcel.cashier.api.post(path, body, as_=parcel.cashier.finance, key=new_key())
    assert done.status == 200
    before = parcel.stands()
    refused = parcel.come_back()
    assert (refused.status, refused.body["current_status"]) == (409, "by_hand")
    assert parcel.stands() == before


@pytest.mark.parametrize("role", ["member", "agent", "finance"])
def test_only_roles_that_ship_may_mark_a_parcel_uncollected(parcel: Parcel, role: str) -> None:
    before = parcel.delivered().stands()
    refused = parcel.come_back(as_=token(parcel.cashier.member, role))
    assert (refused.status, refused.body["code"]) == (403, "forbidden")
    assert parcel.stands() == before


@pytest.mark.parametrize(
    ("body", "key", "code"),
    [
        ({}, "key-0001", "invalid_request"),
        ({"reason": ""}, "key-0001", "invalid_request"),
        ({"reason": "\u200b\n"}, "key-0001", "invalid_request"),
        (REASON | {"lines": []}, "key-0001", "unknown_field"),
        (REASON, None, "idempotency_key_required"),
    ],
)
def test_a_bad_request_changes_nothing(
    parcel: Parcel, body: Any, key: str | None, code: str
) -> None:
    before = parcel.delivered().stands()
    refused = parcel.come_back(body, key=key)
    assert (refused.status, refused.body["code"]) == (400, code)
    assert parcel.stands() == before


def test_an_unknown_order_cannot_be_marked_uncollected(cashier: Cashier) -> None:
    path = "/v1/admin/orders/ord_nobody/uncollected"
    assert cashier.api.post(path, REASON, as_=cashier.world.ops, key=new_key()).status == 404
