"""Movements of points in and out of an account, one entry each.

Every function takes the account as it is at `now_ms`, without lapsed lots (see `expiry.expire`).
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from chalicelib.ledger.errors import AccountMismatch, NotReversible
from chalicelib.ledger.rules import lots, units, words
from chalicelib.ledger.rules.accounts import (
    ACCRUAL,
    ADJUSTED,
    ADJUSTMENT,
    ISSUED,
    MAX_POINTS,
    REDEEMED,
    REDEMPTION,
    REVERSAL,
    TRANSFER_OUT,
    UNLOCK,
    Account,
    Cause,
    Effect,
    Entry,
    post,
    recording_time,
)
from chalicelib.ledger.rules.freezing import HOLDING_BACK, check_active
from chalicelib.ledger.rules.lots import Lots

Posted = tuple[Account, Entry]


class Credit(msgspec.Struct, frozen=True):
    """Points to accrue; they lapse at `expires_at`, and are pending until `unlocks_at` if set.

    Both are epoch seconds. `is_held_back`: they are pending because of the account's status.
    """

    points: int
    expires_at: int
    cause: Cause
    unlocks_at: int | None = None
    is_held_back: bool = False


class Pending(msgspec.Struct, frozen=True):
    """Pending points of an accrual; they unlock at `unlocks_at`, or by an action.

    `is_held_back`: the account's status made them pending, no rule of earning.
    """

    account_id: str
    reference: str
    points: int
    expires_at: int
    unlocks_at: int
    source: str
    rule: str | None
    is_held_back: bool = False

    @property
    def unlock_reference(self) -> str:
        return unlock_of(self.reference)


def accrue(account: Account, credit: Credit, now_ms: int) -> Posted:
    """Accrue points from the program, as a lot or pending."""
    _check_size(credit.points)
    if credit.unlocks_at is not None:
        effect = Effect(pending=credit.points, contra=ISSUED)
        return post(account, ACCRUAL, effect, credit.cause, now_ms)
    return post_credit(
        account, ACCRUAL, {credit.expires_at: credit.points}, ISSUED, credit.cause, now_ms
    )


def held_back(account: Account, credit: Credit, until_s: int) -> Credit:
    """A credit that waits until a time (epoch seconds) where the account's status says so.

    One that waits longer by its own terms stays as it is, and so does what nobody can spend.
    """
    holds_back = account.status in HOLDING_BACK and units.UNITS[account.unit].spendable
    if not holds_back or (credit.unlocks_at or 0) >= until_s:
        return credit
    return replace(credit, unlocks_at=until_s, is_held_back=True)


def unlock(account: Account, pending: Pending, now_ms: int) -> Posted:
    """Make pending points spendable."""
    given, paid = credited(account, {pending.expires_at: pending.points}, now_ms)
    cause = Cause(pending.unlock_reference, pending.source, now_ms, pending.rule)
    effect = Effect(given, pending=-pending.points, debt=-paid)
    return post(account, UNLOCK, effect, cause, now_ms)


def unlock_of(reference: str) -> str:
    """The only reference of an accrual's unlock, so nothing unlocks twice."""
    return f"{reference}:unlock"


def redeem(account: Account, points: int, cause: Cause, now_ms: int) -> Posted:
    """Spend points on goods, soonest to lapse first.

    Raises InsufficientPoints, AccountFrozen, UnitMismatch.
    """
    units.spendable(account.unit)
    taken = lots_to_spend(account, points, now_ms)
    effect = Effect(lots.negative(taken), contra=REDEEMED)
    return post(account, REDEMPTION, effect, cause, now_ms)


def reverse(account: Account, undone: Entry, cause: Cause, now_ms: int) -> Posted:
    """Return a redemption's or a transfer's points to the lots that they came from.

    Lapsed points come back lapsed.

    Raises NotReversible, AccountMismatch.
    """
    if undone.account_id != account.id:
        raise AccountMismatch()
    if undone.type not in (REDEMPTION, TRANSFER_OUT):
        raise NotReversible(type=undone.type).telling(name=words.ENTRIES[undone.type])
    cause = cause._replace(reference=reversal_of(undone.reference))
    back, contra = lots.negative(undone.lots), undone.effect.contra
    return post_credit(account, REVERSAL, back, contra, cause, now_ms)


def refund(
    account: Account,
    spent: Lots,
    points: int,
    refunded: int,
    cause: Cause,
    now_ms: int,
    *,
    lapsed_until_s: int | None = None,
) -> Posted:
    """Return `points` of the spent ones to the lots that they came from.

    The points spent last come back first; `refunded` points have come back before. The caller
    keeps the sum within the points spent. Lapsed points come back lapsed, or live until
    `lapsed_until_s` (epoch seconds).
    """
    back = lots.latest(spent, points, refunded)
    if lapsed_until_s is not None:
        back = lots.prolonged(back, recording_time(account, now_ms), lapsed_until_s)
    return post_credit(account, REVERSAL, back, REDEEMED, cause, now_ms)


def reversal_of(reference: str) -> str:
    """The only reference of an entry's reversal, so nothing is reversed twice."""
    return f"{reference}:reversed"


def adjust(account: Account, points: int, expires_at: int, cause: Cause, now_ms: int) -> Posted:
    """Give or take points by hand; given points lapse at `expires_at`.

    Raises InsufficientPoints.
    """
    _check_size(abs(points))
    if points > 0:
        return post_credit(account, ADJUSTMENT, {expires_at: points}, ADJUSTED, cause, now_ms)
    taken = _soonest(account, -points, now_ms)
    effect = Effect(lots.negative(taken), contra=ADJUSTED)
    return post(account, ADJUSTMENT, effect, cause, now_ms)


def lots_to_spend(account: Account, points: int, now_ms: int) -> dict[int, int]:
    """The lots from which a member's own act takes points.

    Raises InsufficientPoints, AccountFrozen, UnderReview.
    """
    check_active(account)
    return _soonest(account, points, now_ms)


def _soonest(account: Account, points: int, now_ms: int) -> dict[int, int]:
    _check_size(points)
    at_ms = recording_time(account, now_ms)
    missing = points - account.available(at_ms)
    if missing > 0:
        raise words.insufficient(account.unit, missing)
    return lots.soonest(lots.live(account.lots, at_ms), points)


def post_credit(
    account: Account, entry_type: str, given: Lots, contra: str | None, cause: Cause, now_ms: int
) -> Posted:
    """Make an entry of points that come in; they pay the account's debt first."""
    kept, paid = credited(account, given, now_ms)
    return post(account, entry_type, Effect(kept, debt=-paid, contra=contra), cause, now_ms)


def credited(account: Account, given: Lots, now_ms: int) -> tuple[dict[int, int], int]:
    """Pay the account's debt from a credit; the change of the lots, and the payment."""
    at_ms = recording_time(account, now_ms)
    kept, paid = lots.after_debt(given, account.debt, at_ms)
    return lots.fitted(account.lots, kept, at_ms), paid


def _check_size(points: int) -> None:
    assert type(points) is int, "points are integers"
    assert 0 < points <= MAX_POINTS, "a movement moves points"
