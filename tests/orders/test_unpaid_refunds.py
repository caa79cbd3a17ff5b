"""Refunds of uncollected cash on delivery: less is due, and no cash is reported."""

from __future__ import annotations

from chalicelib.orders import OrderRefunded
from chalicelib.orders.events import facts_of
from chalicelib.orders.queries.orders import get_order
from chalicelib.payments.rules.journal import CARRIERS, SALES
from tests.orders.cashier import Cashier
from tests.orders.parcels import Parcel
from tests.orders.refunds import units
from tests.orders.streamed import change


def shown(cashier: Cashier, parcel: Parcel) -> tuple[str, list[tuple[int, str]]]:
    """The state of the payment; the cash and state of each refund."""
    seen = cashier.show(parcel.id)
    refunds = [(each["cash"]["amount"], each["status"]) for each in seen["refunds"]]
    return seen["payment"]["status"], refunds


def test_unpaid_cash_is_not_reported_as_refunded(cashier: Cashier) -> None:
    parcel = Parcel(cashier).shipped()
    before = get_order(parcel.id)
    made = cashier.refund(parcel.id, {"reason": "拒收"})
    assert (made.status, made.body["status"]) == (201, "not_due")
    assert shown(cashier, parcel) == ("cancelled", [(3960, "not_due")])
    (fact,) = [
        each
        for each in facts_of(change(before, get_order(parcel.id)))
        if isinstance(each.data, OrderRefunded)
    ]
    assert (fact.type, fact.data.points, fact.data.cash) == ("order.refunded", 2000, 0)
    assert (parcel.by_hand(), cashier.books(parcel.id)) == ([], {})


def test_units_refunded_before_the_delivery_lower_the_due_cash(cashier: Cashier) -> None:
    parcel = Parcel(cashier).shipped()
    assert cashier.refund(parcel.id, units(parcel.order, 1)).body["status"] == "not_due"
    assert shown(cashier, parcel) == ("due", [(1980, "not_due")])
    parcel.be("deliver")
    assert shown(cashier, parcel) == ("collected", [(1980, "not_due")])
    assert cashier.books(parcel.id) == {CARRIERS: 1980, SALES: -1980}
    before = get_order(parcel.id)
    assert cashier.refund(parcel.id, units(parcel.order, 1)).body["status"] == "pending"
    assert shown(cashier, parcel) == ("refunded", [(1980, "not_due"), (1980, "pending")])
    (fact,) = [
        each
        for each in facts_of(change(before, get_order(parcel.id)))
        if isinstance(each.data, OrderRefunded)
    ]
    assert fact.data.cash == 1980
    assert [each["amount"]["amount"] for each in parcel.by_hand()] == [1980]


def test_an_unpaid_returned_parcel_has_refunded_no_cash(cashier: Cashier) -> None:
    parcel = Parcel(cashier).delivered()
    assert cashier.refund(parcel.id, units(parcel.order, 1)).body["status"] == "pending"
    assert parcel.come_back().status == 200
    status, (first, _) = shown(cashier, parcel)
    assert (status, first) == ("cancelled", (1980, "not_due"))
