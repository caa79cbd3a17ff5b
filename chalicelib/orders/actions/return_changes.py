"""A change of a return, in one transaction.

What it does to stock, points, cash, limits and the order follows from the return before and after
it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from chalicelib import audit, catalog, members
from chalicelib.audit import Act
from chalicelib.kernel import ids
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.orders.actions import returning
from chalicelib.orders.actions.acts import was_done
from chalicelib.orders.actions.discounts import put_changed
from chalicelib.orders.actions.parcels import let_find
from chalicelib.orders.queries import returns as queries
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import OrderAct, refunds, returnable
from chalicelib.orders.rules import returns as rules
from chalicelib.orders.rules.returns import Return
from chalicelib.orders.tables.returns import put_return

Change = Callable[[Return], Return]


def change_return(
    return_id: str,
    act: OrderAct,
    member_id: str | None,
    change: Change,
    audited: Act | None = None,
) -> tuple[Return, bool]:
    """Change a return in one transaction, once for a key: (return, replayed).

    The system acts when the time of the state is over, and not before.

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, OutOfStock, OrderDisputed,
    RefundExceedsOrder, and what `change` raises.
    """

    def write() -> Return:
        seen = queries.get_return(return_id, member_id)
        if was_done(seen.steps, act) or _is_early(seen, act):
            raise rules.not_allowed(seen)
        writes = WriteSet()
        after = _settle(writes, seen, change(seen), act)
        put_return(writes, seen, after)
        if audited is not None:
            audit.record(writes, audited.changing(_facts(seen), _facts(after)))
        writes.commit()
        return after

    def find() -> Return | None:
        found = queries.find_return(return_id)
        if found is None or not was_done(found.steps, act):
            return None
        is_theirs = member_id is None or members.is_same(found.member_id, member_id)
        return found if is_theirs else None

    return replay_outranks_refusal(write, find)


def _is_early(seen: Return, act: OrderAct) -> bool:
    """Whether the system acts before the time of the state is over."""
    return act.by == "system" and (seen.due_at_ms is None or seen.due_at_ms > act.at_ms)


def _settle(writes: WriteSet, seen: Return, after: Return, act: OrderAct) -> Return:
    """Add what a change of a return does to stock and order; the return with its refund."""
    _move_stock(writes, seen, after)
    order = get_order(seen.order_id)
    if not returnable.agree(order, seen):
        # The order was read after a change of the return that this one did not see.
        raise Moved()
    for parcel, known in ((after.parcel, seen.parcel), (after.replacement, seen.replacement)):
        if parcel is not None and parcel != known:
            let_find(writes, order, parcel)
    changed = returnable.mark(order, after)
    units = Counter(rules.owed(after)) - Counter(rules.owed(seen))
    if units:
        refund_id = ids.derived_id("rfd", seen.id, act.key.hex() if act.key else act.name)
        # A step of the system with a note is an event of cash: its note would be all that is told.
        note = None if act.by == "system" else after.reason
        telling = OrderAct("refund", act.by, act.actor, act.at_ms, note)
        freight = config().returns.returned_freight
        changed, made = refunds.refund_units(
            changed, units, refund_id, telling, with_freight=freight
        )
        returning.refund(writes, order, changed, made, telling)
        after = after.with_refund(made)
    if changed.returns != order.returns or units:
        put_changed(writes, order, changed)
    return after


def _move_stock(writes: WriteSet, seen: Return, after: Return) -> None:
    titles = {line.sku: line.title for line in after.lines}
    because = catalog.Because("exchange" if seen.kind == rules.EXCHANGE else "returned", seen.id)
    for sku, units in rules.stock_change(seen, after).items():
        if units > 0:
            catalog.release(writes, sku, units, because)
        else:
            catalog.take(writes, sku, titles[sku], -units, because)


def _facts(made: Return) -> audit.Facts:
    came = sum(line.received for line in made.lines)
    return {
        "status": made.status,
        "received": came,
        "restocked": sum(line.restocked for line in made.lines),
        "points": made.points,
        "cash": made.cash,
    }
