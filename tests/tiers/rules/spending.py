"""Standings of members who spend, for tests of rules."""

from __future__ import annotations

from chalicelib.tiers.rules import standing as rules
from chalicelib.tiers.rules.ladder import Ladder
from chalicelib.tiers.rules.standing import Moment, Standing, Sums
from tests.tiers.rules.ladders import at


def spent(seen: Standing, amount: int, now: Moment) -> Standing:
    """The standing after more (or less) was spent in the month of `now`."""
    sums = seen.months.get(now.month, Sums()) + Sums(amount, 1)
    return rules.count(seen, now.month, sums, now)[0]


def nobody() -> Standing:
    return Standing(member_id="mbr_1")


def after(*acts: tuple[str, int], of: Ladder | None = None) -> Standing:
    """The standing after sums were spent at moments, each reviewed first."""
    seen = nobody()
    for text, amount in acts:
        now = at(text, of)
        seen = spent(rules.review(seen, now)[0], amount, now)
    return seen


def reviewed(seen: Standing, text: str, of: Ladder | None = None) -> Standing:
    return rules.review(seen, at(text, of))[0]
