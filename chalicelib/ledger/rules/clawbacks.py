"""Clawbacks: a refund takes back the points of its accrual, even if they were spent since."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from chalicelib.ledger.errors import AccountMismatch, ClawbackExceedsAccrual, NotReversible
from chalicelib.ledger.rules import lots, units, words
from chalicelib.ledger.rules.accounts import (
    ACCRUAL,
    ADJUSTMENT,
    CLAWBACK,
    FROZEN,
    ISSUED,
    WRITTEN_OFF,
    Account,
    Cause,
    Effect,
    Entry,
    post,
    recording_time,
)
from chalicelib.ledger.rules.movements import Pending


class Clawback(NamedTuple):
    """Points to take back of an accrual."""

    accrual: Entry
    points: int
    cause: Cause


def pro_rata(granted: int, paid: int, refunded: int) -> int:
    """The total points to take back after refunds of `refunded` out of `paid` minor units.

    Floored, in the member's favour. One refund takes the difference to the total before it, so
    a full refund takes exactly `granted`.
    """
    assert 0 <= refunded <= paid, "nobody is refunded more than was paid"
    return granted if refunded == paid else granted * refunded // paid


def claw_back(
    account: Account,
    accrual: Entry,
    points: int,
    pending: Pending | None,
    cause: Cause,
    now_ms: int,
) -> tuple[Account, list[Entry]]:
    """Take points of an accrual back: pending ones first, then its own lot, then the soonest.

    Spent points follow the unit's policy: a debt; or a debt that a second entry writes off at
    once; or a debt, and the account is frozen.

    Raises NotReversible, AccountMismatch, ClawbackExceedsAccrual.
    """
    _check(account, accrual, points)
    waiting = min(points, pending.points if pending else 0)
    taken = _taken(account, accrual, points - waiting, now_ms)
    short = points - waiting - sum(taken.values())
    effect = Effect(lots.negative(taken), pending=-waiting, debt=short, contra=ISSUED)
    after, entry = post(account, CLAWBACK, effect, cause, now_ms)
    return settled(after, entry, short, cause, now_ms)


def settled(
    account: Account, entry: Entry, short: int, cause: Cause, now_ms: int
) -> tuple[Account, list[Entry]]:
    """The account after an entry left a debt of `short`, as the policy of its unit has it."""
    # The debt of a merged account goes on to the other one, and is settled there.
    policy = units.UNITS[account.unit].clawback if account.merged_into is None else None
    if short and policy == units.FLOOR:
        forgiven = Effect(debt=-short, contra=WRITTEN_OFF)
        cause = cause._replace(reference=f"{cause.reference}:written_off")
        account, write_off = post(account, ADJUSTMENT, forgiven, cause, now_ms)
        return account, [entry, write_off]
    if short and policy == units.ON_HOLD:
        account = replace(account, status=FROZEN)
    return account, [entry]


def _check(account: Account, accrual: Entry, points: int) -> None:
    if accrual.account_id != account.id:
        raise AccountMismatch()
    if accrual.type != ACCRUAL:
        raise NotReversible(type=accrual.type).telling(name=words.ENTRIES[accrual.type])
    assert points > 0, "a clawback takes points"
    if points > accrual.effect.from_outside:
        raise ClawbackExceedsAccrual(granted=accrual.effect.from_outside)


def _taken(account: Account, accrual: Entry, points: int, now_ms: int) -> dict[int, int]:
    """Up to so many live points, from the accrual's own lots first."""
    live = lots.live(account.lots, recording_time(account, now_ms))
    # An accrual that joined lots also names the lots that it emptied. Those are not its own.
    raised = (expiry for expiry, more in accrual.lots.items() if more > 0)
    own = {expiry: live[expiry] for expiry in raised if expiry in live}
    first = lots.soonest(own, min(points, sum(own.values())))
    others = lots.moved(live, lots.negative(first))
    rest = min(points - sum(first.values()), sum(others.values()))
    return lots.moved(first, lots.soonest(others, rest))
