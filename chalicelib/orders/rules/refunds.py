"""Refunds of an order, in points and cash as it was paid."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

import msgspec
from msgspec.structs import replace

from chalicelib.campaigns import part
from chalicelib.orders.errors import NOT_IN_ORDER, RefundExceedsOrder
from chalicelib.orders.errors.returns import KEPT_FOR_RETURNS, ReturnOpen
from chalicelib.orders.rules.cash import OrderFreight, Refund
from chalicelib.orders.rules.orders import (
    APPROVED,
    COD,
    COMPLETED,
    DELIVERED,
    SHIPPED,
    Order,
    OrderAct,
    OrderLine,
    check_undisputed,
    record,
)
from chalicelib.orders.rules.return_marks import kept_by
from chalicelib.orders.rules.words import not_allowed

# Earlier states end by cancel or reject, for the whole order.
REFUNDABLE = {APPROVED, SHIPPED, DELIVERED, COMPLETED}
# States from which an unpaid parcel may come back.
SENT = {SHIPPED, DELIVERED, COMPLETED}


def refund_units(
    order: Order,
    quantities: Mapping[str, int],
    refund_id: str,
    act: OrderAct,
    *,
    with_freight: bool = True,
) -> tuple[Order, Refund]:
    """Refund quantities by SKU, each line in the ratio in which it was paid.

    No quantities mean all units left that no open return keeps. All refunds of a line sum to it
    exactly. Freight goes back with the last units, if it does at all.

    Raises NotAllowedInThisState, OrderDisputed, RefundExceedsOrder.
    """
    check_undisputed(order)
    if order.status not in REFUNDABLE:
        raise not_allowed(order.way, order.status)
    kept = kept_by(order.returns)
    wanted = dict(quantities) or {line.sku: line.left - kept[line.sku] for line in order.lines}
    lines, points, cash = _refunded(order, wanted)
    if wanted:
        raise RefundExceedsOrder(sku=min(wanted), refundable=0).saying(NOT_IN_ORDER)
    if tuple(lines) == order.lines:
        raise _too_many(order.lines[0], 0, kept[order.lines[0].sku])
    after = replace(order, lines=tuple(lines))
    if after.is_refunded and with_freight:
        after, freight = _return_freight(after)
        points, cash = points + freight.points, cash + freight.cash
    # External refunds belong to no units: the last units bring less.
    cash = min(cash, order.cash - order.cash_refunded)
    lowers = cash > 0 and order.paid is None
    made = Refund(refund_id, points, cash, act.at_ms, act.content, act.note, lowers)
    after = replace(after, refunds=(*order.refunds, made))
    if order.status == APPROVED and order.parcels and not after.unshipped():
        # Nothing is left to send: the parcels hold all units.
        after = replace(after, status=SHIPPED)
    return record(without_open_vouchers(after), act), made


def _refunded(order: Order, wanted: dict[str, int]) -> tuple[list[OrderLine], int, int]:
    """The lines after a refund of the `wanted` quantities, which it takes out of there; its points
    and cash.

    Raises RefundExceedsOrder.
    """
    kept = kept_by(order.returns)
    points = cash = 0
    lines = []
    for line in order.lines:
        more = wanted.pop(line.sku, 0)
        _check_left(line, more, kept[line.sku])
        points += part(line.points, line.quantity, line.refunded, more)
        cash += part(line.cash, line.quantity, line.refunded, more)
        lines.append(msgspec.structs.replace(line, refunded=line.refunded + more))
    return lines, points, cash


def without_open_vouchers(order: Order) -> Order:
    """The order, complete if all lines that are left were used or have lapsed."""
    is_open = any(line.left and line.sku not in order.done for line in order.lines)
    if order.status != APPROVED or not order.done or is_open or order.is_refunded:
        return order
    return replace(order, status=COMPLETED, done=())


def refund_all(order: Order, refund_id: str, act: OrderAct) -> tuple[Order, Refund]:
    """Refund the rest of the order."""
    points = order.points - order.points_refunded
    cash = order.cash - order.cash_refunded
    made = Refund(refund_id, points, cash, act.at_ms, act.content, act.note)
    lines = tuple(msgspec.structs.replace(line, refunded=line.quantity) for line in order.lines)
    after, _ = _return_freight(order)
    return replace(after, lines=lines, refunds=(*order.refunds, made)), made


def _return_freight(order: Order) -> tuple[Order, OrderFreight]:
    """The order whose freight goes back, and the freight; nothing of it twice."""
    freight = order.freight
    if freight is None or freight.returned:
        return order, OrderFreight()
    return replace(order, freight=replace(freight, returned=True)), freight


def add_external_refund(order: Order, refund_id: str, cash: int, at_ms: int) -> Order:
    """The order with an external refund.

    A failed one stays failed: an older answer changes nothing. Cash that our own refunds have
    promised already is `beyond` the order.
    """
    if any(made.id == refund_id for made in order.refunds):
        return order
    within = min(cash, order.cash - order.cash_refunded)
    made = Refund(refund_id, 0, within, at_ms, b"", beyond=cash - within)
    return replace(order, refunds=(*order.refunds, made), version=order.version + 1)


def fail_external_refund(
    order: Order, refund_id: str, again: str, at_ms: int
) -> tuple[Order, Refund | None]:
    """The order after the failure of a known external refund, and, under the id `again`, the refund
    of the units that it had kept from a refund.
    """
    known = next(made for made in order.refunds if made.id == refund_id)
    if not (known.cash or known.beyond):
        return order, None
    lost = msgspec.structs.replace(known, cash=0, beyond=0)
    refunds = tuple(lost if made is known else made for made in order.refunds)
    for_units = sum(part(line.cash, line.quantity, 0, line.refunded) for line in order.lines)
    for_units += order.freight.cash if order.freight and order.freight.returned else 0
    given = sum(made.cash for made in refunds if not made.is_external)
    owed = min(known.cash, for_units - given)
    made = Refund(again, 0, owed, at_ms, b"") if owed > 0 else None
    refunds += (made,) if made else ()
    return replace(order, refunds=refunds, version=order.version + 1), made


def attribute(order: Order, given: Mapping[str, int], failed: Container[str] = ()) -> Order:
    """The order whose external refunds take the cash that our own did not give, `failed` ones last.

    `given` is the cash of each refund of ours, in minor units. The sum of all stays.
    """
    refunds = list(order.refunds)
    in_turn = sorted(range(len(refunds)), key=lambda there: refunds[there].id in failed)
    for at, made in enumerate(refunds):
        spare = 0 if made.is_external else made.cash - given.get(made.id, made.cash)
        for there in in_turn:
            external = refunds[there]
            moved = min(spare, external.beyond)
            if moved > 0:
                spare -= moved
                refunds[at] = msgspec.structs.replace(refunds[at], cash=refunds[at].cash - moved)
                refunds[there] = msgspec.structs.replace(
                    external, cash=external.cash + moved, beyond=external.beyond - moved
                )
    if tuple(refunds) == order.refunds:
        return order
    return replace(order, refunds=tuple(refunds), version=order.version + 1)


def return_to_sender(order: Order, refund_id: str, act: OrderAct) -> tuple[Order, Refund | None]:
    """Take back the rest of an order on delivery whose parcel nobody paid for.

    It keeps its state, and all its units are returned. Points go back; no cash does, as none was
    paid.

    Raises NotAllowedInThisState, ReturnOpen.
    """
    if kept_by(order.returns):
        raise ReturnOpen()
    is_over = order.is_refunded and order.paid is None
    if order.method != COD or order.status not in SENT or is_over:
        raise not_allowed(order.way, order.status)
    after = replace(order, paid=None)
    if order.is_refunded:
        return record(after, act), None
    after, made = refund_all(after, refund_id, act)
    made = msgspec.structs.replace(made, cash=0)
    return record(replace(after, refunds=(*order.refunds, made)), act), made


def _check_left(line: OrderLine, more: int, kept: int) -> None:
    if more > line.left - kept:
        raise _too_many(line, line.left - kept, kept)


def _too_many(line: OrderLine, left: int, kept: int) -> RefundExceedsOrder:
    refusal = RefundExceedsOrder(sku=line.sku, refundable=left).telling(title=line.title)
    return refusal.saying(KEPT_FOR_RETURNS).telling(kept=kept) if kept else refusal


def new_refunds(before: Order | None, order: Order) -> Iterator[Refund]:
    """New refunds; an external one without the cash that a refund of ours has already told."""
    known = before.refunds if before else ()
    pairs = zip(known, order.refunds, strict=False)
    told = sum(old.cash - new.cash for old, new in pairs if not new.is_external)
    for refund in order.refunds[len(known) :]:
        twice = min(told, refund.cash) if refund.is_external else 0
        told -= twice
        yield replace(refund, cash=refund.cash - twice)
