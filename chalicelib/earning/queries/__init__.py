"""Reads of earning: rules in force, limits, events, orders."""

from chalicelib.earning.queries.events import (
    Receipt,
    accruals_of,
    entries_of,
    find_event,
    find_events,
    find_order,
    find_orders,
    find_receipt,
    find_waiting_refund,
    items_of,
    member_of,
    named_in,
    refunds_waiting_for,
    unmatched_of,
    waiting_refunds,
    want_events,
    want_named,
    want_orders,
)
from chalicelib.earning.queries.rules import purchases, rules_in_force, ways_to_earn
