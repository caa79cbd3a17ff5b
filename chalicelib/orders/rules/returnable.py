"""The units of an order that its member may return."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from chalicelib.campaigns import part
from chalicelib.orders.errors import NOT_IN_ORDER
from chalicelib.orders.errors.returns import (
    NotReturnable,
    ReturnExceedsOrder,
    ReturnLimitReached,
    ReturnWindowClosed,
)
from chalicelib.orders.rules.orders import (
    COMPLETED,
    DELIVERED,
    PHYSICAL,
    Order,
    OrderLine,
    check_undisputed,
)
from chalicelib.orders.rules.refunds import REFUNDABLE
from chalicelib.orders.rules.return_marks import ReturnMark, kept_by
from chalicelib.orders.rules.returns import REFUND_ONLY, Return, ReturnLine, kept
from chalicelib.orders.rules.words import not_allowed

_ARRIVED = {DELIVERED, COMPLETED}
# Each takes some bytes of the order's item for good.
MAX_RETURNS = 20


def returnable_until(order: Order, window_days: int) -> int | None:
    """The end of the time for returns; None while the goods have not arrived."""
    arrived = next((step.at_ms for step in order.steps if step.status in _ARRIVED), None)
    return None if arrived is None else arrived + window_days * 24 * 3600 * 1000


def lines_to_return(
    order: Order, kind: str, quantities: Mapping[str, int], window_days: int, now_ms: int
) -> tuple[ReturnLine, ...]:
    """The lines of a new return of an order.

    Raises NotAllowedInThisState, OrderDisputed, NotReturnable, ReturnWindowClosed,
    ReturnExceedsOrder, ReturnLimitReached.
    """
    _check_may_return(order, kind, window_days, now_ms)
    if len(order.returns) >= MAX_RETURNS:
        raise ReturnLimitReached(at_most=MAX_RETURNS)
    left, taken = {line.sku: line for line in order.lines}, kept_by(order.returns)
    lines = []
    for sku, quantity in quantities.items():
        if sku not in left:
            raise ReturnExceedsOrder(sku=sku, returnable=0).saying(NOT_IN_ORDER)
        lines.append(_line(left[sku], quantity, left[sku].left - taken[sku]))
    return tuple(lines)


def _check_may_return(order: Order, kind: str, window_days: int, now_ms: int) -> None:
    check_undisputed(order)
    comes_back = kind != REFUND_ONLY
    if order.status not in (_ARRIVED if comes_back else REFUNDABLE):
        raise not_allowed(order.kind, order.status)
    if comes_back and order.kind != PHYSICAL:
        raise NotReturnable()
    until = returnable_until(order, window_days)
    if until is not None and now_ms >= until:
        raise ReturnWindowClosed(days=window_days)


def _line(line: OrderLine, quantity: int, returnable: int) -> ReturnLine:
    if quantity > returnable:
        raise ReturnExceedsOrder(sku=line.sku, returnable=returnable).telling(title=line.title)
    return ReturnLine(line.sku, line.product_id, line.title_zh, line.title_en, quantity)


def agree(order: Order, made: Return) -> bool:
    """Whether an order and a return were read as they were at one moment."""
    return any(each.id == made.id and each.kept == kept(made) for each in order.returns)


def mark(order: Order, made: Return) -> Order:
    """The order that keeps for a return what it needs, new or changed."""
    new, known = ReturnMark(made.id, kept(made)), order.returns
    if any(each.id == made.id for each in known):
        marks = tuple(new if each.id == made.id else each for each in known)
    else:
        marks = (*known, new)
    return replace(order, returns=marks, version=order.version + 1)


def worth(order: Order, quantities: Mapping[str, int], *, with_freight: bool) -> tuple[int, int]:
    """Points and cash (minor units) that a refund of these units would bring now."""
    points = cash = left = 0
    for line in order.lines:
        units = min(quantities.get(line.sku, 0), line.left)
        points += part(line.points, line.quantity, line.refunded, units)
        cash += part(line.cash, line.quantity, line.refunded, units)
        left += line.left - units
    if with_freight and not left and order.freight and not order.freight.returned:
        points, cash = points + order.freight.points, cash + order.freight.cash
    return points, min(cash, order.cash - order.cash_refunded)
