"""Reads of tiers: the ladder, which a process remembers for a minute, and standings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache, partial
from typing import Any, Literal, get_args

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Words
from chalicelib.kernel.recall import Recall
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.tiers.rules.forecasts import Forecast
from chalicelib.tiers.rules.history import Step
from chalicelib.tiers.rules.judging import Judging
from chalicelib.tiers.rules.ladder import BASE, BUILT_IN, Benefits, Ladder
from chalicelib.tiers.rules.standing import Moment, Standing, Sums, total
from chalicelib.tiers.tables import (
    HISTORY,
    JUDGING,
    LADDER,
    MEMBER,
    NOW,
    ActivityItem,
    ForecastItem,
    JudgingItem,
    LadderItem,
    StandingItem,
    StepItem,
    TiersItem,
    activities_of,
)

# A change of the ladder takes effect everywhere within this time.
KEPT_S = 60
SHOWN_STEPS = 50
_GivenToOrders = Literal["early_access_hours", "free_freight", "categories"]
REMEMBERED: Recall[str, Ladder] = Recall(KEPT_S, 1)


def find_ladder() -> Ladder:
    """The ladder as it is, read consistently."""
    found: LadderItem | None = LadderItem.find(LADDER, NOW)
    return found.ladder if found else BUILT_IN


def ladder() -> Ladder:
    """The ladder as of a minute ago at most: most calls read nothing."""
    found = REMEMBERED.get(LADDER)
    if found is None:
        item: LadderItem | None = LadderItem.find(LADDER, NOW, consistent=False)
        found = item.ladder if item else BUILT_IN
        REMEMBERED.keep(LADDER, found)
    return found


def find_judging() -> Judging | None:
    """How far all standings are judged by the newest ladder, read consistently."""
    found: Judging | None = JudgingItem.find_value(LADDER, JUDGING)
    return found


def find_forecast(job_id: str) -> Forecast | None:
    """A forecast of a ladder, read consistently."""
    found: Forecast | None = ForecastItem.find_value(*ForecastItem.key(job_id))
    return found


def benefits_of(tier: str) -> Benefits:
    """What a tier gives now; one that ops have taken away gives what the lowest does."""
    return ladder().level(tier).benefits


def exclusive_categories() -> dict[str, list[str]]:
    """The categories of goods that only some tiers may have, and the keys of these."""
    return ladder().exclusive()


def multiplier_of(member_id: str) -> int:
    """What percentage of the usual points a member earns: nothing is read while no tier has more
    than others."""
    return benefits_of(tier_of(member_id)).multiplier_percent if gives_more() else 100


def gives_more() -> bool:
    """Whether any tier earns another percentage than the usual points."""
    return any(level.benefits.multiplier_percent != 100 for level in ladder().levels)


def names_of_tiers() -> dict[str, Words]:
    """The names of the ladder's levels by their keys, as of a minute ago at most."""
    return {each.key: Words(each.title.zh, each.title.en) for each in ladder().levels}


def moment(now: datetime) -> Moment:
    return Moment(ladder(), now, config().time_zone)


def find_standing(member_id: str) -> Standing:
    """A member's standing, read consistently; one at the bottom if they have none."""
    found = find_standing_item(member_id)
    return found.value() if found else Standing(member_id=member_id)


def find_standing_item(member_id: str) -> StandingItem | None:
    found: StandingItem | None = StandingItem.find(*StandingItem.key(member_id))
    return found


def some_give(benefit: _GivenToOrders) -> bool:
    """Whether any tier gives this to orders."""
    return any(getattr(level.benefits, benefit) for level in ladder().levels)


def want_tier(reads: ReadSet, member_id: str) -> Callable[[], str]:
    """Want a member's tier, in a caller's `ReadSet`, as of a moment ago.

    Returns a function that gives its key after `read`. While no tier gives anything to orders, it
    reads when it is first asked: most goods are the same for all tiers.
    """
    if not any(some_give(each) for each in get_args(_GivenToOrders)):
        return cache(partial(tier_of, member_id))
    return want_tier_now(reads, member_id)


def want_tier_now(reads: ReadSet, member_id: str) -> Callable[[], str]:
    """As `want_tier`, for a caller who asks in any case."""
    found = reads.want(StandingItem, *StandingItem.key(member_id), consistent=False)
    return lambda: tier if (item := found()) and (tier := item.tier) else BASE


def tier_of(member_id: str) -> str:
    """The key of a member's tier, as of a moment ago."""
    found: StandingItem | None = StandingItem.find(*StandingItem.key(member_id), consistent=False)
    return found.tier or BASE if found else BASE


def sums_of(member_id: str, month: int) -> Sums:
    """What a member did in a month, by the activities that were written, read consistently."""
    within = ActivityItem.sk.startswith(activities_of(month))
    rows: Iterator[ActivityItem] = ActivityItem.query(
        MEMBER + member_id, within, consistent_read=True
    )
    return total(row.value() for row in rows)


def activities_of_month(member_id: str, month: int) -> list[tuple[str, Sums]]:
    """What a member did in a month, by reference, read consistently."""
    prefix = activities_of(month)
    rows: Iterator[ActivityItem] = ActivityItem.query(
        MEMBER + member_id, ActivityItem.sk.startswith(prefix), consistent_read=True
    )
    return [(row.sk.removeprefix(prefix), row.value()) for row in rows]


def history_of(member_id: str) -> list[Step]:
    """The last changes of a member's tier, newest first."""
    return list(_steps(member_id, SHOWN_STEPS))


def _steps(member_id: str, limit: int | None = None) -> Iterator[Step]:
    mine = StepItem.sk.startswith(HISTORY)
    rows = StepItem.query(MEMBER + member_id, mine, scan_index_forward=False, limit=limit)
    for row in rows:
        yield row.value()


def export_of(member_id: str) -> dict[str, Iterable[Any]]:
    """A member's tier and how it came, for an export of all that is theirs."""
    item: StandingItem | None = StandingItem.find(*StandingItem.key(member_id))
    standing: Standing | None = item.value() if item else None
    since = rfc3339_ms(standing.since_ms) if standing and standing.since_ms else None
    birthday = standing.birthday if standing else None
    now = {"tier": standing.tier, "since": since, "birthday": birthday} if standing else None
    return {
        "tier": [now] if now else [],
        "tier_history": (
            {"before": step.before, "after": step.after, "at": rfc3339_ms(step.at_ms)}
            for step in _steps(member_id)
        ),
    }


def due_members(shard: str, now_s: int) -> Iterator[str]:
    """The members of a shard whose standing is to be looked at, longest due first."""
    for item in TiersItem.due.query(shard, TiersItem.due_at <= now_s):
        yield item.pk.removeprefix(MEMBER)
