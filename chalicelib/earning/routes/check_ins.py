"""Check-ins of members: once a day of the program, and missed days made up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.earning.actions import check_ins as actions
from chalicelib.earning.errors import (
    AlreadyCheckedIn,
    CheckInNotMissed,
    CheckInsClosed,
    MakeUpNotOffered,
    NoMakeUpLeft,
)
from chalicelib.earning.queries import tasks
from chalicelib.earning.rules import check_ins as rules
from chalicelib.earning.rules.check_ins import CheckedIn
from chalicelib.earning.rules.tasks import CHECK_IN, MakeUpTerms, Task
from chalicelib.kernel.clock import from_ms, program_day, to_ms
from chalicelib.kernel.texts import MONTH
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import AccountFrozen, InsufficientPoints, UnderReview

check_in_routes = Blueprint(__name__)

MonthName = Annotated[str, msgspec.Meta(max_length=7, pattern=MONTH)]


class CheckInView(msgspec.Struct):
    """A check-in of a day of the program; `points` has those of a bonus, too."""

    date: date
    streak_days: int
    points: int
    bonus: int


class MakeUpIn(msgspec.Struct, forbid_unknown_fields=True):
    """The missed day."""

    date: date


class MakeUpView(msgspec.Struct):
    """A day that was made up, for so many points; the streak has it now."""

    date: date
    streak_days: int
    points: int


class CheckInDay(msgspec.Struct):
    """A day that was checked in, at once or later."""

    date: date
    made_up: bool


class BonusView(msgspec.Struct):
    """More points for each so many days in a row; the next one comes in `in_days` check-ins."""

    days: int
    points: int
    in_days: int


class MakeUpOffer(msgspec.Struct):
    """Days can be made up for `points` each; `dates` are those that can be now."""

    points: int
    a_month: int
    dates: list[date]


class CheckInsView(msgspec.Struct):
    """A month of check-ins, and how the streak stands today.

    `points` are those of a check-in; null if none is offered. `earned` is what the month gave.
    """

    month: str
    today: date
    days: list[CheckInDay]
    streak_days: int
    checked_in_today: bool
    points: int | None
    earned: int
    bonuses: list[BonusView]
    make_up: MakeUpOffer | None


class CheckInsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The month; this one if silent."""

    month: MonthName | None = None


MADE_EXAMPLE = {"date": "2026-11-21", "streak_days": 7, "points": 6, "bonus": 5}


@route(
    check_in_routes, "POST", "/v1/me/check-ins",
    summary="Check in today",
    roles=[MEMBER], consent=True, by_token=True, answer=CheckInView, status=201, key=False,
    may_raise=[AlreadyCheckedIn, CheckInsClosed],
    example={"answer": MADE_EXAMPLE},
)  # fmt: skip
def check_in(call: Call) -> Reply:
    return answer_of(actions.check_in(call.member_id, call.key, call.now), _view)


def _view(done: CheckedIn) -> CheckInView:
    return CheckInView(done.day, done.streak_days, done.points, done.bonus)


@route(
    check_in_routes, "POST", "/v1/me/check-ins/make-ups",
    summary="Make up a missed day",
    roles=[MEMBER], body=MakeUpIn, answer=MakeUpView, status=201, key=True,
    may_raise=[
        AlreadyCheckedIn, CheckInNotMissed, NoMakeUpLeft, MakeUpNotOffered, CheckInsClosed,
        InsufficientPoints, AccountFrozen, UnderReview,
    ],
    example={
        "request": {"date": "2026-11-20"},
        "answer": {"date": "2026-11-20", "streak_days": 6, "points": 0},
    },
)  # fmt: skip
def make_up_day(call: Call) -> Reply:
    assert call.key is not None, "a make-up has a key"
    made = actions.make_up(call.member_id, call.body.date, call.key, call.now)
    return answer_of(made, lambda each: MakeUpView(each.day, each.streak_days, each.points))


@route(
    check_in_routes, "GET", "/v1/me/check-ins",
    summary="My check-ins of a month, and my streak",
    roles=[MEMBER], query=CheckInsQuery, answer=CheckInsView,
    example={"answer": {
        "month": "2026-11", "today": "2026-11-21",
        "days": [{"date": "2026-11-20", "made_up": True}, {"date": "2026-11-21", "made_up": False}],
        "streak_days": 2, "checked_in_today": True, "points": 1, "earned": 1,
        "bonuses": [{"days": 7, "points": 5, "in_days": 5}],
        "make_up": {"points": 0, "a_month": 2, "dates": ["2026-11-19"]},
    }},
)  # fmt: skip
def list_check_ins(call: Call) -> Reply:
    today = program_day(call.now)
    months = tasks.months_of(call.member_id, today)
    asked = call.query.month or rules.month_of(today)
    shown = months.get(asked)
    if shown is None and asked < min([*months, rules.month_of(today)]):
        shown = tasks.months_between(call.member_id, asked, asked).get(asked)
    task = tasks.task_of(CHECK_IN, to_ms(call.now))
    first = date.fromisoformat(f"{asked}-01")
    checked = [first + timedelta(days=number - 1) for number in _days(shown)]
    view = CheckInsView(
        month=asked,
        today=today,
        days=[CheckInDay(day, bool(shown and shown.is_made_up(day))) for day in checked],
        streak_days=rules.streak_now(months, today),
        checked_in_today=rules.streak_at(months, today) > 0,
        points=task.points if task else None,
        earned=shown.points if shown else 0,
        bonuses=_bonuses(months, call.member_id, today, task),
        make_up=_make_up(months, call, today, task),
    )
    return Reply(view)


def _days(month: rules.Month | None) -> list[int]:
    return month.checked_days() if month else []


def _bonuses(
    months: rules.Months, member_id: str, today: date, task: Task | None
) -> list[BonusView]:
    if task is None or task.check_in is None:
        return []
    return [
        BonusView(each.days, each.points, rules.days_to(months, member_id, today, each.days))
        for each in task.check_in.bonuses
    ]


def _make_up(
    months: rules.Months, call: Call, today: date, task: Task | None
) -> MakeUpOffer | None:
    terms: MakeUpTerms | None = task.check_in.make_up if task and task.check_in else None
    if terms is None:
        return None
    joined = program_day(from_ms(tasks.person_of(call.member_id).created_at_ms))
    return MakeUpOffer(terms.points, terms.a_month, rules.missed(months, today, joined, terms))
