"""Partners' events: recorded with their decisions, then applied once, also after retries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from chalicelib import members
from chalicelib.earning import queries, rules
from chalicelib.earning.actions import claims, completions, paid_orders, referrals, refunds
from chalicelib.earning.actions.records import check_same
from chalicelib.earning.actions.waiting import apply_waiting_refunds
from chalicelib.earning.rules import (
    UNMATCHED,
    CompletedOrder,
    Happening,
    Outcome,
    PaidOrder,
    PartnerEvent,
    RefundedOrder,
)
from chalicelib.earning.rules.referrals import Seen
from chalicelib.earning.tables import EventItem, PartnerOrderItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import JifenError, Unavailable, Unreadable
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.tables import each_readable
from chalicelib.members import Named


def receive(partner: str, event: PartnerEvent, now: datetime) -> Outcome:
    """Record and apply a partner's event, or change nothing.

    Raises EventIdReused, RefundExceedsPayment, TillCodeExpired, Invalid, Unavailable.
    """
    return _Batch(partner, [event], now).receive(event)


def receive_batch(
    partner: str, sent: Sequence[PartnerEvent | JifenError], now: datetime
) -> list[Outcome | JifenError]:
    """Record and apply a partner's events in their order, each with its own outcome.

    An event that could not be read keeps its refusal. Only an outage ends the batch: the events
    before it stay applied, and the caller may send the whole batch again.

    Raises Unavailable.
    """
    batch = _Batch(partner, [event for event in sent if isinstance(event, PartnerEvent)], now)
    outcomes: list[Outcome | JifenError] = []
    for event in sent:
        if isinstance(event, JifenError):
            outcomes.append(event)
            continue
        try:
            outcomes.append(batch.receive(event))
        except Unavailable:
            raise
        except JifenError as refusal:
            outcomes.append(refusal)
    return outcomes


# A survey's own event: `data.attributes.task` is the id of its task.
SURVEY_COMPLETED = "custom.survey_completed"


class _Batch:
    """The shared reads of one request.

    `told` maps each order to its first event; `awaited` are the orders with waiting refunds.
    `uninvited` are members of whom it is known that nobody invited them.
    """

    def __init__(self, partner: str, events: Sequence[PartnerEvent], now: datetime) -> None:
        self.partner, self.now = partner, now
        ids, order_ids = [each.id for each in events], [each.order_id for each in events]
        self.is_spoilt = False
        self.uninvited: set[str] = set()
        self.named_in: Callable[[PartnerEvent], Named | None] = queries.named_in
        try:
            self.known, orders = self._read(events, ids, order_ids)
        except Unreadable:
            # It refuses this event and no other.
            self.is_spoilt, self.named_in = True, queries.named_in
            self.known = each_readable(ids, partial(queries.find_events, partner))
            orders = each_readable(order_ids, partial(queries.find_orders, partner))
        # The first event of an order: one before this batch, else one in it.
        self.told = {order_id: item.event_id for order_id, item in orders.items() if item.event_id}
        self.awaited = {order_id for order_id, item in orders.items() if item.waiting}
        self.seen: set[str] = set()

    def _read(
        self, events: Sequence[PartnerEvent], ids: Sequence[str], order_ids: Sequence[str]
    ) -> tuple[dict[str, EventItem], dict[str, PartnerOrderItem]]:
        """What is known of the events and of their orders; of a single payment its member, too.

        Raises Unreadable.
        """
        reads = ReadSet()
        known = queries.want_events(reads, self.partner, ids)
        orders = queries.want_orders(reads, self.partner, order_ids)
        if len(events) == 1 and isinstance(events[0], PaidOrder):
            named = queries.want_named(reads, events[0])
            self.named_in = lambda _: named()
        reads.read()
        return known(), orders()

    def receive(self, event: PartnerEvent) -> Outcome:
        if self.is_spoilt:
            self._check_readable(event)
        record = self.known.get(event.id)
        if record is None and event.id in self.seen:
            record = queries.find_event(self.partner, event.id)
        self.seen.add(event.id)
        check_same(event, record)
        if record is None and event.is_late:
            raise members.late_code("member.code")
        if record is None:
            settings = config()
            age_days = settings.earning.event_age_days
            rules.check_new(event, to_ms(self.now), age_days, settings.currency)
        if isinstance(event, PaidOrder):
            return self._paid(event, record)
        if isinstance(event, RefundedOrder):
            return self._refunded(event, record)
        assert isinstance(event, CompletedOrder), "there are three types of events"
        return completions.receive(self.partner, event, record, self.now)

    def member_of(self, event: PartnerEvent) -> str | None:
        """The id of the member whom an event names, maybe as of the beginning of the request."""
        found = self.named_in(event)
        if found is not None and found.is_uninvited:
            self.uninvited.add(found.member_id)
        return found.member_id if found else None

    def _check_readable(self, event: PartnerEvent) -> None:
        """Raise Unreadable if the stored event or its order is unreadable."""
        queries.find_event(self.partner, event.id)
        queries.find_order(self.partner, event.order_id)

    def _paid(self, event: PaidOrder, record: EventItem | None) -> Outcome:
        told = self.told.get(event.order_id, event.id)
        outcome = paid_orders.receive(self.partner, event, record, told, self.now, self.member_of)
        self.told[event.order_id] = told
        # The order's item, read before, told whether refunds wait. The sweep finds a refund that
        # came between that read and the payment's entry.
        if event.order_id in self.awaited or not outcome.entries:
            account_id = outcome.entries[0].account_id if outcome.entries else None
            apply_waiting_refunds(self.partner, event.order_id, self.now, account_id)
        self._note(event, outcome)
        return outcome

    def _note(self, event: PaidOrder, outcome: Outcome) -> None:
        """Tell the member's referral of a payment, or their task of a survey; again if it is sent
        again. Who is known to have come by nobody has no referral."""
        told = outcome.entries[0].account_id.partition(":")[0] if outcome.entries else None
        member_id = told or self.member_of(event)
        if isinstance(event, Happening):
            task = event.attributes.get("task")
            if member_id is not None and event.type == SURVEY_COMPLETED and isinstance(task, str):
                claims.complete_survey(member_id, task, f"{self.partner}:{event.id}", self.now)
        elif member_id in self.uninvited:
            return
        elif member_id is not None and event.currency == config().currency:
            name = f"{self.partner}:{event.order_id}"
            seen = Seen(name, event.occurred_at_ms, event.amount)
            referrals.note_order(member_id, seen, self.now)

    def _refunded(self, event: RefundedOrder, record: EventItem | None) -> Outcome:
        outcome = refunds.receive(self.partner, event, record, self.now)
        if outcome.status == UNMATCHED:
            self.awaited.add(event.order_id)
        return outcome
