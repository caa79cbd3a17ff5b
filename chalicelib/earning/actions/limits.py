"""Writes of the counters of limits: they join the transaction that credits or takes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from chalicelib import members
from chalicelib.earning.errors import BudgetSpent
from chalicelib.earning.queries import Receipt
from chalicelib.earning.queries import limits as queries
from chalicelib.earning.queries.limits import Counted
from chalicelib.earning.rules import Decision
from chalicelib.earning.rules.limits import Used, limited
from chalicelib.earning.rules.merging import one_used
from chalicelib.earning.tables.limits import BUDGET_SHARDS, CapItem, budget_of
from chalicelib.kernel.clock import from_ms, program_day
from chalicelib.kernel.store import budgets
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads
from chalicelib.ledger import Clawback


def settle(
    writes: WriteSet, member_id: str, decisions: Sequence[Decision], now: datetime
) -> list[Decision]:
    """The decisions as limits leave them; adds what they take of the counters.

    The commit raises Moved if the counters have changed since: settle again.
    """
    seen = queries.counted(member_id, decisions, program_day(now))
    made = limited(decisions, {rule_id: each.left for rule_id, each in seen.items()})
    for each in made:
        if each.points and each.rule_id in seen:
            _take(writes, each, member_id, seen[each.rule_id])
    return made


def _take(writes: WriteSet, decision: Decision, member_id: str, seen: Counted) -> None:
    if seen.used is not None:
        used = seen.used.with_more(decision.points)
        _put_cap(writes, decision.rule_id, member_id, seen.version, used)
    if seen.budget is not None:
        budget = budget_of(decision.rule_id, BUDGET_SHARDS)
        budgets.take(writes, budget, {"left": decision.points}, seen.budget)


def join_caps(member_id: str, into: str) -> None:
    """Count for another member what this one got of each rule. Safe to repeat: what was joined is
    no longer there, and what is heard late is joined by the next call."""
    for rule_id in queries.caps_of(member_id):
        with_fresh_reads(partial(_join_cap, rule_id, member_id, into))


def _join_cap(rule_id: str, member_id: str, into: str) -> None:
    gone, kept = queries.find_cap(rule_id, member_id), queries.find_cap(rule_id, into)
    if gone is None:
        return
    after = one_used(queries.stored(kept), queries.stored(gone)) if kept else queries.stored(gone)
    writes = WriteSet()
    _put_cap(writes, rule_id, into, kept.version if kept else 0, after)
    writes.delete(CapItem(gone.pk, gone.sk), condition=CapItem.version == gone.version)
    writes.commit()


def _put_cap(writes: WriteSet, rule_id: str, member_id: str, version: int, after: Used) -> None:
    item = CapItem(
        *CapItem.key(rule_id, member_id),
        life=after.life,
        month=after.month,
        month_used=after.month_used,
        day=after.day,
        day_used=after.day_used,
        version=version + 1,
    )
    writes.put(item, condition=unmoved(CapItem.version, version))


def give_back(
    writes: WriteSet, decision: Decision, receipt: Receipt, clawback: Clawback, now: datetime
) -> None:
    """Add to the refund of an award: its points may be given again.

    The budget has them back. Of the member's caps, those of the day and the month of the credit
    have them back while they last, and that of all time always.
    """
    limits, rule_id, points = decision.limits, decision.rule_id, clawback.points
    assert limits is not None, "an award without limits gives none back"
    assert receipt.member_id is not None, "a receipt with accruals has a member"
    if limits.budget is not None:
        shard = clawback.accrual.seq % BUDGET_SHARDS
        budgets.give_back(writes, budget_of(rule_id, BUDGET_SHARDS), shard, {"left": points})
    if limits.is_of_member:
        # The caps of who was merged since are counted for who they are now.
        member_id = members.current(receipt.member_id)
        cap, today = queries.find_cap(rule_id, member_id), program_day(now)
        then = program_day(from_ms(clawback.accrual.recorded_at_ms))
        used = queries.used_of(cap, today).without(points, then)
        _put_cap(writes, rule_id, member_id, cap.version if cap else 0, used)


def put_budget(writes: WriteSet, rule_id: str, before: int | None, budget: int | None) -> None:
    """Add to the publishing of a rule: its budget is another one than before.

    Raises BudgetSpent if more than the new budget is spent already.
    """
    then = {} if before is None else {"left": before}
    now = {} if budget is None else {"left": budget}
    budgets.change(writes, budget_of(rule_id, BUDGET_SHARDS), then, now, BudgetSpent())
