"""Assessments of members, and the staff's decisions on their cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib import audit, ledger, members
from chalicelib.audit import Act
from chalicelib.kernel import sweeps
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import ACTIVE, BY_RISK, CREDITS_PENDING, FROZEN, UNDER_REVIEW
from chalicelib.risk.actions import uses
from chalicelib.risk.queries import cases as queries
from chalicelib.risk.queries.evidence import evidence_of
from chalicelib.risk.queries.rules import rules_in_force
from chalicelib.risk.rules import cases
from chalicelib.risk.rules.cases import Case
from chalicelib.risk.rules.scores import NONE, PENDING, STATUS_OF, WATCH
from chalicelib.risk.tables import RiskCaseItem

# From the mildest on.
_STATUSES = (ACTIVE, CREDITS_PENDING, UNDER_REVIEW, FROZEN)
# What only watches or waits ends by itself when the evidence is old enough.
LOOKED_AT_AGAIN = timedelta(days=1)


def sweep(now: datetime, failed: list[Exception]) -> int:
    """Assess the members of whom something new is known; how many."""
    due = queries.due_members(int(now.timestamp()))
    return sweeps.each(
        due, lambda each: _assess_due(each, now), failed, defer=lambda each: _defer(each, now)
    )


def _assess_due(member_id: str, now: datetime) -> int:
    seen = queries.find_due(member_id)
    if seen is None:
        return 0
    into = members.merged_into(member_id)
    if into is not None:
        join_of(member_id, into, now)
        uses.end_ask(seen, member_id)
        return 1
    case = assess(member_id, now)
    if case is not None and case.level in (WATCH, PENDING):
        uses.defer_ask(seen, member_id, now + LOOKED_AT_AGAIN)
    else:
        uses.end_ask(seen, member_id)
    return 1


def _defer(member_id: str, now: datetime) -> bool:
    seen = queries.find_due(member_id)
    if seen is not None:
        uses.defer_ask(seen, member_id, now + sweeps.DEFERRED)
    return seen is not None


def assess(member_id: str, now: datetime) -> Case | None:
    """Score a member and do what the level says, in one transaction; the case that there is."""

    def attempt() -> Case | None:
        seen = queries.find_case(member_id)
        evidence = evidence_of(member_id, now)
        after = cases.assessed(seen, member_id, evidence, rules_in_force(), to_ms(now))
        if after is None:
            return seen
        writes = WriteSet()
        _put(writes, seen, after, now)
        writes.commit()
        return after

    case = with_fresh_reads(attempt)
    if case is not None and STATUS_OF[case.level] == ACTIVE:
        ledger.unlock_all_held_back(member_id, now)
    return case


def join_of(member_id: str, into: str, now: datetime) -> None:
    """Close the case of a member who was merged, let what they used be used by who they are now,
    and ask for an assessment of those. Safe to repeat."""
    uses.ask(into, now)
    uses.move_uses(member_id, into)

    def end() -> None:
        seen = queries.find_case(member_id)
        if seen is not None and seen.level != NONE:
            writes = WriteSet()
            _put(writes, seen, cases.close(seen, to_ms(now)), now)
            writes.commit()

    with_fresh_reads(end)


def clear(member_id: str, act: Act, now: datetime) -> tuple[Case, bool]:
    """End a false alarm: the member is as before, and all held-back points are spendable now:
    (case, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def change(seen: Case) -> Case:
        return cases.clear(seen, evidence_of(member_id, now), to_ms(now))

    case, replayed = _decide(member_id, act, change, now)
    # After a crash a retry gives the rest, or the next sweep does.
    if case.level == NONE:
        ledger.unlock_all_held_back(member_id, now)
    return case, replayed


def confirm(member_id: str, act: Act, now: datetime) -> tuple[Case, bool]:
    """Record that there is abuse, and freeze the member's accounts: (case, replayed).

    Raises NotFound, NotAllowedInThisState, MemberMerged, IdempotencyKeyReused.
    """

    def change(seen: Case) -> Case:
        # What one would freeze has gone to the other.
        if (into := members.merged_into(member_id)) is not None:
            raise members.MemberMerged(merged_into=into)
        return cases.confirm(seen, to_ms(now))

    return _decide(member_id, act, change, now)


def _decide(
    member_id: str, act: Act, change: Callable[[Case], Case], now: datetime
) -> tuple[Case, bool]:
    def write() -> Case:
        seen = queries.get_case(member_id)
        after = change(seen)
        writes = WriteSet()
        _put(writes, seen, after, now)
        uses.add_ask(writes, member_id, now)
        audit.record(writes, act.changing(_facts(seen), _facts(after)))
        writes.commit()
        return after

    return audit.once(act, write, lambda: queries.find_case(member_id))


def _put(writes: WriteSet, seen: Case | None, after: Case, now: datetime) -> None:
    """Add the case, and what its level does to the accounts. The commit raises Moved if the case
    was not as read."""
    item = RiskCaseItem.of(after)
    unmoved = RiskCaseItem.version == seen.version if seen else RiskCaseItem.pk.does_not_exist()
    writes.put(item, condition=unmoved)
    given, wanted = STATUS_OF[seen.level if seen else NONE], STATUS_OF[after.level]
    if _STATUSES.index(wanted) > _STATUSES.index(given):
        milder = _STATUSES[: _STATUSES.index(wanted)]
        ledger.set_status(writes, after.member_id, wanted, now, by=BY_RISK, of=milder)
    elif wanted != given:
        # One that the staff froze by hand, or a clawback, stays frozen.
        ledger.set_status(writes, after.member_id, wanted, now, by=BY_RISK, of=(given,))


def _facts(case: Case) -> audit.Facts:
    return {"state": case.state, "level": case.level, "score": case.score}
