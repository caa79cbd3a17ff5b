"""Reads of earning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from chalicelib import ledger, members
from chalicelib.earning import rules
from chalicelib.earning.rules import EarningRule, PartnerEvent, Payment
from chalicelib.earning.rules.earning import WayToEarn
from chalicelib.earning.tables import (
    REFUND_SHARDS,
    EventItem,
    PartnerOrderItem,
    UnmatchedItem,
    WaitingRefundItem,
    refunds_key,
    refunds_prefix,
    refunds_shard,
)
from chalicelib.kernel.config import config
from chalicelib.ledger import Entry


class Receipt(NamedTuple):
    """A payment as a refund sees it: `accrual` is None where nothing was given for it.

    `settled` is False while its points wait for somebody to register.
    """

    payment: Payment
    accrual: Entry | None
    settled: bool = True

    @property
    def granted(self) -> int:
        return self.accrual.effect.from_outside if self.accrual else 0


def purchases() -> EarningRule:
    """The rule for purchases as it is in force."""
    return replace(rules.PURCHASES, pending_days=config().earning.purchase_points_pending_days)


def ways_to_earn(language: str) -> list[WayToEarn]:
    """The rules in force, in the words of a language."""
    rule = purchases()
    title, text = rule.title.in_language(language), rules.in_words(rule).in_language(language)
    return [WayToEarn(rule.id, title, text)]


def member_of(event: PartnerEvent) -> str | None:
    """The id of the member whom an event names, read consistently; None if nobody is it now."""
    if event.member_id is not None:
        return members.find_member(member_id=event.member_id)
    assert event.identity is not None, "an event names a member or an identity"
    return members.member_with(event.identity)


def find_event(partner: str, event_id: str, *, consistent: bool = True) -> EventItem | None:
    found: EventItem | None = EventItem.find(
        *EventItem.key(partner, event_id), consistent=consistent
    )
    return found


def find_events(partner: str, event_ids: Sequence[str]) -> dict[str, EventItem]:
    """Those of the events that are recorded; half a read unit each.

    Raises Unreadable.
    """
    keys = [EventItem.key(partner, event_id) for event_id in dict.fromkeys(event_ids)]
    return {item.event_id: item for item in EventItem.batch_get(keys, consistent_read=False)}


def find_orders(partner: str, order_ids: Sequence[str]) -> dict[str, PartnerOrderItem]:
    """What is known of those orders besides their entries; half a read unit each.

    Raises Unreadable.
    """
    keys = [PartnerOrderItem.key(partner, order_id) for order_id in dict.fromkeys(order_ids)]
    found = PartnerOrderItem.batch_get(keys, consistent_read=False)
    return {item.order_id: item for item in found}


def find_order(partner: str, order_id: str) -> PartnerOrderItem:
    """What is known of an order besides its entry; an empty item if nothing is."""
    key = PartnerOrderItem.key(partner, order_id)
    found: PartnerOrderItem | None = PartnerOrderItem.find(*key)
    return found or PartnerOrderItem(*key, order_id=order_id)


def find_receipt(
    partner: str, seen: PartnerOrderItem, members_named: Sequence[str | None]
) -> Receipt | None:
    """What an order's payment was and gave; None if none came for any of these members.

    Whom an earlier refund took from is whom the next one takes from.
    """
    if seen.event_id and not seen.points:
        return Receipt(Payment(seen.amount, seen.currency), None)
    for member_id in [seen.member_id] if seen.member_id else members_named:
        if member_id and (found := _receipt_of(partner, seen.order_id, member_id)):
            return found
    if not seen.event_id:
        return None
    event = find_event(partner, seen.event_id)
    if event is not None and event.matched:
        return _receipt_of(partner, seen.order_id, event.matched)
    return Receipt(Payment(seen.amount, seen.currency), None, settled=False)


def _receipt_of(partner: str, order_id: str, member_id: str) -> Receipt | None:
    reference = rules.accrual_reference(partner, order_id, rules.PURCHASES.id)
    entry = ledger.find_entry(ledger.points_account(member_id), reference)
    if entry is None or entry.note is None or entry.content != rules.content_of(entry.note):
        return None
    return Receipt(Payment.decode(entry.note), entry)


def unmatched_of(identity: str) -> Iterator[UnmatchedItem]:
    yield from UnmatchedItem.query(f"UNM#{identity}", consistent_read=True)


def find_waiting_refund(item: WaitingRefundItem) -> WaitingRefundItem | None:
    """The same one as it is now; None if it waits no longer."""
    found: WaitingRefundItem | None = WaitingRefundItem.find(item.pk, item.sk)
    return found


def refunds_waiting_for(partner: str, order_id: str) -> list[WaitingRefundItem]:
    """The refunds that wait for an order's payment, in the order of their occurring."""
    found = WaitingRefundItem.query(
        refunds_key(partner, order_id),
        WaitingRefundItem.sk.startswith(refunds_prefix(partner, order_id)),
        consistent_read=True,
    )
    return sorted(found, key=lambda each: (each.occurred_at, each.event_id))


def waiting_refunds(first: int) -> Iterator[WaitingRefundItem]:
    """All refunds that wait, those of one order together, from one of the shards on."""
    for number in range(REFUND_SHARDS):
        yield from WaitingRefundItem.query(refunds_shard((first + number) % REFUND_SHARDS))
