"""Partners' events: recorded with the decision on them, then applied once, whoever retries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.campaigns import queries
from chalicelib.campaigns.actions import completions, payments, refunds
from chalicelib.campaigns.actions.records import check_reuse
from chalicelib.campaigns.actions.waiting import settle_refunds
from chalicelib.campaigns.rules import (
    UNMATCHED,
    CompletedOrder,
    Outcome,
    PaidOrder,
    PartnerEvent,
    RefundedOrder,
)
from chalicelib.campaigns.tables import EventItem


def receive(
    partner: str, events: Sequence[PartnerEvent], paths: Sequence[str], now: datetime
) -> list[Outcome]:
    """Record and apply a partner's events in order; `paths` name each one's id in an error.

    Raises EventIdReused, RefundExceedsPayment, Invalid: before anything is written, unless a
    refund of the same order came in between.
    """
    known = queries.find_events(partner, [event.id for event in events])
    orders = queries.find_orders(partner, [event.order_id for event in events])
    check_reuse(events, paths, known)
    refunds.check_batch(partner, events, paths, known)
    batch = _Batch(partner, now)
    # Which event told of an order first: one before this batch, else one in it.
    batch.told = {order_id: item.event_id for order_id, item in orders.items() if item.event_id}
    batch.awaited = {order_id for order_id, item in orders.items() if item.waiting}
    return [
        batch.receive(event, path, known.get(event.id))
        for event, path in zip(events, paths, strict=True)
    ]


class _Batch:
    """What the events of one request know of each other: `told` names each order's event,
    `awaited` are the orders whose refunds wait for their payment."""

    def __init__(self, partner: str, now: datetime) -> None:
        self.partner, self.now = partner, now
        self.told: dict[str, str] = {}
        self.awaited: set[str] = set()

    def receive(self, event: PartnerEvent, path: str, record: EventItem | None) -> Outcome:
        if isinstance(event, PaidOrder):
            return self._paid(event, record)
        if isinstance(event, RefundedOrder):
            return self._refunded(event, path, record)
        assert isinstance(event, CompletedOrder), "there are three types of events"
        return completions.receive(self.partner, event, record, self.now)

    def _paid(self, event: PaidOrder, record: EventItem | None) -> Outcome:
        told = self.told.setdefault(event.order_id, event.id)
        outcome = payments.receive(self.partner, event, record, told, self.now)
        # A payment that made an entry was told by the order's item, read before, whether refunds
        # wait: for the moment between that and its entry there is the sweep.
        if event.order_id in self.awaited or not outcome.entries:
            account_id = outcome.entries[0].account_id if outcome.entries else None
            settle_refunds(self.partner, event.order_id, self.now, account_id)
        return outcome

    def _refunded(self, event: RefundedOrder, path: str, record: EventItem | None) -> Outcome:
        outcome = refunds.receive(self.partner, event, path, record, self.now)
        if outcome.status == UNMATCHED:
            self.awaited.add(event.order_id)
        return outcome
