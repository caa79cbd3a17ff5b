"""Replays as the staff orders them: a rule held against the events of a period."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from chalicelib.earning.rules.definitions import RuleDraft, Valid
from chalicelib.earning.rules.replaying import Line
from chalicelib.kernel.clock import end_of
from chalicelib.kernel.errors import FieldError, Invalid, Words

RUNNING, DONE, FAILED = "running", "done", "failed"
MOST_DAYS = 92
# Longer than the retries of a message before it is a dead letter.
STALLED_AFTER_MS = 2 * 3600 * 1000
# A worker keeps these in memory; a program with more replays shorter periods.
MOST_MEMBERS, TOO_MANY_MEMBERS = 1_000_000, "too_many_members"

_REVERSED = Words("不得早于开始日期", "is before the first day")
_FUTURE = Words("不得晚于今天", "is after today")
_TOO_LONG = Words(f"最多 {MOST_DAYS} 天", f"ends a period of more than {MOST_DAYS} days")


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """A replay: `first` and `last` are days of the program, both included.

    `round` counts its saves, so only one of two deliveries of a message is saved. `day` is the next
    one to be read, None once all are; `after` is the place in it. `counters` names the parts that
    hold what limits remember. `lifted`: the rule's own period lies outside of this one, and was
    left out of account.
    """

    id: str
    rule_id: str
    version: int
    unit: str
    made_by: str
    content: bytes
    created_at_ms: int
    moved_at_ms: int
    first: str
    last: str
    rule_parts: int
    has_purchases: bool = True
    lifted: bool = False
    round: int = 0
    day: str | None = None
    after: str | None = None
    counters: str | None = None
    counter_parts: int = 0
    lines: dict[str, Line] = msgspec.field(default_factory=dict)
    members: int = 0
    unmatched: int = 0
    unreadable: int = 0
    problem: str | None = None

    @property
    def is_over(self) -> bool:
        return self.day is None or self.problem is not None

    @property
    def days(self) -> list[date]:
        first, last = date.fromisoformat(self.first), date.fromisoformat(self.last)
        return [first + timedelta(number) for number in range((last - first).days + 1)]

    @property
    def days_done(self) -> int:
        if self.day is None:
            return len(self.days)
        return (date.fromisoformat(self.day) - date.fromisoformat(self.first)).days

    def status(self, now_ms: int) -> str:
        """`running`, `done` or `failed`; without progress for STALLED_AFTER_MS it has failed."""
        if self.problem is not None:
            return FAILED
        if self.day is None:
            return DONE
        return FAILED if now_ms - self.moved_at_ms > STALLED_AFTER_MS else RUNNING

    def with_line(self, day: str, line: Line) -> Replay:
        return replace(self, lines={**self.lines, day: self.lines.get(day, Line()) + line})

    def on_next_day(self) -> Replay:
        """The replay once its day is read to the end."""
        assert self.day is not None, "a day was read"
        following = date.fromisoformat(self.day) + timedelta(1)
        is_last = self.day == self.last
        return replace(self, day=None if is_last else f"{following:%Y-%m-%d}", after=None)


def check_period(first: date, last: date, today: date, age_days: int) -> None:
    """Check the days of a replay; events are `age_days` old at most, with 0 of any age.

    Raises Invalid naming the field.
    """
    if last > today:
        raise Invalid(FieldError("to", "in_the_future", _FUTURE))
    if last < first:
        raise Invalid(FieldError("to", "invalid_span", _REVERSED))
    if (last - first).days >= MOST_DAYS:
        raise Invalid(FieldError("to", "invalid_span", _TOO_LONG))
    if age_days and first < today - timedelta(age_days):
        words = Words(f"早于 {age_days} 天前", f"lies more than {age_days} days back")
        raise Invalid(FieldError("from", "too_old", words))


def tried_in(terms: RuleDraft, first: date, last: date) -> tuple[RuleDraft, bool]:
    """The terms as they are tried in a period, and whether that changes them.

    A draft of the next month is tried on the last one: `from` and `until` are left out where they
    leave no moment of the period.
    """
    valid = terms.valid
    if valid is None:
        return terms, False
    begins, ends = end_of(first - timedelta(1)), end_of(last)
    is_apart = (valid.from_ is not None and valid.from_ >= ends) or (
        valid.until is not None and valid.until <= begins
    )
    if not is_apart:
        return terms, False
    rest: Valid = replace(valid, from_=None, until=None)
    return replace(terms, valid=None if rest == Valid() else rest), True
