"""Earning rules, and their decisions on an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from chalicelib.kernel.errors import Words
from chalicelib.ledger import END_OF_MONTH, POINTS, ExpiryPolicy, expires_at

MATCHED, OTHER_CURRENCY, TOO_SMALL = "matched", "other_currency", "below_one_point"
# One transaction credits them all: each may take an entry and a waiting item, beside accounts.
MOST_CREDITS = 20


class Terms(msgspec.Struct, frozen=True, array_like=True):
    """The pending time and the expiry of a rule's points: the two parts of an ExpiryPolicy."""

    pending_days: int
    expires: str
    count: int

    def times(self, now: datetime, zone: tzinfo) -> tuple[int, int | None]:
        """(when points credited now lapse, when they become spendable or None for at once).

        Both in epoch seconds.
        """
        spendable = now + timedelta(days=self.pending_days)
        unlocks_at = int(spendable.timestamp()) if self.pending_days else None
        return expires_at(ExpiryPolicy(self.expires, self.count), spendable, zone), unlocks_at


class EarningRule(msgspec.Struct, frozen=True):
    """So many points for each full `per_minor_units` of money, rounded down once per order.

    They are pending for `pending_days` from their crediting, and `expires` counts from their end.
    """

    id: str
    points: int
    per_minor_units: int
    expires: ExpiryPolicy
    title: Words
    words: Words
    pending_days: int = 0
    unit: str = POINTS

    @property
    def terms(self) -> Terms:
        return Terms(self.pending_days, self.expires.kind, self.expires.count)


PURCHASES = EarningRule(
    id="purchases",
    points=1,
    per_minor_units=100,
    expires=ExpiryPolicy(END_OF_MONTH, 12),
    title=Words("购物得积分", "Points for purchases"),
    words=Words(
        "在合作商店消费，每满 1 元得 1 积分；积分在 12 个月后的月底到期。",
        "Every full yuan that you spend at our shops earns 1 point; "
        "points lapse at the end of the month 12 months on.",
    ),
)


class Limits(msgspec.Struct, frozen=True, array_like=True):
    """The most points of a rule: of one member in a day, a month and in all, and of all members."""

    member_day: int | None = None
    member_month: int | None = None
    member_life: int | None = None
    budget: int | None = None

    @property
    def is_of_member(self) -> bool:
        return any(
            each is not None for each in (self.member_day, self.member_month, self.member_life)
        )


class Multiplier(msgspec.Struct, frozen=True, array_like=True):
    """`percent` of the points of the other rules, for `matched` of `amount` minor units."""

    percent: int
    rounding: str
    matched: int = 1
    amount: int = 1

    def points(self, given: int) -> int:
        """The points beside those that are given."""
        whole = given * (self.percent - 100) * self.matched
        return rounded(whole, 100 * self.amount, self.rounding)


def rounded(whole: int, part: int, rounding: str) -> int:
    """A quotient as an integer, rounded `down`, `up` or to the `nearest` (halves up)."""
    if rounding == "up":
        return -(-whole // part)
    return (2 * whole + part) // (2 * part) if rounding == "nearest" else whole // part


class Decision(msgspec.Struct, frozen=True, array_like=True):
    """The decision of one rule on an event, kept with it for good; negative points are taken back.

    `points` are of `unit`. Without `terms`, the terms of purchases at the time of crediting hold.
    `version` is that of the rule, 0 for purchases. `limits` may cut the points when they are
    credited; `multiplier` makes them of those of the other rules. `matched` has a bit for each
    item that a rule by items matched, in hexadecimal digits.
    """

    rule_id: str
    points: int
    reason: str
    unit: str = POINTS
    terms: Terms | None = None
    version: int = 0
    limits: Limits | None = None
    multiplier: Multiplier | None = None
    matched: str | None = None


class WayToEarn(msgspec.Struct):
    """A rule in words for members. `window`: when it holds, null for always. `changed_on`: the day
    of the program on which it was changed, if members are to know.
    """

    rule_id: str
    title: str
    text: str
    window: str | None = None
    changed_on: str | None = None


def decide(
    amount: int, currency: str, program_currency: str, rule: EarningRule = PURCHASES
) -> Decision:
    """The decision of one rule on an order of `amount` minor units."""
    kept = None if rule.id == PURCHASES.id else rule.terms
    if currency != program_currency:
        return Decision(rule.id, 0, OTHER_CURRENCY, rule.unit, kept)
    points = amount // rule.per_minor_units * rule.points
    return Decision(rule.id, points, MATCHED if points else TOO_SMALL, rule.unit, kept)


def decide_all(
    rules: Sequence[EarningRule], amount: int, currency: str, program_currency: str
) -> list[Decision]:
    """The decisions of the rules on an order: at most one for a rule and a unit."""
    made = [decide(amount, currency, program_currency, rule) for rule in rules]
    assert made, "an event has a decision"
    assert len({(each.rule_id, each.unit) for each in made}) == len(made), "a rule decides once"
    assert sum(each.points != 0 for each in made) <= MOST_CREDITS, "one transaction credits all"
    return made


def is_by_purchases(decisions: Sequence[Decision]) -> bool:
    """Whether purchases alone decided, as in the first release."""
    return [(each.rule_id, each.unit) for each in decisions] == [(PURCHASES.id, POINTS)]


def units_given(decisions: Sequence[Decision]) -> list[str]:
    """The units of the points that are given, each once."""
    return sorted({each.unit for each in decisions if each.points})


def in_words(rule: EarningRule) -> Words:
    """The rule for members, with how long its points are pending."""
    if not rule.pending_days:
        return rule.words
    days = rule.pending_days
    return Words(
        f"{rule.words.zh}积分在 {days} 天后或订单完成时可用。",
        f"{rule.words.en} They are spendable {days} days on, or once the order is completed.",
    )
