"""The facts of an order's money for those who count on it: its last state, each time it changes."""

from __future__ import annotations

from typing import Any

from chalicelib.earning import OrderMoney
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.store.facts import Fact
from chalicelib.orders.rules.cash import DISPUTE_LOST, DISPUTE_WON
from chalicelib.orders.rules.orders import COMPLETED, DELIVERED, Order


def facts_of(before: Order | None, order: Order) -> list[Fact[Any]]:
    """The fact of an order that was paid in cash, or of which more cash went back."""
    if order.paid is None or not order.cash_taken:
        return []
    if before is not None and before.paid is not None and _gone(before) == _gone(order):
        return []
    data = OrderMoney(
        member_id=order.member_id,
        order_id=order.id,
        paid_at=rfc3339_ms(_paid_at_ms(order)),
        paid=order.cash_taken,
        refunded=_gone(order),
        goods={each.sku: f"{each.product_id} {each.quantity} {each.cash}" for each in order.lines},
    )
    name = f"{data.TYPE}:{order.id}:{order.version}"
    return [Fact.of(name, rfc3339_ms(order.steps[-1].at_ms), data)]


def _gone(order: Order) -> int:
    """The cash that went back, or that a bank took back."""
    won = {each.about for each in order.cash_events if each.kind == DISPUTE_WON}
    lost = sum(
        each.amount
        for each in order.cash_events
        if each.kind == DISPUTE_LOST and each.about not in won
    )
    return order.cash_returned + lost


def _paid_at_ms(order: Order) -> int:
    """When it was paid: cash on delivery once the goods were there."""
    there = (each.at_ms for each in order.steps if each.status in (DELIVERED, COMPLETED))
    return next(there, order.decided_at_ms) if not order.was_held else order.decided_at_ms
