"""The counter: vouchers are used up once, bookings are missed, unused vouchers lapse."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib import audit, catalog
from chalicelib.kernel import ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.kernel.web.auth import ADMIN
from chalicelib.orders import rules
from chalicelib.orders.actions import returning, sync, vouchers
from chalicelib.orders.actions.acts import change_order
from chalicelib.orders.actions.discounts import put_changed
from chalicelib.orders.errors import NotThisStoresStaff, OrderDisputed, VoucherExpired
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.queries.vouchers import find_vouchers, get_place
from chalicelib.orders.rules import Order, OrderAct, advance
from chalicelib.orders.rules import vouchers as rules_of_vouchers
from chalicelib.orders.rules.orders import APPROVED
from chalicelib.orders.rules.refunds import refund_units
from chalicelib.orders.rules.vouchers import VoucherEnd, Vouchers, missed_ms, open_lines
from chalicelib.orders.rules.words import LAPSED, MISSED

_DISPUTE_WAITS = timedelta(days=1)


def use_voucher(
    code: str, store_id: str, act: OrderAct, audited: audit.Act
) -> tuple[Order, str, bool]:
    """Use a voucher at a store, by its staff: (order, SKU, replayed).

    Raises NotFound, Invalid, NotThisStoresStaff, VoucherUsed, VoucherExpired,
    VoucherOfAnotherStore, NotAllowedInThisState, OrderDisputed, IdempotencyKeyReused, OutOfStock.
    """
    place = get_place(code)

    def change(writes: WriteSet, order: Order) -> Order:
        _check_staff(store_id, audited.actor)
        seen = find_vouchers(order.id)
        if seen is None:
            raise VoucherExpired()
        now, after = rules_of_vouchers.use(seen, order, place.sku, store_id, act)
        vouchers.put(writes, now)
        returning.reserve_again(writes, order, after)
        told: audit.Facts = {"order": order.id, "sku": place.sku, "store": store_id}
        audit.record(writes, audited.changing({"status": "unused"}, {"status": "used", **told}))
        return after

    order, replayed = change_order(place.order_id, act, None, change)
    return order, place.sku, replayed


def record_no_show(order_id: str, act: OrderAct, audited: audit.Act) -> tuple[Order, bool]:
    """Record that nobody came to a booking that has begun; the setting says what follows:
    (order, replayed).

    Raises NotFound, NotAllowedInThisState, BookingNotOver, OrderDisputed, IdempotencyKeyReused.
    """

    def change(writes: WriteSet, order: Order) -> Order:
        after = _miss(writes, order, act)
        policy = config().orders.no_show
        audit.record(writes, audited.changing({"status": order.status}, {"policy": policy}))
        return after

    return change_order(order_id, act, None, change)


def settle_due(order_id: str, now: datetime) -> bool:
    """Settle what is due of an order's vouchers: a missed booking, or their expiry; whether
    something was. A disputed order is looked at again a day later.
    """
    act = OrderAct("lapse", "system", "sweep_orders", to_ms(now))
    if config().orders.voucher_lapse == "refund" or config().orders.no_show == "refund":
        sync.refresh_payment(order_id, "refund", now)

    def write() -> bool:
        order, seen = get_order(order_id), find_vouchers(order_id)
        if seen is None or seen.due_ms is None or seen.due_ms > act.at_ms:
            return False
        writes = WriteSet()
        if order.status != APPROVED or not open_lines(order):
            vouchers.put(writes, replace(seen, due_ms=None))
            after = replace(order, version=order.version + 1)
        else:
            after = _settle(writes, order, seen, act)
        put_changed(writes, order, after)
        writes.commit()
        return after.steps != order.steps

    try:
        return with_fresh_reads(write)
    except OrderDisputed:
        return with_fresh_reads(lambda: _wait(order_id, to_ms(now + _DISPUTE_WAITS)))


def _wait(order_id: str, until_ms: int) -> bool:
    order, seen = get_order(order_id), find_vouchers(order_id)
    if seen is not None:
        writes = WriteSet()
        vouchers.put(writes, replace(seen, due_ms=until_ms))
        put_changed(writes, order, replace(order, version=order.version + 1))
        writes.commit()
    return False


def _settle(writes: WriteSet, order: Order, seen: Vouchers, act: OrderAct) -> Order:
    missed = missed_ms(order)
    if missed is not None and missed <= act.at_ms:
        return _miss(writes, order, act)
    if seen.expires_at_ms <= act.at_ms:
        return _end(writes, order, seen, config().orders.voucher_lapse, act, LAPSED)
    vouchers.put(writes, rules_of_vouchers.rebooked(seen, order))
    return replace(order, version=order.version + 1)


def _miss(writes: WriteSet, order: Order, act: OrderAct) -> Order:
    """Raises NotAllowedInThisState, BookingNotOver, OrderDisputed."""
    missed, policy = rules_of_vouchers.miss(order, act), config().orders.no_show
    seen = find_vouchers(order.id)
    if policy == "rebook" or seen is None:
        if seen is not None:
            vouchers.put(writes, rules_of_vouchers.rebooked(seen, missed))
        return missed
    return _end(writes, order, seen, policy, act, MISSED)


def _end(
    writes: WriteSet, order: Order, seen: Vouchers, policy: str, act: OrderAct, why: str
) -> Order:
    """End all open vouchers: their points and cash go back, or are forfeited. Goods that nobody
    fetched are on sale again; a service that nobody used counts as sold."""
    act = replace(act, name="lapse", note=act.note or why)
    left = {line.sku: line.left for line in open_lines(order)}
    if policy == "refund":
        refund_id = ids.derived_id("rfd", order.id, why, str(order.version))
        after, made = refund_units(order, left, refund_id, act)
        returning.refund(writes, order, after, made, act)
    else:
        after = replace(advance(order, act), done=())
        if order.way == rules.PICKUP:
            returning.release(writes, order, left, "returned")
    how = VoucherEnd("expired", act.at_ms)
    vouchers.put(writes, rules_of_vouchers.end(seen, after, list(left), how))
    return after


def _check_staff(store_id: str, actor: audit.Actor) -> None:
    """Raises Invalid, NotThisStoresStaff."""
    store = catalog.find_store(store_id)
    if store is None:
        raise catalog.unknown_store("store_id")
    if store.staff and actor.member_id not in store.staff and ADMIN not in actor.roles:
        raise NotThisStoresStaff()
