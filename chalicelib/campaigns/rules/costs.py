"""The most that a campaign can cost by its budget, in minor units."""

from __future__ import annotations

from chalicelib.campaigns.rules.definitions import (
    FULL_REDUCTION,
    MULTIPLIER,
    POINTS_BACK,
    CampaignBudget,
    CampaignDraft,
)
from chalicelib.campaigns.rules.lines import MICROS


def most_cost(terms: CampaignDraft, worth: int) -> int | None:
    """The budget, a point being worth so many millionths of a minor unit, rounded up; None of what
    is given without limit."""
    budget = terms.budget or CampaignBudget()
    sums = {"points": budget.points, "cash": budget.cash}
    cost = 0
    for unit in _given(terms):
        limit = sums[unit]
        if limit is None:
            return None
        cost += -(-limit * worth // MICROS) if unit == "points" else limit
    return cost


def _given(terms: CampaignDraft) -> tuple[str, ...]:
    """What a campaign gives or takes off."""
    if terms.kind in (MULTIPLIER, POINTS_BACK):
        return ("points",)
    if terms.kind == FULL_REDUCTION and terms.effect.full_reduction:
        return (terms.effect.full_reduction.unit,)
    return ("points", "cash")


def needs_another(cost: int | None, alone_at_most: int) -> bool:
    """Whether a second person has to approve a campaign of this most cost."""
    return cost is None or cost > alone_at_most
