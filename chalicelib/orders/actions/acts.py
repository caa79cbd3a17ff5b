"""Acts on placed orders. Each act is one transaction; its key identifies a retry.

Parcels, refunds and codes have files of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from chalicelib.kernel.errors import (
    IdempotencyKeyReused,
    NotAllowedInThisState,
    NotFound,
)
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.orders import rules
from chalicelib.orders.actions import returning, vouchers
from chalicelib.orders.actions.discounts import put_changed
from chalicelib.orders.errors import OrderDisputed
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import Order, OrderAct, Step
from chalicelib.orders.rules.words import not_allowed

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
        vouchers.issue(writes, order.status, after)
        if act.name == "use":
            vouchers.close(writes, order, after, "used")
        return returning.collect(writes, replace(after, done=()), act)

    return change_order(order_id, act, member_id, change)


def confirm_by_time(order_id: str, now_ms: int) -> bool:
    """Complete an order that its member did not confirm in time; False if its state has changed."""
    act = OrderAct("confirm", "system", "sweep_orders", now_ms)

    def change(writes: WriteSet, order: Order) -> Order:
        queue, until_ms = rules.queue_of(order)
        if queue not in rules.RECEIPT_QUEUES or until_ms > now_ms:
            raise not_allowed(order.way, order.status)
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
        if was_done(order.steps, act):
            # While units are left to ship the state allows a parcel: the key refuses its repeat.
            raise not_allowed(order.way, order.status)
        writes = WriteSet()
        after = change(writes, order)
        put_changed(writes, order, after)
        writes.commit()
        return after

    def find() -> Order | None:
        try:
            order = get_order(order_id, member_id)
        except NotFound:
            return None
        return order if was_done(order.steps, act) else None

    return replay_outranks_refusal(write, find)


def was_done(steps: Sequence[Step], act: OrderAct) -> bool:
    """Whether the act's key is in this history of an order or a return.

    Raises IdempotencyKeyReused if it came with other content.
    """
    for step in steps:
        if act.key is not None and step.key == act.key:
            if (step.content or b"") != act.content:
                raise IdempotencyKeyReused()
            return True
    return False
