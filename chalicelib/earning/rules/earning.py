"""What earns points: rules, and the decision of today's rules on an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import msgspec

from chalicelib.kernel.errors import Words
from chalicelib.ledger import END_OF_MONTH, ExpiryPolicy, expires_at

MATCHED, OTHER_CURRENCY, TOO_SMALL = "matched", "other_currency", "below_one_point"


@dataclass(frozen=True)
class EarningRule:
    """So many points for each full `per_minor_units` of money, floored once per order.

    They are pending for `pending_days` from their crediting, and `expires` counts from their end.
    """

    id: str
    points: int
    per_minor_units: int
    expires: ExpiryPolicy
    title: Words
    words: Words
    pending_days: int = 0


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


@dataclass(frozen=True)
class Decision:
    """What an event earns by today's rules, kept with it for good; negative: takes back."""

    rule_id: str
    points: int
    reason: str


class WayToEarn(msgspec.Struct):
    """A rule in words for members."""

    rule_id: str
    title: str
    text: str


def decide(amount: int, currency: str, program_currency: str) -> Decision:
    """What an order of `amount` minor units earns."""
    if currency != program_currency:
        return Decision(PURCHASES.id, 0, OTHER_CURRENCY)
    points = amount // PURCHASES.per_minor_units * PURCHASES.points
    return Decision(PURCHASES.id, points, MATCHED if points else TOO_SMALL)


def terms(rule: EarningRule, now: datetime, zone: tzinfo) -> tuple[int, int | None]:
    """(when points credited now lapse, when they become spendable or None for at once).

    Both in epoch seconds.
    """
    spendable = now + timedelta(days=rule.pending_days)
    unlocks_at = int(spendable.timestamp()) if rule.pending_days else None
    return expires_at(rule.expires, spendable, zone), unlocks_at


def in_words(rule: EarningRule) -> Words:
    """The rule for members, with how long its points are pending."""
    if not rule.pending_days:
        return rule.words
    days = rule.pending_days
    return Words(
        f"{rule.words.zh}积分在 {days} 天后或订单完成时可用。",
        f"{rule.words.en} They are spendable {days} days on, or once the order is completed.",
    )
