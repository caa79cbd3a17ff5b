"""Check-ins: a day's points with the day itself, in one transaction."""

from __future__ import annotations

import base64
from datetime import date, datetime
from typing import NamedTuple

from chalicelib import ledger
from chalicelib.earning.actions.payouts import commit, credit_of
from chalicelib.earning.errors import CheckInsClosed, MakeUpNotOffered
from chalicelib.earning.queries import tasks
from chalicelib.earning.rules import check_ins
from chalicelib.earning.rules.check_ins import CheckedIn, Month, Months
from chalicelib.earning.rules.tasks import CHECK_IN, CheckInTerms, MakeUpTerms, Task
from chalicelib.earning.tables.tasks import CheckInsItem
from chalicelib.kernel import ids
from chalicelib.kernel.clock import from_ms, program_day, to_ms
from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, unmoved
from chalicelib.ledger import Cause

RULE = "check_in"


class MadeUp(NamedTuple):
    """A day that was made up, and the streak that came of it; `points` is what it cost."""

    day: date
    streak_days: int
    points: int


def check_in(member_id: str, key: str | None, now: datetime) -> tuple[CheckedIn, bool]:
    """Check in on the program's day: (check-in, replayed). The day is its own key.

    Raises AlreadyCheckedIn, CheckInsClosed, AccountFrozen.
    """
    today, told = program_day(now), _told(key)

    def write() -> CheckedIn:
        task = _task(now)
        months = tasks.months_of(member_id, today)
        after, done = check_ins.check_in(months, member_id, today, task.points, _terms(task), told)
        writes = WriteSet()
        _put(writes, months, after)
        if done.points:
            seen = ledger.find_account(ledger.points_account(member_id))
            cause = Cause(reference_of(today), f"task:{task.id}", to_ms(now), RULE)
            ledger.accrue(writes, seen, [credit_of(done.points, task.lots, cause, now)], now)
        commit(writes)
        return done

    def find() -> CheckedIn | None:
        return _found(member_id, today, told)

    return replay_outranks_refusal(write, find)


def make_up(member_id: str, day: date, key: str, now: datetime) -> tuple[MadeUp, bool]:
    """Make up a missed day, for points if ops ask some: (what was made up, replayed).

    Raises AlreadyCheckedIn, CheckInNotMissed, NoMakeUpLeft, MakeUpNotOffered, CheckInsClosed,
    InsufficientPoints, AccountFrozen, IdempotencyKeyReused.
    """
    today, told = program_day(now), str(_told(key))

    def write() -> MadeUp:
        task = _task(now)
        terms = _make_up_of(task)
        months = tasks.months_of(member_id, today)
        joined = program_day(from_ms(tasks.person_of(member_id).created_at_ms))
        changed = check_ins.make_up(months, member_id, day, today, joined, terms, told)
        writes = WriteSet()
        for month in changed:
            _put(writes, months, month)
        if terms.points:
            seen = ledger.find_account(ledger.points_account(member_id))
            reference = f"{reference_of(day)}:made_up"
            cause = Cause(reference, f"task:{task.id}", to_ms(now), RULE)
            ledger.redeem(writes, seen, terms.points, cause, now)
        commit(writes)
        after = {**months, **{each.month: each for each in changed}}
        return MadeUp(day, check_ins.streak_now(after, today), terms.points)

    def find() -> MadeUp | None:
        months = tasks.months_of(member_id, today)
        found = _with_key(months, told)
        if found is None:
            return None
        if found != day:
            raise IdempotencyKeyReused()
        spent = ledger.find_entry(ledger.points_account(member_id), f"{reference_of(day)}:made_up")
        return MadeUp(day, check_ins.streak_now(months, today), -spent.points if spent else 0)

    return replay_outranks_refusal(write, find)


def reference_of(day: date) -> str:
    """The reference of a day's check-in among a member's entries."""
    return f"check_in:{day.isoformat()}"


def _found(member_id: str, today: date, told: str | None) -> CheckedIn | None:
    """The check-in of today, if the same key made it."""
    months = tasks.months_of(member_id, today)
    month = months.get(check_ins.month_of(today))
    if told is None or month is None or month.keys.get(today.day) != told:
        return None
    entry = ledger.find_entry(ledger.points_account(member_id), reference_of(today))
    points = entry.effect.from_outside if entry else 0
    return CheckedIn(today, month.streak_at(today), points, 0)


def _with_key(months: Months, told: str) -> date | None:
    """The day that a key checked in or made up."""
    for month in months.values():
        for number, key in month.keys.items():
            if key == told:
                return date.fromisoformat(f"{month.month}-{number:02d}")
    return None


def _task(now: datetime) -> Task:
    """Raises CheckInsClosed."""
    task = tasks.task_of(CHECK_IN, to_ms(now))
    if task is None:
        raise CheckInsClosed()
    return task


def _terms(task: Task) -> CheckInTerms:
    assert task.check_in is not None, "a check-in has its terms"
    return task.check_in


def _make_up_of(task: Task) -> MakeUpTerms:
    """Raises MakeUpNotOffered."""
    terms = _terms(task).make_up
    if terms is None:
        raise MakeUpNotOffered()
    return terms


def _put(writes: WriteSet, months: Months, after: Month) -> None:
    seen = months.get(after.month)
    version = seen.version if seen else None
    writes.put(CheckInsItem.of(after), condition=unmoved(CheckInsItem.version, version))


def _told(key: str | None) -> str | None:
    return None if key is None else base64.b64encode(ids.digest(key.encode())).decode()
