"""Returns of undone and refunded orders: points, stock, limits and cash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from chalicelib import catalog, ledger, payments
from chalicelib.kernel import ids
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.money import Money
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Cause
from chalicelib.orders import rules
from chalicelib.orders.actions import booking, limits
from chalicelib.orders.rules import Order, OrderAct, OrderLine, Refund
from chalicelib.orders.rules.refunds import refund_all
from chalicelib.orders.rules.stock import reserved, unsent

_WHY_UNDONE: dict[str, catalog.StockAct] = {
    rules.CANCELLED: "cancelled",
    rules.REJECTED: "rejected",
}


def undo(writes: WriteSet, order: Order, after: Order, act: OrderAct) -> Order:
    """Add the return of everything that the order took; the undone order.

    An unpaid order may still be paid: it is unsettled until the provider has ended its payment.
    """
    if order.points:
        _return_points(writes, order, after.status, act)
    release(writes, order, reserved(order), _WHY_UNDONE[after.status])
    booking.release(writes, order, after)
    limits.uncount(writes, order, _left(order))
    if order.paid is not None:
        after, made = refund_all(after, ids.derived_id("rfd", order.id), act)
        return_cash(writes, order, made, after.status, act.at_ms)
    return replace(after, unsettled=order.status == rules.AWAITING_PAYMENT)


def refund(writes: WriteSet, order: Order, after: Order, made: Refund, act: OrderAct) -> None:
    """Add the points, stock, limits and cash of a refund; units still here are on sale again."""
    _refund_points(writes, order, made, act)
    release(writes, order, Counter(reserved(order)) - Counter(reserved(after)), "refund")
    booking.release(writes, order, after)
    limits.uncount(writes, order, _refunded(order, after))
    return_cash(writes, order, made, "refund", act.at_ms)


def return_to_sender(writes: WriteSet, order: Order, made: Refund | None, act: OrderAct) -> int:
    """Add the return of an unpaid parcel: points, goods, limits and the cash booked as collected;
    the amount of that cash (minor units).

    Raises NotCollected, NotAllowedInThisState.
    """
    if made is not None:
        _refund_points(writes, order, made, act)
        left = _left(order)
        release(writes, order, {line.sku: line.quantity for line in left}, "returned")
        limits.uncount(writes, order, left)
    if order.paid is None:
        return 0
    owed = [refund.id for refund in order.refunds if refund.cash]
    return payments.reverse_collection(writes, order.id, owed, from_ms(act.at_ms))


def release_disputed(writes: WriteSet, order: Order) -> Order:
    """Put units still here on sale again: a lost dispute freezes the order for good. The order."""
    kept = reserved(order)
    release(writes, order, kept, "lost_dispute")
    after = replace(order, unreserved=True, version=order.version + 1) if kept else order
    booking.release(writes, order, after)
    return after


def reserve_again(writes: WriteSet, order: Order, after: Order) -> None:
    """Reserve the units that leave now, if a lost dispute had put them on sale.

    The commit raises OutOfStock if it has been sold meanwhile.
    """
    if order.unreserved:
        leaves = Counter(unsent(order)) - Counter(unsent(after))
        titles = {line.sku: line.title for line in order.lines}
        for sku, quantity in leaves.items():
            why = catalog.Because("sale_again", order.id)
            catalog.take(writes, sku, titles[sku], quantity, why)


def collect(writes: WriteSet, order: Order, act: OrderAct) -> Order:
    """Add the cash that a carrier collected for a delivered order; the order."""
    has_come = order.status in (rules.DELIVERED, rules.COMPLETED)
    if order.method != rules.COD or order.paid is not None or not has_come:
        return order
    due = order.cash - order.cash_refunded
    if due:
        payments.collect_on_delivery(writes, order.id, cash_of(order, due), from_ms(act.at_ms))
    return replace(order, paid=rules.COD)


def return_cash(writes: WriteSet, order: Order, made: Refund, reason: str, at_ms: int) -> None:
    """Owe the cash of a refund, if the order was paid."""
    if made.cash and order.paid is not None:
        payments.owe_refund(
            writes,
            made.id,
            order.id,
            order.member_id,
            cash_of(order, made.cash),
            payments.SALES,
            reason,
            from_ms(at_ms),
            by_hand=order.method == rules.COD,
        )


def cash_of(order: Order, amount: int) -> Money:
    assert order.currency, "an order with cash has its currency"
    return Money(amount, order.currency)


def release(
    writes: WriteSet, order: Order, quantities: Mapping[str, int], why: catalog.StockAct
) -> None:
    """Add the return of units to the stock."""
    for sku, quantity in quantities.items():
        catalog.release(writes, sku, quantity, catalog.Because(why, order.id))


def _left(order: Order) -> Sequence[OrderLine]:
    """Lines of the units without a refund."""
    return [replace(line, quantity=line.left) for line in order.lines if line.left]


def _refunded(order: Order, after: Order) -> Sequence[OrderLine]:
    """Lines of the units of a refund."""
    pairs = zip(order.lines, after.lines, strict=True)
    return [replace(line, quantity=line.left - now.left) for line, now in pairs if line != now]


def _return_points(writes: WriteSet, order: Order, status: str, act: OrderAct) -> None:
    account, now = ledger.find_account(ledger.points_account(order.member_id)), from_ms(act.at_ms)
    cause = Cause(order.reference, order.reference, act.at_ms, rule=status)
    if order.status == rules.AWAITING_PAYMENT:
        ledger.release_for_owner(writes, account, order.id, cause, now)
    elif order.was_held:
        reversed_by = cause._replace(reference=ledger.reversal_of(order.reference))
        spent = _spent(order, account.id)
        # Points that are back already mean that somebody else was faster: the order tells how.
        ledger.refund(writes, account, spent, order.points, 0, reversed_by, now, or_raise=Moved)
    else:
        ledger.reverse(writes, account, _spent(order, account.id), cause, now, or_raise=Moved)


def _refund_points(writes: WriteSet, order: Order, made: Refund, act: OrderAct) -> None:
    if not made.points:
        return
    account = ledger.find_account(ledger.points_account(order.member_id))
    reference = f"{order.reference}:refund:{made.id}"
    cause = Cause(reference, order.reference, act.at_ms, rule="refund")
    spent, now = _spent(order, account.id), from_ms(act.at_ms)
    ledger.refund(writes, account, spent, made.points, order.points_refunded, cause, now)


def _spent(order: Order, account_id: str) -> ledger.Entry:
    """The entry that took the order's points out of their lots."""
    reference = ledger.hold_reference(order.id) if order.was_held else order.reference
    entry = ledger.find_entry(account_id, reference)
    assert entry is not None, "every placed order has its redemption"
    return entry
