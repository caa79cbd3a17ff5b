"""Evidence of abuse: counts of what is known of a member, from facts and never from guesses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from chalicelib.kernel.errors import Words

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
# How far back evidence reaches.
WINDOW_DAYS = 30
NETWORK_DAYS = 7
# Fewer refunded orders are bad luck, whatever their share.
LEAST_REFUNDED = 3

# Each kind of evidence, in words for the staff.
KINDS = {
    "members_on_a_device": Words(
        "{count} 个其他会员在 30 天内使用过同一设备",
        "{count} other members used the same device within 30 days",
    ),
    "members_on_a_network": Words(
        "{count} 个其他会员在 7 天内的同一天来自同一网段",
        "{count} other members came from the same network on one day of the last 7",
    ),
    "linked_friends": Words(
        "{count} 位有邀请关系的会员与其共用设备，或受邀后彼此共用设备",
        "{count} members joined by referrals share devices with this one, or with each other",
    ),
    "friends_on_a_network": Words(
        "{count} 位有邀请关系的会员在 7 天内与其来自同一网段，或受邀后彼此同网段",
        "{count} members joined by referrals came from the network of this one, or of each other, "
        "within 7 days",
    ),
    "refunds_after_spending": Words(
        "30 天内有 {count} 笔订单在积分用掉之后退款",
        "{count} orders were refunded within 30 days after their points had been spent",
    ),
    "refunded_share": Words(
        "30 天内所获积分的 {count}% 因退款被追回",
        "{count}% of the points earned within 30 days were taken back by refunds",
    ),
    "credits_in_an_hour": Words(
        "一小时内按同一规则获得积分 {count} 次",
        "One rule gave points {count} times within an hour",
    ),
}
# Of these, what is new replaces what is old: an alarm that was false is no licence for new ones.
PASSING = ("refunds_after_spending", "refunded_share", "credits_in_an_hour")


class Evidence(msgspec.Struct, frozen=True):
    """What is known of a member, as a count of each kind; `refunded_share` is in percent."""

    members_on_a_device: int = 0
    members_on_a_network: int = 0
    linked_friends: int = 0
    refunded_share: int = 0
    credits_in_an_hour: int = 0
    friends_on_a_network: int = 0
    refunds_after_spending: int = 0

    def of(self, kind: str) -> int:
        count: int = getattr(self, kind)
        return count


class Movement(NamedTuple):
    """An entry that gave points or took them back; `points` is how many, never negative.

    `source` names the order. `was_spent`: there were not enough left to take back.
    """

    at_ms: int
    rule: str
    points: int
    is_clawback: bool
    source: str = ""
    was_spent: bool = False


def beyond(evidence: Evidence, known: Evidence) -> Evidence:
    """Evidence without what the staff has judged harmless: no more of a kind is none of it."""
    return _each_kind(lambda kind: evidence.of(kind) if evidence.of(kind) > known.of(kind) else 0)


def still_known(known: Evidence, evidence: Evidence) -> Evidence:
    """What was judged harmless, less what has passed since: later movements are others."""
    return _each_kind(
        lambda kind: min(known.of(kind), evidence.of(kind)) if kind in PASSING else known.of(kind)
    )


def _each_kind(count: Callable[[str], int]) -> Evidence:
    return Evidence(**{kind: count(kind) for kind in Evidence.__struct_fields__})


def refunds_after_spending(movements: Iterable[Movement]) -> int:
    """How many orders were refunded when their points had been spent."""
    return len({each.source for each in movements if each.is_clawback and each.was_spent})


def refunded_share(movements: Sequence[Movement]) -> int:
    """The percent of the points given that refunds took back; 0 for a few refunds."""
    refunded = {each.source for each in movements if each.is_clawback}
    if len(refunded) < LEAST_REFUNDED:
        return 0
    taken = sum(each.points for each in movements if each.is_clawback)
    given = sum(each.points for each in movements if not each.is_clawback)
    return min(100, 100 * taken // given) if given else 100


def most_in_an_hour(movements: Iterable[Movement]) -> int:
    """The most credits that one rule gave within any hour."""
    by_rule: dict[str, list[int]] = defaultdict(list)
    for each in movements:
        if not each.is_clawback:
            by_rule[each.rule].append(each.at_ms)
    return max((_densest(sorted(times)) for times in by_rule.values()), default=0)


def _densest(times: Sequence[int]) -> int:
    most = first = 0
    for last, at_ms in enumerate(times):
        while at_ms - times[first] >= HOUR_MS:
            first += 1
        most = max(most, last - first + 1)
    return most
