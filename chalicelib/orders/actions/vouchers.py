"""Vouchers join the transaction that approves, moves or ends their order."""

from __future__ import annotations

from chalicelib import catalog
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.crypto import keyed_hash
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders.queries.vouchers import find_vouchers
from chalicelib.orders.rules import Order
from chalicelib.orders.rules import vouchers as rules
from chalicelib.orders.rules.orders import APPROVED
from chalicelib.orders.rules.vouchers import CODE_DIGITS, VoucherEnd, Vouchers
from chalicelib.orders.tables.counter import VoucherItem, VouchersItem


def issue(writes: WriteSet, before: str, order: Order) -> None:
    """Add the vouchers of an order that is approved now: one for each line.

    The commit raises Moved if a code is taken already: one of 10^12, so the caller tries later.
    """
    is_new = order.status == APPROVED and before != APPROVED
    if not is_new or not rules.has_vouchers(order):
        return
    codes = {line.sku: _code_of(order, line.sku) for line in rules.open_lines(order)}
    now = from_ms(order.steps[-1].at_ms)
    until = catalog.used_until([line.product_id for line in order.lines], now)
    made = rules.new_vouchers(order, codes, now, until)
    writes.put_new(VouchersItem.of(made), or_raise=Moved)
    for sku, code in codes.items():
        writes.put_new(VoucherItem.of(code, order.id, sku), or_raise=Moved)


def close(writes: WriteSet, before: Order, after: Order, status: rules.VoucherStatus) -> None:
    """Add the end of all vouchers of an order that are open; orders of earlier releases have
    none."""
    vouchers = find_vouchers(before.id) if rules.has_vouchers(before) else None
    if vouchers is not None:
        skus = [line.sku for line in rules.open_lines(before)]
        how = VoucherEnd(status, after.steps[-1].at_ms, before.store_id)
        put(writes, rules.end(vouchers, after, skus, how))


def rebook(writes: WriteSet, order: Order) -> None:
    """Add what another time of a booking means for its vouchers."""
    vouchers = find_vouchers(order.id)
    if vouchers is not None:
        put(writes, rules.rebooked(vouchers, order))


def put(writes: WriteSet, vouchers: Vouchers) -> None:
    """Add the vouchers as they are now: the order's version, which each change of them raises,
    guards them."""
    writes.put(VouchersItem.of(vouchers))


def _code_of(order: Order, sku: str) -> str:
    """The code of a line, which nobody can guess without the stage's key. Another try of a request
    at another moment draws another one."""
    drawn = keyed_hash("voucher code", order.id, sku, str(order.steps[-1].at_ms))
    return f"{int.from_bytes(drawn[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
