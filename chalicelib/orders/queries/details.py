"""Reads of orders with everything that their views show."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from chalicelib.kernel.errors import Unreadable
from chalicelib.orders.queries.discounts import all_discounts_of, discounts_of
from chalicelib.orders.queries.orders import address_of, codes_of, note_of
from chalicelib.orders.queries.tracking import tracking_of
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.details import OrderDetails
from chalicelib.orders.rules.discounts import NOTHING
from chalicelib.payments import CashState, refund_states


def member_details(order: Order) -> OrderDetails:
    """An order for its member.

    Raises Unreadable.
    """
    states, discounts = refund_states_of([order]), discounts_of(order)
    opened = address_of(order), codes_of(order), states, note_of(order)
    return OrderDetails(order, *opened, discounts=discounts)


def tracked(details: OrderDetails) -> OrderDetails:
    """The same with the events of its parcels."""
    if not details.order.parcels:
        return details
    return details._replace(tracking=tracking_of(details.order))


def readable_details(orders: Sequence[Order]) -> list[OrderDetails]:
    """A member's orders, without those whose address or codes do not open."""
    states, discounts, details = refund_states_of(orders), all_discounts_of(orders), []
    for order in orders:
        with suppress(Unreadable):
            opened = address_of(order), codes_of(order), states, note_of(order)
            lowered = discounts.get(order.id, NOTHING)
            details.append(OrderDetails(order, *opened, discounts=lowered))
    return details


def staff_details(order: Order) -> OrderDetails:
    """An order for the staff, without the codes: those are for the member alone.

    Raises Unreadable.
    """
    return all_staff_details([order])[0]


def all_staff_details(orders: Sequence[Order]) -> list[OrderDetails]:
    """Orders for the staff: the cash of all their refunds in one read.

    Raises Unreadable.
    """
    states, discounts = refund_states_of(orders), all_discounts_of(orders)
    return [
        OrderDetails(
            order,
            address_of(order),
            {},
            states,
            note_of(order),
            discounts=discounts.get(order.id, NOTHING),
        )
        for order in orders
    ]


def refund_states_of(orders: Sequence[Order]) -> dict[str, CashState]:
    """The cash of all refunds of these orders, by refund: one read, none without such cash."""
    return refund_states(
        (order.id, refund.id)
        for order in orders
        for refund in (*order.refunds, *order.unapplied)
        if refund.cash and not refund.is_external
    )
