"""Expiry: policies in the program's calendar with at most 36 live lots; lapsed points leave."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

from chalicelib.ledger.rules import lots
from chalicelib.ledger.rules.accounts import (
    EXPIRED,
    EXPIRY,
    Account,
    Cause,
    Effect,
    Entry,
    post,
    recording_time,
)
from chalicelib.ledger.rules.lots import MAX_LOTS, NEVER

DAYS, MONTHS = "days", "months"
END_OF_MONTH, END_OF_YEAR = "end_of_month", "end_of_year"
NEVER_EXPIRES = "never"
# The source of the entry by which the points of an erased member lapse.
ERASURE = "erasure"
_MOST_DAYS_A_MONTH = 31
_MOST = {DAYS: 3660, MONTHS: 120, END_OF_MONTH: MAX_LOTS - 1, END_OF_YEAR: MAX_LOTS - 1}


class ExpiryPolicy(msgspec.Struct, frozen=True):
    """Points lapse after `count` days or months, or at the end of the month or year `count` on.

    Days and months end at the program's midnight and round up to a step, so daily credits make at
    most MAX_LOTS lots.

    Raises ValueError for an unknown policy.
    """

    kind: str
    count: int = 0

    def __post_init__(self) -> None:
        if self.kind == NEVER_EXPIRES:
            good = self.count == 0
        else:
            least = 1 if self.kind in (DAYS, MONTHS) else 0
            good = self.kind in _MOST and least <= self.count <= _MOST[self.kind]
        if not good:
            raise ValueError(f"no expiry policy: {self.kind} {self.count}")

    @property
    def step_days(self) -> int:
        """The step of days and months, in days."""
        days = self.count * (_MOST_DAYS_A_MONTH if self.kind == MONTHS else 1)
        return -(-days // (MAX_LOTS - 1))


def expires_at(policy: ExpiryPolicy, credited_at: datetime, zone: tzinfo) -> int:
    """The second at which points credited at `credited_at` lapse; NEVER if they do not."""
    if policy.kind == NEVER_EXPIRES:
        return NEVER
    day = credited_at.astimezone(zone).date()
    midnight = datetime.combine(_first_day_without(policy, day), time(), zone)
    return int(midnight.astimezone(UTC).timestamp())


def expire(account: Account, now_ms: int) -> tuple[Account, Entry | None]:
    """Remove lapsed lots; the account after that, and the expiry entry if any lot had lapsed."""
    gone = lots.expired(account.lots, recording_time(account, now_ms))
    if not gone:
        return account, None
    last = max(gone)
    cause = Cause(f"expiry:{last}:{account.seq + 1}", "expiry", last * 1000)
    return post(account, EXPIRY, Effect(lots.negative(gone), contra=EXPIRED), cause, now_ms)


def lapse_rest(account: Account, now_ms: int) -> tuple[Account, Entry | None]:
    """Remove all points of a member who is erased; the account after that, and the entry if there
    were any."""
    if not account.posted:
        return account, None
    cause = Cause(f"erasure:{account.seq + 1}", ERASURE, now_ms)
    return post(account, EXPIRY, Effect(lots.negative(account.lots), contra=EXPIRED), cause, now_ms)


def _first_day_without(policy: ExpiryPolicy, day: date) -> date:
    if policy.kind == DAYS:
        return _rounded_up(day + timedelta(days=policy.count + 1), policy.step_days)
    if policy.kind == MONTHS:
        last = _months_on(day, policy.count)
        return _rounded_up(last + timedelta(days=1), policy.step_days)
    if policy.kind == END_OF_MONTH:
        return _months_on(day.replace(day=1), policy.count + 1)
    return date(day.year + policy.count + 1, 1, 1)


def _months_on(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _rounded_up(day: date, step_days: int) -> date:
    return date.fromordinal(-(-day.toordinal() // step_days) * step_days)
