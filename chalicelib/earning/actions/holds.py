"""Holds of a partner: points held, then captured or released, under the partner's id."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib import ledger
from chalicelib.earning.errors import MemberNotFound
from chalicelib.earning.rules import source_of
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import FieldError, JifenError, Words
from chalicelib.ledger import Cause, Held, HoldNotFound


class HoldRequest(NamedTuple):
    """A hold as a partner requests it: `id` is the partner's, `digest` that of its content."""

    id: str
    points: int
    expires_in_seconds: int
    digest: bytes


def place(
    partner: str,
    asked: HoldRequest,
    member_id: str | None,
    now: datetime,
    otherwise: JifenError | None = None,
) -> tuple[Held, bool]:
    """Hold a member's points: (hold, replayed). `member_id` is None if no member was found, which
    is refused as `otherwise` says.

    Raises MemberNotFound, InsufficientPoints, AccountFrozen, IdempotencyKeyReused.
    """
    hold_id = source_of(partner, asked.id)
    if member_id is None:
        return _placed_before(hold_id, asked, now, otherwise), True
    expires_at = int((now + timedelta(seconds=asked.expires_in_seconds)).timestamp())
    cause = Cause(hold_id, hold_id, to_ms(now), content=asked.digest)
    account_id = ledger.points_account(member_id)
    return ledger.place_hold(account_id, hold_id, asked.points, expires_at, cause, now)


def _placed_before(
    hold_id: str, asked: HoldRequest, now: datetime, otherwise: JifenError | None
) -> Held:
    """The hold of an earlier try, for a member whose phone, e-mail or code has changed since."""
    try:
        held = ledger.show_hold(hold_id, now)
    except HoldNotFound as error:
        words = Words("未找到该会员", "is not a member")
        unknown = MemberNotFound(FieldError("member", "member_not_found", words))
        raise otherwise or unknown from error
    replay_of(held.hold, asked.digest)
    return held


def capture(partner: str, hold_id: str, points: int | None, now: datetime) -> tuple[Held, bool]:
    """Capture a hold, all of it or `points`; the rest is released: (hold, replayed).

    Raises HoldNotFound, HoldEnded, CaptureExceedsHold, HoldLapsed.
    """
    return ledger.capture_hold(source_of(partner, hold_id), points, now)


def release(partner: str, hold_id: str, now: datetime) -> tuple[Held, bool]:
    """Release a hold: (hold, replayed).

    Raises HoldNotFound, HoldEnded.
    """
    return ledger.release_hold(source_of(partner, hold_id), now)


def show(partner: str, hold_id: str, now: datetime) -> Held:
    """A partner's hold.

    Raises HoldNotFound.
    """
    return ledger.show_hold(source_of(partner, hold_id), now)
