"""Codes that a member shows at a till."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.kernel.errors import FieldError, Words
from chalicelib.members.errors import TillCodeExpired, TillCodeInvalid
from chalicelib.members.tables import seals


class Shown(NamedTuple):
    """A member who shows a code at a till; it `is_late` once the code has expired."""

    member_id: str
    is_late: bool


def member_of_code(code: str, at: str, now: datetime) -> Shown:
    """The member whose code this is, late or not: a retry of what came in time is late.

    Raises TillCodeInvalid naming the field `at`.
    """
    now_s = int(now.timestamp())
    found = seals.open_till_code(code, now_s)
    if found is None:
        words = Words("会员码无效", "is no member's code")
        raise TillCodeInvalid(FieldError(at, "till_code_invalid", words))
    return Shown(found.member_id, found.expires_at <= now_s)


def late_code(at: str) -> TillCodeExpired:
    """The refusal of a late code in the field `at`."""
    words = Words("会员码已过期", "has expired")
    return TillCodeExpired(FieldError(at, "till_code_expired", words))
