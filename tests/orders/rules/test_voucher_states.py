"""The states of a voucher, as data: what its use does in each, in each state of its order."""

from __future__ import annotations

from itertools import product

import pytest
from msgspec.structs import replace

from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.errors import JifenError, NotAllowedInThisState
from chalicelib.orders.errors import (
    BookingNotOver,
    VoucherExpired,
    VoucherOfAnotherStore,
    VoucherUsed,
)
from chalicelib.orders.rules import Booking, Order, Parcel
from chalicelib.orders.rules.tracking import awaits_carrier
from chalicelib.orders.rules.vouchers import VoucherEnd, Vouchers, miss, status_of, use
from tests.orders.rules.making import STATUSES, WAYS, A, B, act, order

pytestmark = pytest.mark.pure

NOW_MS, EXPIRES_MS = 2_000, 9_000
HERE, ELSEWHERE = "sto_1", "sto_2"
# What is known of the voucher of A, and the state that it is shown in while its order is approved.
VOUCHERS = {
    "unused": (None, EXPIRES_MS, "unused"),
    "used": (VoucherEnd("used", 1_500, HERE), EXPIRES_MS, "used"),
    "lapsed": (VoucherEnd("expired", 1_500), EXPIRES_MS, "expired"),
    "out of time": (None, NOW_MS, "expired"),
    "refunded": (None, EXPIRES_MS, "expired"),
}
AT_COUNTERS = ("pickup", "service")


def the_order(way: str, status: str, state: str) -> Order:
    line = replace(A, refunded=A.quantity) if state == "refunded" else A
    done = ("A",) if state in ("used", "lapsed") else ()
    return order(status, lines=(line, B), done=done, **{"store_id": HERE, **WAYS[way]})


def the_vouchers(state: str) -> Vouchers:
    ended, expires_at_ms, _ = VOUCHERS[state]
    ends = {"A": ended} if ended else {}
    return Vouchers("ord_1", {"A": "1", "B": "2"}, expires_at_ms, expires_at_ms, ends)


def wanted(status: str, state: str, store_id: str) -> type[JifenError] | None:
    """The refusal of a use; None if it is used."""
    if state == "used":
        return VoucherUsed
    if status != "approved" or state != "unused":
        return VoucherExpired
    return VoucherOfAnotherStore if store_id == ELSEWHERE else None


@pytest.mark.parametrize(("way", "status"), list(product(AT_COUNTERS, STATUSES)))
@pytest.mark.parametrize("state", VOUCHERS)
@pytest.mark.parametrize("store_id", [HERE, ELSEWHERE])
def test_a_voucher_is_used_once_in_time_in_its_store_or_refused(
    way: str, status: str, state: str, store_id: str
) -> None:
    one, seen = the_order(way, status, state), the_vouchers(state)
    refusal = wanted(status, state, store_id)
    if refusal:
        with pytest.raises(refusal):
            use(seen, one, "A", store_id, act("use", NOW_MS))
        return
    vouchers, after = use(seen, one, "A", store_id, act("use", NOW_MS))
    assert vouchers.ends == {"A": VoucherEnd("used", NOW_MS, HERE)}
    assert (after.status, after.done) == ("approved", ("A",))
    vouchers, last = use(vouchers, after, "B", store_id, act("use", NOW_MS))
    assert (last.status, last.done, vouchers.due_ms) == ("completed", (), None)


@pytest.mark.parametrize(("way", "status"), list(product(AT_COUNTERS, STATUSES)))
@pytest.mark.parametrize("state", VOUCHERS)
def test_a_voucher_is_shown_in_one_state(way: str, status: str, state: str) -> None:
    shown = status_of(the_vouchers(state), the_order(way, status, state), "A", from_ms(NOW_MS))
    ended, _, if_approved = VOUCHERS[state]
    assert shown == (ended.status if ended else if_approved if status == "approved" else "expired")


@pytest.mark.parametrize(("way", "status"), list(product(WAYS, STATUSES)))
@pytest.mark.parametrize("begins_ms", [NOW_MS, NOW_MS + 1])
def test_nobody_is_missed_but_at_a_booking_that_has_begun(
    way: str, status: str, begins_ms: int
) -> None:
    one = order(status, booking=Booking(begins_ms), **WAYS[way])
    if (way, status) != ("service", "approved"):
        with pytest.raises(NotAllowedInThisState):
            miss(one, act("miss", NOW_MS))
    elif begins_ms > NOW_MS:
        with pytest.raises(BookingNotOver):
            miss(one, act("miss", NOW_MS))
    else:
        after = miss(one, act("miss", NOW_MS))
        assert after.status == "approved"
        assert after.booking == replace(one.booking, missed=True)
        with pytest.raises(BookingNotOver):
            miss(after, act("miss", NOW_MS))


@pytest.mark.parametrize("status", STATUSES)
def test_a_carrier_moves_orders_on_their_way_alone(status: str) -> None:
    parcel = Parcel("SF", "1", {"A": 3, "B": 1})
    assert awaits_carrier(order(status, parcels=(parcel,))) == (status == "shipped")
    assert not awaits_carrier(order(status))
