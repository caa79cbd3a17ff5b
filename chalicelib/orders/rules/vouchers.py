"""Vouchers of services and of goods that are fetched at a store: one for each line of an order.

How a voucher ended stands beside the codes; what that does to the order stands on the order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from chalicelib.kernel.clock import end_of, from_ms, program_day, rfc3339_ms, shown, to_ms
from chalicelib.kernel.config import config
from chalicelib.orders.errors import (
    BookingNotOver,
    RescheduleClosed,
    VoucherExpired,
    VoucherOfAnotherStore,
    VoucherUsed,
)
from chalicelib.orders.rules.orders import (
    APPROVED,
    PICKUP,
    SERVICE,
    UNDOES,
    Order,
    OrderAct,
    OrderLine,
    next_status,
    record,
)
from chalicelib.orders.rules.words import MISSED, USED

VoucherStatus = Literal["unused", "used", "expired"]
VOUCHER_QUEUE = "voucher"
CODE_DIGITS = 12
# At the counter, of one of the staff: far above all mistyped ones, far below a search of 10^12.
WRONG_CODES_AN_HOUR = 30
_HOUR_MS = 3600 * 1000


class VoucherEnd(msgspec.Struct, frozen=True, array_like=True):
    """How a voucher ended: used or expired, when, and in which store."""

    status: VoucherStatus
    at_ms: int
    store_id: str | None = None


class Vouchers(msgspec.Struct, frozen=True):
    """The vouchers of an order: codes by SKU, and how those ended that have. `due_ms` is when the
    sweep looks at them, None if never again."""

    order_id: str
    codes: Mapping[str, str]
    expires_at_ms: int
    due_ms: int | None
    ends: Mapping[str, VoucherEnd]


def has_vouchers(order: Order) -> bool:
    """Whether an order's goods are handed over for a voucher."""
    return order.way in (SERVICE, PICKUP)


def new_vouchers(
    order: Order, codes: Mapping[str, str], now: datetime, used_until: datetime | None
) -> Vouchers:
    """Vouchers that are good until the goods can no longer be used, or else for the days of the
    setting, and at least until the booking is missed."""
    days = timedelta(days=config().orders.voucher_days)
    expires_at_ms = to_ms(used_until or end_of(program_day(now + days)))
    made = Vouchers(order.id, codes, expires_at_ms, None, {})
    return rebooked(made, order)


def rebooked(vouchers: Vouchers, order: Order) -> Vouchers:
    """The vouchers after the booking of their order has changed."""
    missed = missed_ms(order)
    if missed is None:
        return replace(vouchers, due_ms=vouchers.expires_at_ms)
    expires_at_ms = max(vouchers.expires_at_ms, missed)
    return replace(vouchers, expires_at_ms=expires_at_ms, due_ms=missed)


def missed_ms(order: Order) -> int | None:
    """The moment from which a booking counts as missed; None without one, or if it was."""
    booking = order.booking
    if booking is None or booking.missed:
        return None
    return booking.ends_at_ms + config().orders.no_show_after_hours * _HOUR_MS


def open_lines(order: Order) -> list[OrderLine]:
    """The lines whose vouchers can be used."""
    if order.status in UNDOES:
        return []
    return [line for line in order.lines if line.left and line.sku not in order.done]


def status_of(vouchers: Vouchers, order: Order, sku: str, now: datetime) -> VoucherStatus:
    """The state of a voucher; one whose units were refunded counts as expired."""
    if ended := vouchers.ends.get(sku):
        return ended.status
    is_open = order.status == APPROVED and any(line.sku == sku for line in open_lines(order))
    return "unused" if is_open and to_ms(now) < vouchers.expires_at_ms else "expired"


def use(
    vouchers: Vouchers, order: Order, sku: str, store_id: str, act: OrderAct
) -> tuple[Vouchers, Order]:
    """Use a voucher at a store; the last one completes the order.

    Raises VoucherUsed, VoucherExpired, VoucherOfAnotherStore, NotAllowedInThisState, OrderDisputed.
    """
    ended = vouchers.ends.get(sku)
    if ended is not None and ended.status == "used":
        at = shown(from_ms(ended.at_ms))
        used_at = rfc3339_ms(ended.at_ms)
        raise VoucherUsed(used_at=used_at, used_store_id=ended.store_id).telling(at=at)
    if status_of(vouchers, order, sku, from_ms(act.at_ms)) != "unused":
        raise VoucherExpired()
    if order.store_id not in (None, store_id):
        raise VoucherOfAnotherStore(voucher_store_id=order.store_id)
    after = finish(order, sku, act)
    return end(vouchers, after, [sku], VoucherEnd("used", act.at_ms, store_id)), after


def finish(order: Order, sku: str, act: OrderAct) -> Order:
    """The order after one of its lines was used; the last one completes it.

    Raises NotAllowedInThisState, OrderDisputed.
    """
    status = next_status(order, act.name)
    done = (*order.done, sku)
    if any(line.sku not in done for line in open_lines(order)):
        return record(replace(order, done=done), replace(act, note=act.note or USED))
    return record(replace(order, status=status, done=()), act)


def end(vouchers: Vouchers, after: Order, skus: list[str], how: VoucherEnd) -> Vouchers:
    """The vouchers after some of them have ended; the sweep needs no look once no more are open."""
    ends = {**vouchers.ends, **dict.fromkeys(skus, how)}
    is_over = after.status != APPROVED or not open_lines(after)
    return replace(vouchers, ends=ends, due_ms=None if is_over else vouchers.due_ms)


def miss(order: Order, act: OrderAct) -> Order:
    """The order whose member did not come: another time may be booked.

    Raises NotAllowedInThisState, OrderDisputed, BookingNotOver.
    """
    status = next_status(order, "miss")
    booking = order.booking
    if booking is None or booking.missed or booking.at_ms > act.at_ms:
        at = rfc3339_ms(booking.at_ms) if booking else None
        raise BookingNotOver(starts_at=at)
    missed = replace(order, status=status, booking=replace(booking, missed=True))
    return record(missed, replace(act, note=act.note or MISSED))


def check_may_reschedule(order: Order, by: str, at_ms: int) -> None:
    """Check that a member is in time to move a booking. The staff always is, and so is the member
    of a booking that was missed.

    Raises RescheduleClosed.
    """
    booking, hours = order.booking, config().orders.reschedule_hours_before
    if by != "member" or booking is None or booking.missed:
        return
    until_ms = booking.at_ms - hours * _HOUR_MS
    if at_ms > until_ms:
        raise RescheduleClosed(until=rfc3339_ms(until_ms), hours=hours)
