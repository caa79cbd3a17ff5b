"""Paid orders: each gives its points once, now or when its member registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from chalicelib import ledger, members
from chalicelib.earning import queries, rules
from chalicelib.earning.actions.accruals import accounts_of, accrue
from chalicelib.earning.actions.deciding import Decided, decide
from chalicelib.earning.actions.limits import settle
from chalicelib.earning.actions.people import keep_facts
from chalicelib.earning.actions.records import (
    change_decisions,
    put_alone,
    put_event,
    record_once,
    same,
)
from chalicelib.earning.actions.waiting import apply_waiting_refunds
from chalicelib.earning.errors import EventExists
from chalicelib.earning.rules import (
    APPLIED,
    DUPLICATE,
    UNMATCHED,
    Decision,
    Happening,
    Outcome,
    PaidOrder,
    units_given,
)
from chalicelib.earning.rules.definitions import MEMBER_UPDATED
from chalicelib.earning.rules.limits import at_risk
from chalicelib.earning.rules.stacking import Verdict
from chalicelib.earning.tables import EventItem, PartnerOrderItem, UnmatchedItem
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import POINTS, Account, Entry, EntryExists


def receive(
    partner: str,
    event: PaidOrder,
    record: EventItem | None,
    told: str,
    now: datetime,
    member_of: Callable[[PaidOrder], str | None] = queries.member_of,
) -> Outcome:
    """Record and apply a payment; `told` is the id of the order's first event.

    `member_of` knows the event's member, maybe as of the beginning of the request.

    Raises EventIdReused.
    """
    if record is None and told != event.id:
        # An earlier event named this order: its record is the answer to this one too.
        record = queries.find_event(partner, told)
    new, verdicts = False, list[Verdict]()
    if record is None:
        member_id = member_of(event)
        if member_id and isinstance(event, Happening) and event.type == MEMBER_UPDATED:
            keep_facts(member_id, event)
        decided = decide(partner, event, member_id)
        verdicts = decided.verdicts
        record, new = _record(partner, event, member_id, decided)
    if record.matched is not None:
        outcome = _apply(partner, event.id, record, new=new, now=now)
        return outcome._replace(verdicts=verdicts)
    member_id = queries.member_of(event)
    if member_id is None or event.identity is None:
        return Outcome(event.id, UNMATCHED, [], record.decisions, verdicts)
    # The member registered meanwhile: do the work of the registration's consumer here.
    apply_unmatched(event.identity, member_id, now)
    settled = queries.find_event(partner, record.event_id) or record
    outcome = _apply(partner, event.id, settled, new=new, now=now)
    return outcome._replace(status=APPLIED) if new else outcome


def _record(
    partner: str, event: PaidOrder, member_id: str | None, decided: Decided
) -> tuple[EventItem, bool]:
    """The event as recorded, and whether it is new.

    Another try, or another event of an order without points, may have recorded it at the same
    moment. Then that record is the answer.

    Raises EventIdReused.
    """
    decisions = decided.decisions
    item = EventItem.of(partner, event, decisions, member_id, decided.tier)
    if member_id is not None and POINTS in units_given(decisions):
        # An entry of points will mark the order, so one write unit is enough here.
        return put_alone(item, partner, event), True
    return _put_marked(item, partner, event)


def _put_marked(item: EventItem, partner: str, event: PaidOrder) -> tuple[EventItem, bool]:
    """Put the event with its order's mark, and a waiting item if no member is known."""

    def write() -> EventItem:
        writes = WriteSet()
        put_event(writes, item, partner, event)
        _mark(writes, partner, item, item.decisions)
        if item.matched is None and event.identity is not None:
            writes.put(UnmatchedItem.of(event.identity, partner, item))
        writes.commit()
        return item

    def find() -> EventItem | None:
        return same(partner, event) or _marked(partner, event.order_id)

    record, existed = record_once(write, find)
    return record, not existed


def _mark(writes: WriteSet, partner: str, item: EventItem, decisions: Sequence[Decision]) -> None:
    """Add the payment to its order's item, where refunds may wait for it already."""
    order = PartnerOrderItem
    said = [
        order.order_id.set(item.order_id),
        order.event_id.set(item.event_id),
        order.amount.set(item.amount),
        order.currency.set(item.currency),
        order.points.set(sum(each.points for each in decisions)),
    ]
    key = order(*order.key(partner, item.order_id))
    writes.update(key, said, condition=order.event_id.does_not_exist(), or_raise=EventExists)


def _marked(partner: str, order_id: str) -> EventItem | None:
    event_id = queries.find_order(partner, order_id).event_id
    return queries.find_event(partner, event_id) if event_id else None


def _apply(partner: str, event_id: str, record: EventItem, *, new: bool, now: datetime) -> Outcome:
    decisions, member_id = record.decisions, record.matched
    if member_id is None or not units_given(decisions):
        return Outcome(event_id, APPLIED if new else DUPLICATE, [], decisions)

    risked = at_risk(decisions)

    def write() -> list[Entry]:
        writes = WriteSet()
        settled = settle(writes, member_id, decisions, now)
        accounts = accounts_of(member_id, units_given(settled))
        passed = accounts_of(member_id, [unit for unit in risked if unit not in accounts])
        old_ids[:] = _old_ids(member_id, accounts.values())
        # One decision is guarded by its reference. Of several, two events may differ, and what a
        # member earned before a merge stands elsewhere. All accounts are read before: what another
        # try does to them from now on refuses this one.
        if (old_ids or not rules.is_by_purchases(decisions)) and find() is not None:
            raise EntryExists()
        entries = accrue(writes, partner, record, settled, accounts, now)
        if settled != decisions:
            _resettle(writes, partner, record, settled)
        for seen in passed.values():
            ledger.pass_by(writes, seen)
        writes.commit()
        made[:] = settled
        return entries

    def find() -> list[Entry] | None:
        found = _accruals(partner, record.order_id, [member_id, *old_ids], decisions)
        if not found and risked and (told := _left_nothing(partner, record.order_id)) is not None:
            made[:] = told
            return []
        return found or None

    made, old_ids = list(decisions), list[str]()
    entries, existed = replay_outranks_refusal(write, find)
    status = DUPLICATE if existed else APPLIED
    return Outcome(event_id, status, entries, rules.decisions_in(made, entries))


def _old_ids(member_id: str, accounts: Iterable[Account]) -> list[str]:
    """The ids of those who were merged into a member; most members have none, which the accounts
    tell."""
    return members.ids_of(member_id)[1:] if any(each.joined for each in accounts) else []


def _accruals(
    partner: str, order_id: str, ids: Sequence[str], decisions: Sequence[Decision]
) -> list[Entry]:
    """What an order gave under the first of these ids that it gave anything."""
    found = (queries.accruals_of(partner, order_id, each, decisions) for each in ids)
    return next(filter(None, found), [])


def _left_nothing(partner: str, order_id: str) -> list[Decision] | None:
    """The decisions on an order that was settled without any points; None if it is not."""
    record = _marked(partner, order_id)
    if record is None or record.matched is None or units_given(record.decisions):
        return None
    return record.decisions


def _resettle(
    writes: WriteSet, partner: str, record: EventItem, settled: Sequence[Decision]
) -> None:
    """Let the record say what limits left, and mark its order where no entry of points will."""
    change_decisions(writes, record, settled)
    if POINTS in units_given(record.decisions) and POINTS not in units_given(settled):
        _mark(writes, partner, record, settled)


def apply_unmatched(identity: str, member_id: str, now: datetime) -> None:
    """Give a new member the points of their earlier events."""
    for waiting in list(queries.unmatched_of(identity)):
        _apply_waiting(waiting, member_id, now)
        account_id = ledger.points_account(member_id)
        apply_waiting_refunds(waiting.partner, waiting.order_id, now, account_id)


def _apply_waiting(waiting: UnmatchedItem, member_id: str, now: datetime) -> None:
    partner, decisions = waiting.partner, waiting.decisions

    def write() -> bool:
        writes = WriteSet()
        settled: Sequence[Decision] = decisions
        accounts = accounts_of(member_id, units_given(decisions))
        ids = [member_id, *_old_ids(member_id, accounts.values())]
        # Another waiting event may have named the same order.
        if accounts and not _accruals(partner, waiting.order_id, ids, decisions):
            settled = settle(writes, member_id, decisions, now)
            accounts = {unit: accounts[unit] for unit in units_given(settled)}
            accrue(writes, partner, waiting, settled, accounts, now)
        event = EventItem(*EventItem.key(partner, waiting.event_id))
        told = settled if settled != decisions else None
        change_decisions(writes, event, told, EventItem.member_id.set(member_id))
        writes.delete(waiting, condition=UnmatchedItem.pk.exists(), or_raise=EventExists)
        try:
            writes.commit()
        except EntryExists as error:
            raise Moved() from error
        return True

    def find() -> bool | None:
        return None if UnmatchedItem.find(waiting.pk, waiting.sk) else True

    replay_outranks_refusal(write, find)
