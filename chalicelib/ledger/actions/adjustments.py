"""Adjustments by hand, each with its audit record; large ones wait for a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act, Facts
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import queries, rules
from chalicelib.ledger.actions.movements import adjust
from chalicelib.ledger.errors import AdjustmentExists
from chalicelib.ledger.rules import UNITS, Cause
from chalicelib.ledger.rules.adjustments import APPLIED, REJECTED, WAITING, Adjustment
from chalicelib.ledger.tables import AdjustmentItem


def propose_adjustment(asked: Adjustment, act: Act) -> tuple[Adjustment, bool]:
    """Adjust an account, or wait for a second person if one is needed: (adjustment, replayed).

    Raises InsufficientPoints, IdempotencyKeyReused.
    """
    alone = config().ledger.adjustment_alone_at_most, config().ledger.rebate_alone_at_most
    waits = asked.needs_another(*alone)
    status = WAITING if waits else APPLIED
    made = replace(asked, status=status, needed_approval=waits)

    def write() -> Adjustment:
        writes = WriteSet()
        writes.put_new(AdjustmentItem.of(made), or_raise=AdjustmentExists)
        before: Facts = {}
        after: Facts = {"adjustment": made.id, "points": made.points, "status": status}
        if status == APPLIED:
            before, applied = _apply(writes, made, from_ms(made.created_at_ms))
            after |= applied
        audit.record(writes, act.changing(before, after))
        writes.commit()
        return made

    def find() -> Adjustment | None:
        found = queries.find_adjustment(made.id)
        if found is not None and found.content != made.content:
            raise IdempotencyKeyReused()
        return found

    return replay_outranks_refusal(write, find)


def approve_adjustment(adjustment_id: str, act: Act, now: datetime) -> tuple[Adjustment, bool]:
    """Approve and apply somebody else's adjustment: (adjustment, replayed).

    Raises NotFound, NotAllowedInThisState, SecondPersonRequired, InsufficientPoints,
    IdempotencyKeyReused.
    """
    return _decide(adjustment_id, APPLIED, act, lambda writes, it: _apply(writes, it, now))


def reject_adjustment(adjustment_id: str, act: Act) -> tuple[Adjustment, bool]:
    """Reject a waiting adjustment: (adjustment, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """
    return _decide(adjustment_id, REJECTED, act, lambda *_: ({}, {}))


def _decide(
    adjustment_id: str,
    status: str,
    act: Act,
    effect: Callable[[WriteSet, Adjustment], tuple[Facts, Facts]],
) -> tuple[Adjustment, bool]:
    def write() -> Adjustment:
        seen = queries.get_adjustment(adjustment_id)
        decided = seen.decided(act.actor.member_id, status)
        writes = WriteSet()
        unmoved = AdjustmentItem.status == seen.status
        writes.put(AdjustmentItem.of(decided), condition=unmoved, or_raise=Moved)
        before, after = effect(writes, decided)
        change: Facts = {"adjustment": decided.id, "points": decided.points}
        audit.record(
            writes,
            act.changing(
                {**change, "status": seen.status, **before}, {**change, "status": status, **after}
            ),
        )
        writes.commit()
        return decided

    return audit.once(act, write, lambda: queries.find_adjustment(adjustment_id))


def _apply(writes: WriteSet, made: Adjustment, now: datetime) -> tuple[Facts, Facts]:
    seen = queries.find_account(made.account_id)
    expires_at = made.expires_at
    if expires_at is None:
        policy = UNITS[seen.unit].expires
        expires_at = rules.expires_at(policy, now, config().time_zone)
    cause = Cause(made.reference, made.reference, made.created_at_ms, content=made.content)
    entry = adjust(writes, seen, made.points, expires_at, cause, now)
    available = entry.balance_after - entry.points
    return {"available": available}, {"available": entry.balance_after}
