"""Transfers between members: limits, the entries of both sides, gifts in escrow."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from chalicelib.ledger.errors import LIMITS, NO_MORE_TODAY, TransferLimitReached
from chalicelib.ledger.rules import lots, units
from chalicelib.ledger.rules.accounts import (
    TRANSFER_IN,
    TRANSFER_OUT,
    TRANSFERS,
    Account,
    Cause,
    Effect,
    post,
)
from chalicelib.ledger.rules.lots import Lots
from chalicelib.ledger.rules.movements import Posted, lots_to_spend, post_credit


class TransferLimits(msgspec.Struct, frozen=True):
    """Limits of a member's transfers: points at once, points and transfers a program day."""

    points_at_once: int
    points_a_day: int
    times_a_day: int


class Escrow(msgspec.Struct, frozen=True):
    """Points that wait for a future `claimant` (an opaque key) until `expires_at`.

    `lots` are positive; `recipient` is the sealed phone or e-mail to notify.
    """

    claimant: str
    transfer_id: str
    account_id: str
    lots: Lots
    expires_at: int
    recipient: bytes

    @property
    def points(self) -> int:
        return sum(self.lots.values())


def transfer_reference(transfer_id: str) -> str:
    """The reference of both sides' entries."""
    return f"transfer:{transfer_id}"


def send(
    account: Account, points: int, limits: TransferLimits, day: int, cause: Cause, now_ms: int
) -> Posted:
    """Send points to another member on a program day (an ordinal), soonest to lapse first.

    Raises InsufficientPoints, AccountFrozen, UnitMismatch, TransferLimitReached.
    """
    units.transferable(account.unit)
    counted = account if account.sent_on == day else replace(account, sent=0, sends=0)
    _check_limits(counted, points, limits)
    taken = lots_to_spend(account, points, now_ms)
    sender = replace(counted, sent_on=day, sent=counted.sent + points, sends=counted.sends + 1)
    effect = Effect(lots.negative(taken), contra=TRANSFERS)
    return post(sender, TRANSFER_OUT, effect, cause, now_ms)


def _check_limits(counted: Account, points: int, limits: TransferLimits) -> None:
    """Check the limits; the refusal tells the points that could be sent now.

    Raises TransferLimitReached.
    """
    left = {
        "points_a_day": max(0, limits.points_a_day - counted.sent),
        "points_at_once": limits.points_at_once,
    }
    least = min(left, key=left.__getitem__)
    if counted.sends >= limits.times_a_day and left[least]:
        raise _above("times_a_day", limits.times_a_day)
    if points > left[least]:
        raise _above(least, left[least])


def _above(limit: str, at_most: int) -> TransferLimitReached:
    said = LIMITS[limit] if at_most > 0 else NO_MORE_TODAY
    return TransferLimitReached(limit=limit, at_most=at_most).saying(said)


def receive(account: Account, given: Lots, cause: Cause, now_ms: int) -> Posted:
    """Receive points from another member; they keep their expiry.

    Raises UnitMismatch.
    """
    units.transferable(account.unit)
    return post_credit(account, TRANSFER_IN, given, TRANSFERS, cause, now_ms)
