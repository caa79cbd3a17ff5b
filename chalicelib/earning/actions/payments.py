"""Orders that were paid: each gives its points once, now or when its member registers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib import ledger
from chalicelib.earning import queries, rules
from chalicelib.earning.actions.records import put_alone, same
from chalicelib.earning.actions.waiting import settle_refunds
from chalicelib.earning.errors import EventExists
from chalicelib.earning.rules import (
    APPLIED,
    DUPLICATE,
    UNMATCHED,
    Decision,
    Outcome,
    PaidOrder,
    Payment,
)
from chalicelib.earning.tables import CampaignsItem, EventItem, PartnerOrderItem, UnmatchedItem
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved, Unavailable
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import Cause, Credit, Entry, EntryExists


def receive(
    partner: str, event: PaidOrder, record: EventItem | None, told: str, now: datetime
) -> Outcome:
    """Record and apply a payment; `told` is the event that told of its order first.

    Raises EventIdReused.
    """
    if record is None and told != event.id:
        # Another event told of this order before: its record answers for this one too.
        record = queries.find_event(partner, told)
    new = False
    if record is None:
        record, new = _record(partner, event)
    if record.matched is not None:
        return _apply(partner, event.id, record, new=new, now=now)
    member_id = queries.member_of(event)
    if member_id is None or event.identity is None:
        return Outcome(event.id, UNMATCHED, [], record.decision)
    # Whoever it is registered meanwhile: do here what their registration's consumer does.
    apply_unmatched(event.identity, member_id, now)
    settled = queries.find_event(partner, record.event_id) or record
    outcome = _apply(partner, event.id, settled, new=new, now=now)
    return outcome._replace(status=APPLIED) if new else outcome


def _record(partner: str, event: PaidOrder) -> tuple[EventItem, bool]:
    """The event as recorded, and whether it is new.

    Where another try recorded it, or another event of an order that nobody has earned from, at
    the same moment, that record is the answer.

    Raises EventIdReused.
    """
    member_id = queries.member_of(event)
    decision = rules.decide(event.amount, event.currency, config().currency)
    facts: dict[str, Any] = {
        "event_id": event.id, "order_id": event.order_id, "amount": event.amount,
        "currency": event.currency, "occurred_at": event.occurred_at_ms,
        "rule": decision.rule_id, "points": decision.points, "reason": decision.reason,
    }  # fmt: skip
    item = EventItem(
        *EventItem.key(partner, event.id), digest=event.digest, member_id=member_id, **facts
    )
    if member_id is not None and decision.points:
        # The entry will mark the order, so one write unit is enough here.
        return put_alone(item, partner, event), True
    return _put_marked(item, partner, event, facts)


def _put_marked(
    item: EventItem, partner: str, event: PaidOrder, facts: dict[str, Any]
) -> tuple[EventItem, bool]:
    """The event put with its order's mark, and with what waits if nobody is known."""

    def write() -> EventItem:
        writes = WriteSet()
        writes.put_new(item, or_raise=EventExists)
        _mark(writes, partner, item)
        if item.matched is None and event.identity is not None:
            key = UnmatchedItem.key(event.identity, partner, event.id)
            writes.put(UnmatchedItem(*key, partner=partner, **facts))
        writes.commit()
        return item

    def find() -> EventItem | None:
        return same(partner, event) or _marked(partner, event.order_id)

    try:
        record, existed = replay_outranks_refusal(write, find)
    except EventExists as error:
        raise Unavailable() from error
    return record, not existed


def _mark(writes: WriteSet, partner: str, item: EventItem) -> None:
    """Add the payment to what is known of its order, where refunds may wait for it already."""
    order = PartnerOrderItem
    said = [
        order.order_id.set(item.order_id), order.event_id.set(item.event_id),
        order.amount.set(item.amount), order.currency.set(item.currency),
        order.points.set(item.points),
    ]  # fmt: skip
    key = order(*order.key(partner, item.order_id))
    writes.update(key, said, condition=order.event_id.does_not_exist(), or_raise=EventExists)


def _marked(partner: str, order_id: str) -> EventItem | None:
    event_id = queries.find_order(partner, order_id).event_id
    return queries.find_event(partner, event_id) if event_id else None


def _apply(partner: str, event_id: str, record: EventItem, *, new: bool, now: datetime) -> Outcome:
    decision = record.decision
    if not decision.points or record.matched is None:
        return Outcome(event_id, APPLIED if new else DUPLICATE, [], decision)
    account_id = ledger.points_account(record.matched)
    credit = _credit(partner, record, now)

    def write() -> Entry:
        writes = WriteSet()
        entries = ledger.accrue(writes, ledger.find_account(account_id), [credit], now)
        writes.commit()
        return entries[0]

    def find() -> Entry | None:
        return ledger.find_entry(account_id, credit.cause.reference)

    entry, existed = replay_outranks_refusal(write, find)
    stands = Decision(entry.rule or decision.rule_id, entry.effect.from_outside, rules.MATCHED)
    return Outcome(event_id, DUPLICATE if existed else APPLIED, [entry], stands)


def _credit(partner: str, record: CampaignsItem, now: datetime) -> Credit:
    """What a recorded payment gives, with what its refunds are measured by beside it."""
    expires_at, unlocks_at = rules.terms(queries.purchases(), now, config().time_zone)
    note = Payment(record.amount, record.currency).encode()
    cause = Cause(
        rules.accrual_reference(partner, record.order_id, record.rule),
        rules.source_of(partner, record.order_id),
        record.occurred_at, record.rule, content=rules.content_of(note), note=note,
    )  # fmt: skip
    return Credit(record.points, expires_at, cause, unlocks_at)


def apply_unmatched(identity: str, member_id: str, now: datetime) -> None:
    """Give a newly known member what their earlier events earned."""
    for waiting in list(queries.unmatched_of(identity)):
        _apply_waiting(waiting, member_id, now)
        account_id = ledger.points_account(member_id)
        settle_refunds(waiting.partner, waiting.order_id, now, account_id)


def _apply_waiting(waiting: UnmatchedItem, member_id: str, now: datetime) -> None:
    account_id = ledger.points_account(member_id)
    credit = _credit(waiting.partner, waiting, now)

    def write() -> bool:
        writes = WriteSet()
        # Another event that waited may have told of the same order.
        if waiting.points and ledger.find_entry(account_id, credit.cause.reference) is None:
            ledger.accrue(writes, ledger.find_account(account_id), [credit], now)
        event = EventItem(*EventItem.key(waiting.partner, waiting.event_id))
        writes.update(event, [EventItem.member_id.set(member_id)])
        writes.delete(waiting, condition=UnmatchedItem.pk.exists(), or_raise=EventExists)
        try:
            writes.commit()
        except EntryExists as error:
            raise Moved() from error
        return True

    def find() -> bool | None:
        return None if UnmatchedItem.find(waiting.pk, waiting.sk) else True

    replay_outranks_refusal(write, find)
