"""Acts on placed orders. Each act is one transaction; its key identifies a retry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

import msgspec

from chalicelib import audit, catalog
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.errors import (
    FieldError,
    IdempotencyKeyReused,
    Invalid,
    NotAllowedInThisState,
    NotFound,
    Words,
)
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.orders import rules
from chalicelib.orders.actions import returning
from chalicelib.orders.errors import OrderDisputed
from chalicelib.orders.queries.orders import find_order, get_order
from chalicelib.orders.rules import Order, OrderAct, Parcel, refunds
from chalicelib.orders.rules.words import not_allowed
from chalicelib.orders.tables import TrackingItem, put_order

Change = Callable[[WriteSet, Order], Order]


def act_on(order_id: str, act: OrderAct, member_id: str | None = None) -> tuple[Order, bool]:
    """Apply an act to an order; a cancelled or rejected one returns all it took: (order, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, OrderDisputed, OutOfStock.
    """

    def change(writes: WriteSet, order: Order) -> Order:
        after = rules.advance(order, act)
        if after.status in rules.UNDOES:
            return returning.undo(writes, order, after, act)
        returning.reserve_again(writes, order, after)
        return returning.collect(writes, after, act)

    return change_order(order_id, act, member_id, change)


def refund(
    order_id: str, quantities: Mapping[str, int], refund_id: str, act: OrderAct, audited: audit.Act
) -> tuple[Order, bool]:
    """Refund some units of an order, or all that are left: (order, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, OrderDisputed,
    RefundExceedsOrder.
    """

    def change(writes: WriteSet, order: Order) -> Order:
        after, made = refunds.refund_units(order, quantities, refund_id, act)
        returning.refund(writes, order, after, made, act)
        seen = {"refunds": len(order.refunds)}
        audit.record(writes, audited.changing({**seen}, {"points": made.points, "cash": made.cash}))
        return after

    return change_order(order_id, act, None, change)


def return_to_sender(
    order_id: str, refund_id: str, act: OrderAct, audited: audit.Act
) -> tuple[Order, bool]:
    """Take back an unpaid parcel of an order on delivery: (order, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, NotCollected.
    """

    def change(writes: WriteSet, order: Order) -> Order:
        after, made = refunds.return_to_sender(order, refund_id, act)
        uncollected = returning.return_to_sender(writes, order, made, act)
        points = made.points if made else 0
        before, now = {"status": order.status}, {"points": points, "uncollected": uncollected}
        audit.record(writes, audited.changing({**before}, {**now}))
        return after

    return change_order(order_id, act, None, change)


def ship(order_id: str, act: OrderAct, parcel: Parcel) -> tuple[Order, bool]:
    """Record a parcel; the last one makes the order shipped: (order, replayed).

    A parcel without quantities takes all units left.

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, Invalid, OrderDisputed,
    OutOfStock.
    """

    def change(writes: WriteSet, order: Order) -> Order:
        shipped = rules.next_status(order, act.name)
        left = order.unshipped()
        packed = parcel.quantities or left
        for sku, quantity in packed.items():
            if quantity > left.get(sku, 0):
                raise _too_many(order, sku, left.get(sku, 0))
        full = not Counter(left) - Counter(packed)
        if found_by := TrackingItem.of(order.id, order.created_at_ms, parcel.tracking_number):
            writes.put(found_by)
        sent = replace(
            order, parcels=(*order.parcels, msgspec.structs.replace(parcel, quantities=packed))
        )
        returning.reserve_again(writes, order, sent)
        return rules.record(replace(sent, status=shipped if full else order.status), act)

    return change_order(order_id, act, None, change)


def hand_out_codes(order_id: str, now_ms: int) -> None:
    """Issue the codes of a completed virtual order once; a repeated call changes nothing.

    Raises CodePoolEmpty, OutOfStock.
    """
    act = OrderAct("hand_out", "system", "fulfil_orders", now_ms)

    def write() -> Order:
        order = get_order(order_id)
        if order.kind != rules.VIRTUAL or order.codes is not None:
            return order
        if order.disputed or order.is_refunded:
            # The message comes once more when the mall wins the dispute.
            return order
        writes = WriteSet()
        codes = {
            line.sku: catalog.take_codes(writes, line.sku, line.left, order_id, from_ms(act.at_ms))
            for line in order.lines
            if line.left
        }
        sealed = encrypt(msgspec.json.encode(codes), bound_to=order_id)
        after = replace(order, codes=sealed, version=order.version + 1)
        returning.reserve_again(writes, order, after)
        put_order(writes, order, after)
        writes.commit()
        return after

    def find() -> Order | None:
        order = find_order(order_id)
        return order if order and order.codes is not None else None

    replay_outranks_refusal(write, find)


def _too_many(order: Order, sku: str, left: int) -> Invalid:
    titles = {line.sku: line.title for line in order.lines}
    zh, en = titles.get(sku, Words(sku, sku))
    words = Words(f"「{zh}」还可发 {left} 件", f"{left} of “{en}” are left to ship")
    return Invalid(FieldError("lines", "more_than_ordered", words))


def confirm_by_time(order_id: str, now_ms: int) -> bool:
    """Complete an order that its member did not confirm in time; False if its state has changed."""
    act = OrderAct("confirm", "system", "sweep_orders", now_ms)

    def change(writes: WriteSet, order: Order) -> Order:
        queue = rules.queue_of(order)
        if queue is None or queue[0] != rules.RECEIPT_QUEUE or queue[1] > now_ms:
            raise not_allowed(order.kind, order.status)
        return returning.collect(writes, rules.advance(order, act), act)

    try:
        change_order(order_id, act, None, change)
    except (NotAllowedInThisState, OrderDisputed):
        return False
    return True


def change_order(
    order_id: str, act: OrderAct, member_id: str | None, change: Change
) -> tuple[Order, bool]:
    """Change an order in one transaction, once for a key: (order, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, and what `change` raises.
    """

    def write() -> Order:
        order = get_order(order_id, member_id)
        if _was_done(order, act):
            # While units are left to ship the state allows a parcel: the key refuses its repeat.
            raise not_allowed(order.kind, order.status)
        writes = WriteSet()
        after = change(writes, order)
        put_order(writes, order, after)
        writes.commit()
        return after

    def find() -> Order | None:
        try:
            order = get_order(order_id, member_id)
        except NotFound:
            return None
        return order if _was_done(order, act) else None

    return replay_outranks_refusal(write, find)


def _was_done(order: Order, act: OrderAct) -> bool:
    """Whether the act's key is in the order's history.

    Raises IdempotencyKeyReused if it came with other content.
    """
    for step in order.steps:
        if act.key is not None and step.key == act.key:
            if (step.content or b"") != act.content:
                raise IdempotencyKeyReused()
            return True
    return False
