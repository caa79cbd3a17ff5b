"""What an order is worth for campaigns: what was paid and has not gone back."""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib import campaigns
from chalicelib.campaigns import Bought, Purchase, Saved, part
from chalicelib.orders.rules.discounts import CAMPAIGN, NOTHING, Discount, Discounts
from chalicelib.orders.rules.orders import AWAITING_PAYMENT, COMPLETED, UNDOES, Order, OrderLine


def purchase_of(before: Order | None, order: Order) -> Purchase | None:
    """The purchase as a change of an order leaves it, without what discounts saved; None if nothing
    of it is another one."""
    now, then = _worth(order), _worth(before) if before else None
    if now is None and then is not None:
        now = _made(order, campaigns.UNDONE, ())
    if now is None or (then is not None and _same(then, now)):
        return None
    return now


def with_discounts(purchase: Purchase, order: Order, discounts: Discounts) -> Purchase:
    """The purchase with what each discount saved of the units that have no refund."""
    if discounts == NOTHING:
        return purchase
    is_undone = purchase.state == campaigns.UNDONE
    saved = {each.id: _saved(each, order, is_undone=is_undone) for each in discounts.given}
    coupon, used = discounts.coupon, None
    if coupon is not None and coupon.id in saved:
        used = replace(saved[coupon.id], template_id=coupon.template_id)
    return replace(
        purchase,
        campaigns=tuple(saved[each.id] for each in discounts.given if each.kind == CAMPAIGN),
        coupon=used,
    )


def _saved(given: Discount, order: Order, *, is_undone: bool) -> Saved:
    promised = sum(share.points for share in given.back)
    if is_undone:
        return Saved(given.id, given.version, promised=promised)
    points, cash = given.freight_points, given.freight_cash
    for share in given.shares:
        line = order.lines[share.line]
        points += _of_rest(share.points, line)
        cash += _of_rest(share.cash, line)
    back = sum(_of_rest(share.points, order.lines[share.line]) for share in given.back)
    return Saved(given.id, given.version, points, cash, promised=promised, back=back)


def _of_rest(amount: int, line: OrderLine) -> int:
    """The share of the units that have no refund."""
    return amount - part(amount, line.quantity, 0, line.refunded)


def _worth(order: Order) -> Purchase | None:
    """None for an order that waits for its payment, or died."""
    if order.status == AWAITING_PAYMENT or order.status in UNDOES:
        return None
    lines = tuple(_line(line) for line in order.lines)
    if order.is_refunded:
        return _made(order, campaigns.UNDONE, lines)
    state = campaigns.COMPLETED if order.status == COMPLETED else campaigns.PAID
    return _made(order, state, lines)


def _same(then: Purchase, now: Purchase) -> bool:
    return (then.state, then.lines, then.points, then.cash) == (
        now.state,
        now.lines,
        now.points,
        now.cash,
    )


def _made(order: Order, state: str, lines: tuple[Bought, ...]) -> Purchase:
    is_undone = state == campaigns.UNDONE
    return Purchase(
        order_id=order.id,
        member_id=order.member_id,
        version=order.version,
        at_ms=order.decided_at_ms,
        state=state,
        kind=order.kind,
        lines=lines,
        points=0 if is_undone else order.points - order.points_refunded,
        cash=0 if is_undone else max(0, order.cash - order.cash_refunded),
    )


def _line(line: OrderLine) -> Bought:
    gone = line.refunded
    return Bought(
        sku=line.sku,
        product_id=line.product_id,
        quantity=line.quantity,
        left=line.left,
        points=line.points - part(line.points, line.quantity, 0, gone),
        cash=line.cash - part(line.cash, line.quantity, 0, gone),
        cost=None if line.cost is None else line.cost - part(line.cost, line.quantity, 0, gone),
    )
