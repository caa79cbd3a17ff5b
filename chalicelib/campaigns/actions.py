"""Partners' events: recorded with the decision on them, then applied once, whoever retries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pynamodb.exceptions import PutError

from chalicelib import ledger, members
from chalicelib.campaigns import queries, rules
from chalicelib.campaigns.errors import EventExists, EventIdReused
from chalicelib.campaigns.rules import Decision
from chalicelib.campaigns.tables import CampaignsItem, EventItem, PaidOrderItem, UnmatchedItem
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, Moved, Unavailable, Words
from chalicelib.kernel.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import Cause, Credit, Entry, EntryExists

APPLIED, DUPLICATE, UNMATCHED = "applied", "duplicate", "unmatched"


class PaidOrder(NamedTuple):
    """An `order.paid`: `amount` in minor units, `digest` of its content, who as sent.

    `identity` is the keyed hash of a phone or an e-mail, None where `member_id` was sent.
    """

    id: str
    order_id: str
    amount: int
    currency: str
    occurred_at_ms: int
    digest: bytes
    member_id: str | None
    identity: str | None


class Outcome(NamedTuple):
    """What became of an event: its status, the entries that it made, the decision on it."""

    event_id: str
    status: str
    entries: list[Entry]
    decision: Decision


def receive(
    partner: str, events: Sequence[PaidOrder], paths: Sequence[str], now: datetime
) -> list[Outcome]:
    """Record and apply a partner's events in order; `paths` name each in an error.

    Raises EventIdReused before anything is written.
    """
    known = queries.find_events(partner, [event.id for event in events])
    marked = queries.find_paid_orders(partner, [event.order_id for event in events])
    _check_reuse(events, paths, known)
    # Which event told of an order first: one before this batch, else one in it.
    first = {order_id: item.event_id for order_id, item in marked.items()}
    outcomes = []
    for event in events:
        told = first.setdefault(event.order_id, event.id)
        outcomes.append(_receive_one(partner, event, known.get(event.id), told, now))
    return outcomes


def _check_reuse(
    events: Sequence[PaidOrder], paths: Sequence[str], known: dict[str, EventItem]
) -> None:
    digests = {event_id: item.digest for event_id, item in known.items()}
    words = Words("该 id 已用于不同的内容", "was used with other content")
    reused = []
    for event, path in zip(events, paths, strict=True):
        if digests.setdefault(event.id, event.digest) != event.digest:
            reused.append(FieldError(path, "reused", words))
    if reused:
        raise EventIdReused(*reused)


def _receive_one(
    partner: str,
    event: PaidOrder,
    record: EventItem | None,
    told: str,
    now: datetime,
) -> Outcome:
    if record is None and told != event.id:
        # Another event told of this order before: its record answers for this one too.
        record = queries.find_event(partner, told)
    new = False
    if record is None:
        record, new = _record(partner, event)
    if record.matched is not None:
        return _apply(partner, event.id, record, new=new, now=now)
    member_id = _member_of(event)
    if member_id is None or event.identity is None:
        return Outcome(event.id, UNMATCHED, [], record.decision)
    # Whoever it is registered meanwhile: do here what their registration's consumer does.
    apply_unmatched(event.identity, member_id, now)
    settled = queries.find_event(partner, record.event_id) or record
    outcome = _apply(partner, event.id, settled, new=new, now=now)
    return outcome._replace(status=APPLIED) if new else outcome


def _member_of(event: PaidOrder) -> str | None:
    if event.member_id is not None:
        return members.find_member(member_id=event.member_id)
    assert event.identity is not None, "an event names a member or an identity"
    return members.member_with(event.identity)


def _record(partner: str, event: PaidOrder) -> tuple[EventItem, bool]:
    """The event as recorded, and whether it is new.

    Where another try recorded it, or another event of an order that nobody has earned from, at
    the same moment, that record is the answer.

    Raises EventIdReused.
    """
    member_id = _member_of(event)
    decision = rules.decide(event.amount, event.currency, config().currency)
    facts: dict[str, Any] = {
        "event_id": event.id, "order_id": event.order_id, "amount": event.amount,
        "occurred_at": event.occurred_at_ms, "rule": decision.rule_id,
        "points": decision.points, "reason": decision.reason,
    }  # fmt: skip
    item = EventItem(
        *EventItem.key(partner, event.id), digest=event.digest, member_id=member_id, **facts
    )
    if member_id is not None and decision.points:
        # The entry will mark the order, so one write unit is enough here.
        return _put_alone(item, partner, event), True
    return _put_marked(item, partner, event, facts)


def _put_marked(
    item: EventItem, partner: str, event: PaidOrder, facts: dict[str, Any]
) -> tuple[EventItem, bool]:
    """The event put with its order's mark, and with what waits if nobody is known."""

    def write() -> EventItem:
        writes = WriteSet()
        writes.put_new(item, or_raise=EventExists)
        marker = PaidOrderItem(*PaidOrderItem.key(partner, event.order_id), **facts)
        writes.put_new(marker, or_raise=EventExists)
        if item.matched is None and event.identity is not None:
            key = UnmatchedItem.key(event.identity, partner, event.id)
            writes.put(UnmatchedItem(*key, partner=partner, **facts))
        writes.commit()
        return item

    def find() -> EventItem | None:
        return _same(partner, event) or _marked(partner, event.order_id)

    try:
        record, existed = replay_outranks_refusal(write, find)
    except EventExists as error:
        raise Unavailable() from error
    return record, not existed


def _put_alone(item: EventItem, partner: str, event: PaidOrder) -> EventItem:
    try:
        item.save(condition=EventItem.pk.does_not_exist())
    except PutError as error:
        found = _same(partner, event)
        if found is None:
            raise Unavailable() from error
        return found
    return item


def _same(partner: str, event: PaidOrder) -> EventItem | None:
    found = queries.find_event(partner, event.id)
    if found is not None and found.digest != event.digest:
        words = Words("该 id 已用于不同的内容", "was used with other content")
        raise EventIdReused(FieldError("id", "reused", words))
    return found


def _marked(partner: str, order_id: str) -> EventItem | None:
    key = PaidOrderItem.key(partner, order_id)
    marker: PaidOrderItem | None = PaidOrderItem.find(*key)
    return queries.find_event(partner, marker.event_id) if marker else None


def _apply(partner: str, event_id: str, record: EventItem, *, new: bool, now: datetime) -> Outcome:
    decision = record.decision
    if not decision.points or record.matched is None:
        return Outcome(event_id, APPLIED if new else DUPLICATE, [], decision)
    account_id = ledger.points_account(record.member_id)
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
    """One accrual for each partner, order and rule, whatever events tell of the order."""
    source = f"{partner}:{record.order_id}"
    reference = f"order_paid:{source}:{record.rule}"
    cause = Cause(reference, source, record.occurred_at, record.rule)
    return Credit(record.points, rules.expires_at(now), cause)


def apply_unmatched(identity: str, member_id: str, now: datetime) -> None:
    """Give a newly known member what their earlier events earned."""
    for waiting in list(queries.unmatched_of(identity)):
        _apply_waiting(waiting, member_id, now)


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
