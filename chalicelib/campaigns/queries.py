"""Reads of campaigns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.campaigns.rules import PURCHASES
from chalicelib.campaigns.tables import EventItem, PaidOrderItem, UnmatchedItem
from chalicelib.campaigns.views import WayToEarn


def ways_to_earn(language: str) -> list[WayToEarn]:
    """The rules in force, in the words of a language."""
    rule = PURCHASES
    title, text = rule.title.in_language(language), rule.words.in_language(language)
    return [WayToEarn(rule.id, title, text)]


def find_event(partner: str, event_id: str, *, consistent: bool = True) -> EventItem | None:
    found: EventItem | None = EventItem.find(
        *EventItem.key(partner, event_id), consistent=consistent
    )
    return found


def find_events(partner: str, event_ids: Sequence[str]) -> dict[str, EventItem]:
    """Those of the events that are recorded; half a read unit each."""
    keys = [EventItem.key(partner, event_id) for event_id in dict.fromkeys(event_ids)]
    return {item.event_id: item for item in EventItem.batch_get(keys, consistent_read=False)}


def find_paid_orders(partner: str, order_ids: Sequence[str]) -> dict[str, PaidOrderItem]:
    """Those of the orders that are marked as paid without an entry; half a read unit each."""
    keys = [PaidOrderItem.key(partner, order_id) for order_id in dict.fromkeys(order_ids)]
    found = PaidOrderItem.batch_get(keys, consistent_read=False)
    return {item.order_id: item for item in found}


def unmatched_of(identity: str) -> Iterator[UnmatchedItem]:
    yield from UnmatchedItem.query(f"UNM#{identity}", consistent_read=True)
