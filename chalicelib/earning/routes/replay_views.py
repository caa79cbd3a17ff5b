"""Replays as the staff sees them, and their examples."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, cast

import msgspec

from chalicelib.earning.rules.replaying import Line, total_of
from chalicelib.earning.rules.replays import Replay
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.csv_cells import Cell
from chalicelib.kernel.errors import Words
from chalicelib.ledger import Progress

_DAY: dict[str, Any] = {
    "day": "2026-11-20",
    "events": 12,
    "matched": 5,
    "paid": 2400,
    "would_pay": 2900,
    "difference": 500,
    "by_rule": 500,
}
JOB: dict[str, Any] = {
    "id": "job_5c3bqbzkmvnl2hwmbkqk5pnjhm", "type": "replay_rule", "status": "done",
    "progress": {"done": 1, "total": 1}, "rule_id": "rul_5c3bqbzkmvnl2hwmbkqk5pnjhm", "version": 2,
    "from": "2026-11-20", "to": "2026-11-20", "unit": "points", "window_lifted": False,
    "problem": None,
    "result": {"events": 12, "matched": 5, "members": 4, "paid": 2400, "would_pay": 2900,
               "difference": 500, "by_rule": 500, "unmatched": 1, "unreadable": 0, "days": [_DAY]},
    "made_by": "mbr_5c3bqbzkmvnl2hwmbkqk5pnjhm", "created_at": "2026-11-21T08:00:00Z",
}  # fmt: skip
CSV = "day,events,matched,paid,would_pay,difference,by_rule"

COLUMNS = (
    Words("日期", "day"),
    Words("事件数", "events"),
    Words("命中事件数", "matched"),
    Words("当时发放", "paid"),
    Words("现在应发", "would_pay"),
    Words("差额", "difference"),
    Words("其中本规则", "by_rule"),
)


class ReplayIn(msgspec.Struct, forbid_unknown_fields=True, rename={"first": "from"}):
    """Days of the program, both included: 92 at most, not after today."""

    first: date
    to: date


class ReplayDay(msgspec.Struct):
    """A day by the time of its events: `paid` by the rules of that time, `would_pay` by those in
    force with the replayed one among them, `by_rule` of that by the replayed one alone."""

    day: date
    events: int
    matched: int
    paid: int
    would_pay: int
    difference: int
    by_rule: int


class ReplayResult(msgspec.Struct):
    """The sums of the days so far. `members` got points by the rule; `unmatched` events are those
    of nobody who has registered, `unreadable` ones were left out. `days` are all of the period,
    with zeros where nothing happened or nothing is read yet."""

    events: int
    matched: int
    members: int
    paid: int
    would_pay: int
    difference: int
    by_rule: int
    unmatched: int
    unreadable: int
    days: list[ReplayDay]


class ReplayJobView(msgspec.Struct, rename={"first": "from"}):
    """A replay of a rule; without progress for two hours it has failed. Progress is in days.

    `version` is the one that the tried terms have in force, or will have once they are published.
    `window_lifted`: the rule's own `from` and `until` lie outside of the period and were left out
    of account. `problem` tells why it failed, null if it only stopped.
    """

    id: str
    type: Literal["replay_rule"]
    status: Literal["running", "done", "failed"]
    progress: Progress
    rule_id: str
    version: int
    first: date
    to: date
    unit: Literal["points", "growth", "rebate_cash"]
    window_lifted: bool
    problem: Literal["too_many_members"] | None
    result: ReplayResult
    made_by: str
    created_at: str


def replay_view(replay: Replay, now_ms: int) -> ReplayJobView:
    """A replay's job for the staff."""
    return ReplayJobView(
        id=replay.id,
        type="replay_rule",
        status=cast(Literal["running", "done", "failed"], replay.status(now_ms)),
        progress=Progress(replay.days_done, len(replay.days)),
        rule_id=replay.rule_id,
        version=replay.version,
        first=date.fromisoformat(replay.first),
        to=date.fromisoformat(replay.last),
        unit=cast(Literal["points", "growth", "rebate_cash"], replay.unit),
        window_lifted=replay.lifted,
        problem=cast(Literal["too_many_members"] | None, replay.problem),
        result=result_of(replay),
        made_by=replay.made_by,
        created_at=rfc3339_ms(replay.created_at_ms),
    )


def result_of(replay: Replay) -> ReplayResult:
    """The sums of a replay, and each day of its period."""
    total = total_of(replay.lines)
    days = [_day(each, replay.lines.get(f"{each:%Y-%m-%d}", Line())) for each in replay.days]
    return ReplayResult(
        members=replay.members,
        unmatched=replay.unmatched,
        unreadable=replay.unreadable,
        days=days,
        **_sums(total),
    )


def _day(day: date, line: Line) -> ReplayDay:
    return ReplayDay(day=day, **_sums(line))


def _sums(line: Line) -> dict[str, int]:
    return {
        "events": line.events,
        "matched": line.matched,
        "paid": line.paid,
        "would_pay": line.would,
        "difference": line.would - line.paid,
        "by_rule": line.by_rule,
    }


def cells_of(day: ReplayDay) -> list[Cell]:
    """A day's line in a table, in the order of COLUMNS."""
    return [f"{day.day:%Y-%m-%d}", *msgspec.structs.astuple(day)[1:]]
