"""Progress with a mission: what purchases, days and reviews count, each once and by difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from chalicelib.campaigns.rules.missions import CLAIM_DAYS, DAY_MS, RUNS, Goal, Mission
from chalicelib.campaigns.rules.purchases import UNDONE, Bought, Purchase

Parts = dict[str, int]
State = Literal["open", "claimable", "done", "gone", "lapsed"]
OPEN: State = "open"
CLAIMABLE: State = "claimable"
DONE: State = "done"
GONE: State = "gone"
LAPSED: State = "lapsed"
# What counts has no part of its own.
ALL = ""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A member's progress with a mission in a period. `parts` are counts by category, month, day or
    review; `value` is what they amount to.

    `reached_ms` is when the goal was first reached. `taken_ms` is when the reward was taken:
    claimed, or given by itself, by `owner`, who may have been merged into this member since.
    `is_gone`: it was reached when no reward was left.
    """

    member_id: str
    mission_id: str
    period: str
    until_ms: int
    parts: Parts = msgspec.field(default_factory=dict)
    value: int = 0
    reached_ms: int | None = None
    taken_ms: int | None = None
    is_gone: bool = False
    owner: str | None = None
    version: int = 0


def counted(goal: Goal, purchase: Purchase | None, day: date | None) -> Parts:
    """What a purchase on a day of the program counts for a goal."""
    if purchase is None or day is None or purchase.state == UNDONE:
        return {}
    lines = [line for line in purchase.lines if line.left and _in_scope(goal, line)]
    points, cash = sum(each.points for each in lines), sum(each.cash for each in lines)
    if not lines or points < goal.least_points or cash < goal.least_cash:
        return {}
    if goal.metric == "categories":
        return dict.fromkeys((each.category for each in lines if each.category), 1)
    made = {
        "orders": (ALL, 1),
        "order_months": (f"{day:%Y-%m}", 1),
        "spend": (ALL, cash),
        "points_spent": (ALL, points),
    }
    name, count = made.get(goal.metric, (ALL, 0))
    return {name: count} if count else {}


def _in_scope(goal: Goal, line: Bought) -> bool:
    scope = goal.scope
    return (
        (not scope.categories or line.category in scope.categories)
        and (not scope.brands or line.brand in scope.brands)
        and (not scope.skus or line.sku in scope.skus)
    )


def difference(before: Parts, now: Parts) -> Parts:
    """What is more, or less, of each part."""
    found = {name: now.get(name, 0) - before.get(name, 0) for name in before.keys() | now.keys()}
    return {name: more for name, more in sorted(found.items()) if more}


def with_more(goal: Goal, seen: Progress, more: Parts) -> Progress:
    """The progress with more, or less, of some parts."""
    parts = dict(seen.parts)
    for name, count in more.items():
        parts[name] = parts.get(name, 0) + count
    return _valued(goal, seen, parts)


def with_part(goal: Goal, seen: Progress, name: str) -> Progress:
    """The progress with a day or a review, which counts once."""
    return _valued(goal, seen, {**seen.parts, name: 1})


def _valued(goal: Goal, seen: Progress, parts: Mapping[str, int]) -> Progress:
    kept = {name: parts[name] for name in sorted(parts) if parts[name]}
    return replace(seen, parts=kept, value=value_of(goal, kept), version=seen.version + 1)


def joined(goal: Goal, old: Progress, seen: Progress | None, into: str) -> Progress:
    """The progress of a member with that of another id of theirs; a reward is taken once."""
    own = seen or replace(old, member_id=into, parts={}, taken_ms=None, owner=None, version=0)
    parts = dict(own.parts)
    for name, count in old.parts.items():
        parts[name] = parts.get(name, 0) + count
    taken = own if own.taken_ms is not None else old
    reached = [each.reached_ms for each in (own, old) if each.reached_ms is not None]
    made = replace(
        own,
        reached_ms=min(reached, default=None),
        taken_ms=taken.taken_ms,
        owner=taken.owner,
        is_gone=own.is_gone or old.is_gone,
    )
    return _valued(goal, made, parts)


def value_of(goal: Goal, parts: Mapping[str, int]) -> int:
    """What parts amount to."""
    there = [name for name, count in parts.items() if count > 0]
    if goal.metric in RUNS:
        return longest_run(there)
    if ALL in parts:
        return max(0, parts[ALL])
    return len(there)


def longest_run(names: Iterable[str]) -> int:
    """The most days (`2026-11-30`) or months (`2026-11`) that follow each other."""
    places = sorted({_place(name) for name in names})
    longest = run = 0
    last: int | None = None
    for place in places:
        run = run + 1 if last is not None and place == last + 1 else 1
        longest, last = max(longest, run), place
    return longest


def _place(name: str) -> int:
    if len(name) == len("2026-11"):
        year, month = name.split("-")
        return int(year) * 12 + int(month)
    return date.fromisoformat(name).toordinal()


def is_reached(mission: Mission, progress: Progress) -> bool:
    return progress.value >= mission.goal.count


def state_of(mission: Mission, progress: Progress, now_ms: int) -> State:
    """How a member stands with a mission."""
    if not is_reached(mission, progress):
        return OPEN if now_ms < progress.until_ms else LAPSED
    if progress.taken_ms is not None:
        return DONE
    if progress.is_gone:
        return GONE
    return CLAIMABLE if now_ms < claim_until_ms(progress) else LAPSED


def claim_until_ms(progress: Progress) -> int:
    return progress.until_ms + CLAIM_DAYS * DAY_MS


def reference_of(mission_id: str, period: str) -> str:
    """The reference of a mission's reward, once for each period."""
    return f"mission:{mission_id}:{period}"


def source_of(mission_id: str) -> str:
    return f"mission:{mission_id}"


def streak_until(days: Iterable[str], today: date) -> int:
    """The days in a row up to today, or up to yesterday if today is still to come."""
    there = set(days)
    day = today if today.isoformat() in there else today - timedelta(days=1)
    run = 0
    while day.isoformat() in there:
        run, day = run + 1, day - timedelta(days=1)
    return run
