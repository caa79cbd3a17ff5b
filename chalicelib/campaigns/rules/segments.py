"""Audiences that a job finds: segments by a query over members' facts, and lists of ids."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from chalicelib.campaigns.rules.definitions import AudienceNames, CampaignTitle, Count
from chalicelib.campaigns.rules.people import MemberFacts, Month
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import FieldError, Words

LIST = "list"
MOST_IDS = 5_000
IDS_A_PART = 500

_EMPTY = Words("至少填写一项条件", "asks for nothing")
_REVERSED = Words("不得小于下限", "is below the least")

Moment = Annotated[datetime, Meta(tz=True)]
Months = Annotated[list[Annotated[int, Meta(ge=1, le=12)]], Meta(max_length=12)]


class SegmentQuery(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """All that is given holds. Orders and what was spent (minor units) are those of the last
    `months` of the program, this one among them, less what went back; `idle_days`: the member was
    not here for so long."""

    registered_from: Moment | None = None
    registered_until: Moment | None = None
    tiers: AudienceNames = []
    tags: AudienceNames = []
    points_at_least: Count | None = None
    points_at_most: Count | None = None
    orders_at_least: Count | None = None
    orders_at_most: Count | None = None
    spent_at_least: Count | None = None
    spent_at_most: Count | None = None
    months: Annotated[int, Meta(ge=1, le=24)] = 3
    idle_days: Annotated[int, Meta(ge=1, le=3660)] | None = None
    birthday_months: Months = []


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A member as a query sees them; None of `visited_ms` if nobody knows."""

    registered_ms: int
    tier: str
    points: int
    visited_ms: int | None
    birthday: str | None
    facts: MemberFacts


class MemberAudience(msgspec.Struct, frozen=True, kw_only=True):
    """A segment or a list, and how far a job is that tells its members: `cursor` is the last member
    or part that it is through with, `found` how many it has so far, `members` those of the last
    whole run."""

    id: str
    kind: Literal["segment", "list"]
    title: CampaignTitle
    version: int
    created_at_ms: int
    query: SegmentQuery | None = None
    parts: int = 0
    due_at_ms: int | None = None
    cursor: str | None = None
    found: int = 0
    members: int | None = None
    evaluated_at_ms: int | None = None

    @property
    def is_running(self) -> bool:
        return self.cursor is not None


def query_faults(query: SegmentQuery) -> Iterator[FieldError]:
    """What keeps a query from finding anybody."""
    if query == SegmentQuery(months=query.months):
        yield FieldError("query", "empty", _EMPTY)
    for name in ("points", "orders", "spent"):
        least, most = (getattr(query, f"{name}_{end}") for end in ("at_least", "at_most"))
        if least is not None and most is not None and most < least:
            yield FieldError(f"query.{name}_at_most", "empty_range", _REVERSED)
    begins, ends = query.registered_from, query.registered_until
    if begins is not None and ends is not None and ends <= begins:
        yield FieldError("query.registered_until", "ends_before_it_begins", _REVERSED)


def is_found(query: SegmentQuery, person: Person, now: datetime) -> bool:
    """Whether a query finds a member. `now` is on the program's clock."""
    bought = _bought(person.facts, query.months, now)
    tests = (
        _is_between(person.registered_ms, query.registered_from, query.registered_until),
        not query.tiers or person.tier in query.tiers,
        not query.tags or not person.facts.tags.isdisjoint(query.tags),
        _is_within(person.points, query.points_at_least, query.points_at_most),
        _is_within(bought.orders, query.orders_at_least, query.orders_at_most),
        _is_within(bought.cash, query.spent_at_least, query.spent_at_most),
        query.idle_days is None or _is_idle(person, query.idle_days, now),
        not query.birthday_months or _month_of(person.birthday) in query.birthday_months,
    )
    return all(tests)


def _bought(facts: MemberFacts, months: int, now: datetime) -> Month:
    number = now.year * 12 + now.month - months
    first = f"{number // 12:04d}-{number % 12 + 1:02d}"
    total = Month()
    for month, sums in facts.bought.items():
        total = total.plus(sums) if month >= first else total
    return total


def _is_between(at_ms: int, begins: datetime | None, ends: datetime | None) -> bool:
    if begins is not None and at_ms < to_ms(begins):
        return False
    return ends is None or at_ms < to_ms(ends)


def _is_within(value: int, least: int | None, most: int | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _is_idle(person: Person, days: int, now: datetime) -> bool:
    last = max(person.registered_ms, person.visited_ms or 0)
    return last <= to_ms(now - timedelta(days=days))


def _month_of(birthday: str | None) -> int | None:
    return int(birthday[:2]) if birthday else None


def begun(seen: MemberAudience, now: datetime) -> MemberAudience:
    """The audience when its members are told anew."""
    return replace(seen, version=seen.version + 1, due_at_ms=to_ms(now), cursor=None, found=0)


def walked(seen: MemberAudience, cursor: str, found: int) -> MemberAudience:
    """The audience after a page."""
    return replace(seen, version=seen.version + 1, cursor=cursor, found=seen.found + found)


def finished(seen: MemberAudience, now: datetime, again_at: datetime | None) -> MemberAudience:
    """The audience once all are through; a segment is told again at a time."""
    return replace(
        seen,
        version=seen.version + 1,
        due_at_ms=None if again_at is None else to_ms(again_at),
        cursor=None,
        members=seen.found,
        evaluated_at_ms=to_ms(now),
    )
