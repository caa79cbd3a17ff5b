"""What campaigns know of a member: audiences, what they took, what they bought by month."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
from msgspec.structs import replace

MOST_TAGS = 20
_MONTHS_KEPT = 25


class Month(msgspec.Struct, frozen=True, array_like=True):
    """What a member bought in a month of the program and did not return: orders, minor units of
    cash, points."""

    orders: int = 0
    cash: int = 0
    points: int = 0

    def plus(self, other: Month) -> Month:
        return Month(self.orders + other.orders, self.cash + other.cash, self.points + other.points)


class MemberFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`taken` counts orders by campaign, `bought` sums by month (`2026-11`), `orders` all of them.

    The versions count the changes of `taken` and of `bought`, each for its own condition.
    """

    member_id: str
    tags: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    taken: dict[str, int] = msgspec.field(default_factory=dict)
    taken_version: int = 0
    bought: dict[str, Month] = msgspec.field(default_factory=dict)
    bought_version: int = 0
    orders: int = 0


def with_taken(
    seen: Mapping[str, int], changes: Mapping[str, int], live: Collection[str]
) -> dict[str, int]:
    """What a member took after a change; of campaigns that are over, only what is changed."""
    after = {each: count for each, count in seen.items() if each in live or each in changes}
    for campaign_id, change in changes.items():
        after[campaign_id] = max(0, after.get(campaign_id, 0) + change)
    return {each: count for each, count in after.items() if count}


def with_bought(seen: MemberFacts, month: str, change: Month) -> MemberFacts:
    """The facts after a purchase, or less of one; the newest months are kept."""
    after = {**seen.bought, month: seen.bought.get(month, Month()).plus(change)}
    newest = sorted(after)[-_MONTHS_KEPT:]
    return replace(
        seen,
        bought={each: after[each] for each in newest},
        bought_version=seen.bought_version + 1,
        orders=max(0, seen.orders + change.orders),
    )


def joined(old: MemberFacts, into: MemberFacts) -> MemberFacts:
    """The facts of a member into whom another one was merged."""
    taken = {
        each: old.taken.get(each, 0) + into.taken.get(each, 0) for each in old.taken | into.taken
    }
    bought = {
        each: old.bought.get(each, Month()).plus(into.bought.get(each, Month()))
        for each in old.bought | into.bought
    }
    return replace(
        into,
        tags=frozenset([*sorted(into.tags), *sorted(old.tags - into.tags)][:MOST_TAGS]),
        lists=old.lists | into.lists,
        segments=old.segments | into.segments,
        taken=taken,
        taken_version=into.taken_version + 1,
        bought={each: bought[each] for each in sorted(bought)[-_MONTHS_KEPT:]},
        bought_version=into.bought_version + 1,
        orders=old.orders + into.orders,
    )
