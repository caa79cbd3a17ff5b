"""Carriers' events: recorded once, then the orders in the parcel are delivered.

An event is written before the others of its order are read, so of two that come at once at least
one sees both. A repeated event settles what a crash has left.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import IdempotencyKeyReused, NotAllowedInThisState
from chalicelib.kernel.store.writes import put_or_find
from chalicelib.orders.actions import acts
from chalicelib.orders.errors import OrderDisputed
from chalicelib.orders.queries.listing import find_orders
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.queries.tracking import events_of, orders_in
from chalicelib.orders.rules import Order, OrderAct
from chalicelib.orders.rules.tracking import ParcelEvent, awaits_carrier, is_delivered
from chalicelib.orders.tables.tracking import ParcelEventItem

Outcome = Literal["applied", "duplicate", "unmatched"]


def receive(
    tracking_number: str, carrier: str, event: ParcelEvent, content: bytes, now: datetime
) -> Outcome:
    """Record an event of a parcel and deliver the orders that it completes. The event of a parcel
    that is in no order yet waits for it.

    Raises IdempotencyKeyReused if the carrier's id has another event.
    """
    item = ParcelEventItem.told(tracking_number, carrier, event, content)
    known = put_or_find(item, ParcelEventItem)
    if known is not None and known.content != content:
        raise IdempotencyKeyReused()
    order_ids = orders_in(tracking_number)
    for order in find_orders(order_ids, consistent=True).values():
        deliver_if_all(order, now)
    if not order_ids:
        return "unmatched"
    return "applied" if known is None else "duplicate"


def deliver_if_all(order: Order, now: datetime) -> Order:
    """Deliver a shipped order if carriers have delivered all its parcels; the order as it is."""
    if not awaits_carrier(order):
        return order
    numbers = {parcel.tracking_number for parcel in order.parcels}
    if not all(is_delivered(events_of(number, consistent=True)) for number in numbers):
        return order
    try:
        act = OrderAct("deliver", "system", "carrier", to_ms(now))
        return acts.act_on(order.id, act)[0]
    except (NotAllowedInThisState, OrderDisputed):
        # Somebody else was faster, or a bank has the cash: a repeated event asks again.
        return get_order(order.id)
