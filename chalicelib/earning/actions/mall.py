"""The mall's own orders as events of the partner `mall`: they earn by rules that name it."""

from __future__ import annotations

from datetime import datetime

from chalicelib import catalog
from chalicelib.earning import queries
from chalicelib.earning.actions.events import receive
from chalicelib.earning.facts import OrderMoney
from chalicelib.earning.queries.rules import in_force
from chalicelib.earning.rules import PaidOrder, RefundedOrder, SoldItem
from chalicelib.earning.rules.definitions import MALL
from chalicelib.kernel import ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config

FREIGHT = "freight"


def receive_order(told: OrderMoney, now: datetime) -> None:
    """Take what is told of an order of the mall: its payment once, then what went back since.

    Facts come again, late and in any order; all of them together have one effect. Nothing is kept
    of an order that was paid while no rule was about the mall.

    Raises Unavailable.
    """
    paid_at = datetime.fromisoformat(told.paid_at)
    payment = _payment(told, to_ms(paid_at))
    if queries.find_event(MALL, payment.id) is None:
        if not in_force().rules.is_of_mall(to_ms(paid_at)):
            return
        receive(MALL, payment, now)
    order = queries.find_order(MALL, told.order_id)
    back = min(told.refunded, told.paid) - (order.refunded or 0)
    if back > 0:
        receive(MALL, _refund(told, back, to_ms(now)), now)


def _payment(told: OrderMoney, at_ms: int) -> PaidOrder:
    name = f"{told.order_id}:paid"
    return PaidOrder(
        id=name,
        order_id=told.order_id,
        occurred_at_ms=at_ms,
        digest=ids.digest(name.encode()),
        member_id=told.member_id,
        identity=None,
        items=_items(told),
        amount=told.paid,
        currency=config().currency,
    )


def _refund(told: OrderMoney, amount: int, at_ms: int) -> RefundedOrder:
    name = f"{told.order_id}:refunded:{told.refunded}"
    return RefundedOrder(
        id=name,
        order_id=told.order_id,
        occurred_at_ms=at_ms,
        digest=ids.digest(name.encode()),
        member_id=told.member_id,
        identity=None,
        amount=amount,
        currency=config().currency,
    )


def _items(told: OrderMoney) -> tuple[SoldItem, ...]:
    """The goods of an order, and its freight: together what was paid. None if they are more."""
    lines = {sku: line.split(" ") for sku, line in told.goods.items()}
    products = catalog.find_products(product for product, _, _ in lines.values())
    items = [
        SoldItem(
            sku,
            int(cash),
            int(quantity),
            products[product].category if product in products else None,
            products[product].brand if product in products else None,
        )
        for sku, (product, quantity, cash) in lines.items()
    ]
    rest = told.paid - sum(item.amount for item in items)
    if rest < 0:
        return ()
    return (*items, SoldItem(FREIGHT, rest, 1)) if items and rest else tuple(items)
