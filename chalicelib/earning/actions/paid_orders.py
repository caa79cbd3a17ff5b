"""Paid orders: each gives its points once, now or when its member registers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib import ledger
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
from chalicelib.earning.queries.sets import marked, old_ids, set_of, set_of_member
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
from chalicelib.ledger import POINTS, Entry, EntryExists


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
    """Put the event with its order's mark, and a waiting item if no member is known.

    An event of an order that has given points already is not recorded: those are its answer.
    """

    def write() -> EventItem:
        writes = WriteSet()
        put_event(writes, item, partner, event)
        _mark(writes, partner, item, item.decisions)
        if item.matched is None and event.identity is not None:
            writes.put(UnmatchedItem.of(event.identity, partner, item))
        elif item.matched is not None and not rules.is_told_once(partner, item.order_id):
            _pass_by(writes, partner, item)
        writes.commit()
        return item

    def find() -> EventItem | None:
        return same(partner, event) or marked(partner, event.order_id)

    try:
        record, existed = record_once(write, find)
    except EntryExists:
        return item, False
    return record, not existed


def _pass_by(writes: WriteSet, partner: str, item: EventItem) -> None:
    """Add that an order without points passes by its member's account: no event of it that another
    process decides by other rules can give points without seeing that.

    Raises EntryExists if one has given points.
    """
    assert item.matched is not None, "an event without a member has no account to pass by"
    seen = ledger.find_account(ledger.points_account(item.matched))
    if set_of_member(partner, item.order_id, seen):
        raise EntryExists()
    ledger.pass_by(writes, seen)


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


def _apply(partner: str, event_id: str, record: EventItem, *, new: bool, now: datetime) -> Outcome:
    decisions, member_id = record.decisions, record.matched
    status = APPLIED if new else DUPLICATE
    if member_id is None or (new and not units_given(decisions)):
        return Outcome(event_id, status, [], decisions)
    if not units_given(decisions):
        seen = ledger.find_account(ledger.points_account(member_id))
        entries = set_of_member(partner, record.order_id, seen)
        return Outcome(event_id, status, entries, rules.decisions_in(decisions, entries))
    return _Crediting(partner, record, member_id, now).outcome(event_id)


class _Crediting:
    """The crediting of a recorded event to its member, unless its order has a set already.

    `made` are the decisions as they were carried out. `other` is the event that marks the order,
    where it is another one: its set is the order's. Old ids are those of merged members.
    """

    def __init__(self, partner: str, record: EventItem, member_id: str, now: datetime) -> None:
        self.partner, self.record, self.member_id, self.now = partner, record, member_id, now
        self.risked = at_risk(record.decisions)
        self.made: Sequence[Decision] = record.decisions
        self.old_ids: list[str] = []
        self.other: EventItem | None = None

    def outcome(self, event_id: str) -> Outcome:
        entries, existed = replay_outranks_refusal(self._write, self._find)
        if self.other is not None:
            return _apply(self.partner, event_id, self.other, new=False, now=self.now)
        status = DUPLICATE if existed else APPLIED
        return Outcome(event_id, status, entries, rules.decisions_in(self.made, entries))

    def _write(self) -> list[Entry]:
        writes, decisions = WriteSet(), self.record.decisions
        settled = settle(writes, self.member_id, decisions, self.now)
        accounts = accounts_of(self.member_id, units_given(settled))
        at_stake = [unit for unit in self.risked if unit not in accounts]
        passed = accounts_of(self.member_id, at_stake)
        seen = [*accounts.values(), *passed.values()]
        self.old_ids = old_ids(self.member_id, seen)
        # Two sets of points have one reference in common. A set without points is told by its mark,
        # of which the account tells, and what a member earned before a merge stands elsewhere. All
        # accounts are read before: what another try does to them from now on refuses this one.
        may_stand = self.old_ids or self.risked or any(each.passed for each in seen)
        if (may_stand or POINTS not in accounts) and self._find() is not None:
            raise EntryExists()
        entries = accrue(writes, self.partner, self.record, settled, accounts, self.now)
        if settled != decisions:
            _resettle(writes, self.partner, self.record, settled)
        for each in passed.values():
            ledger.pass_by(writes, each)
        writes.commit()
        self.made = settled
        return entries

    def _find(self) -> list[Entry] | None:
        """The order's set, by whichever event; an empty one if another event marks the order."""
        order_id, ids = self.record.order_id, [self.member_id, *self.old_ids]
        found = set_of(self.partner, order_id, ids, self.record.decisions)
        mark = None if found else marked(self.partner, order_id)
        if mark is None or mark.matched is None:
            return found or None
        if mark.event_id != self.record.event_id:
            self.other = mark
            return []
        if units_given(mark.decisions):
            return None
        # Another try found that limits leave nothing.
        self.made = mark.decisions
        return []


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
        ids = [member_id, *old_ids(member_id, accounts.values())]
        # Another waiting event may have named the same order.
        if accounts and not set_of(partner, waiting.order_id, ids, decisions):
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
