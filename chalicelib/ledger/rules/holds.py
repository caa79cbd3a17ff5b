"""Holds: points set aside for a while, then captured in whole or in part, or released.

A capture and a release have the same reference, so a hold ends once.
"""

from __future__ import annotations

import msgspec

from chalicelib.ledger.errors import AccountMismatch, CaptureExceedsHold, HoldEnded, HoldLapsed
from chalicelib.ledger.rules import lots, units, words
from chalicelib.ledger.rules.accounts import (
    CAPTURE,
    HOLD,
    REDEEMED,
    RELEASE,
    Account,
    Cause,
    Effect,
    Entry,
    post,
    recording_time,
)
from chalicelib.ledger.rules.lots import Lots
from chalicelib.ledger.rules.movements import credited, lots_to_spend

HELD, CAPTURED, RELEASED, TIMED_OUT = "held", "captured", "released", "expired"
TIME_OUT = "time_out"


class Hold(msgspec.Struct, frozen=True):
    """Points set aside from `lots` until `expires_at` (epoch seconds).

    `content` is a digest of the request: it tells a retry from another request.
    """

    id: str
    account_id: str
    points: int
    lots: Lots
    expires_at: int
    honours_lapsed: bool
    source: str
    content: bytes

    @property
    def reference(self) -> str:
        return hold_reference(self.id)

    @property
    def end_reference(self) -> str:
        return f"{self.reference}:end"

    def has_timed_out(self, at_ms: int) -> bool:
        return self.expires_at * 1000 <= at_ms


def hold_reference(hold_id: str) -> str:
    return f"hold:{hold_id}"


def hold(
    account: Account, hold_id: str, points: int, expires_at: int, cause: Cause, now_ms: int
) -> tuple[Account, Entry, Hold]:
    """Set points aside, soonest to lapse first.

    Raises InsufficientPoints, AccountFrozen, UnitMismatch.
    """
    unit = units.spendable(account.unit)
    taken = lots_to_spend(account, points, now_ms)
    cause = cause._replace(reference=hold_reference(hold_id))
    after, entry = post(account, HOLD, Effect(lots.negative(taken), held=points), cause, now_ms)
    made = Hold(
        hold_id,
        account.id,
        points,
        taken,
        expires_at,
        unit.honours_lapsed,
        cause.source,
        cause.content or b"",
    )
    return after, entry, made


def capture(
    account: Account, held: Hold, points: int | None, cause: Cause, now_ms: int
) -> tuple[Account, Entry]:
    """Spend a hold's points, all of them or `points`; return the others to their lots.

    A frozen account's hold can be captured: it was promised before.

    Raises HoldEnded, CaptureExceedsHold, HoldLapsed, AccountMismatch.
    """
    at_ms = recording_time(account, now_ms)
    wanted = held.points if points is None else points
    assert wanted > 0, "a capture takes points"
    if held.has_timed_out(at_ms):
        raise HoldEnded(hold_status=TIMED_OUT).telling(state=words.HOLD_NAMES[TIMED_OUT])
    if wanted > held.points:
        raise CaptureExceedsHold(held=held.points)
    usable = held.lots if held.honours_lapsed else lots.live(held.lots, at_ms)
    if wanted > sum(usable.values()):
        raise HoldLapsed(capturable=sum(usable.values()))
    left = lots.moved(held.lots, lots.negative(lots.soonest(usable, wanted)))
    return _end(account, held, CAPTURE, left, REDEEMED, cause, now_ms)


def release(account: Account, held: Hold, cause: Cause, now_ms: int) -> tuple[Account, Entry]:
    """Return a hold's points to their lots; lapsed points come back lapsed.

    Raises AccountMismatch.
    """
    return _end(account, held, RELEASE, held.lots, None, cause, now_ms)


def _end(
    account: Account,
    held: Hold,
    entry_type: str,
    left: Lots,
    contra: str | None,
    cause: Cause,
    now_ms: int,
) -> tuple[Account, Entry]:
    if held.account_id != account.id:
        raise AccountMismatch()
    back, paid = credited(account, left, now_ms)
    effect = Effect(back, held=-held.points, debt=-paid, contra=contra)
    cause = cause._replace(reference=held.end_reference, source=held.source)
    return post(account, entry_type, effect, cause, now_ms)


def status_of(held: Hold, end: Entry | None, at_ms: int) -> str:
    """`held`, `captured`, `released` or `expired`, which means timed out, swept or not."""
    if end is None:
        return TIMED_OUT if held.has_timed_out(at_ms) else HELD
    if end.type == CAPTURE:
        return CAPTURED
    return TIMED_OUT if end.rule == TIME_OUT else RELEASED


def captured_by(end: Entry) -> int:
    """The number of points that a hold's end spent."""
    return -end.effect.from_outside
