"""Decisions on an event before limits: the built-in rules, the published ones and the tier's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import NamedTuple

from chalicelib.earning.rules.decisions import (
    MATCHED,
    MOST_CREDITS,
    PURCHASES,
    Decision,
    EarningRule,
    Multiplier,
    decide_all,
)
from chalicelib.earning.rules.definitions import MALL, ORDER_PAID
from chalicelib.earning.rules.evaluation import Occasion, RuleSet, evaluate
from chalicelib.earning.rules.limits import sum_of
from chalicelib.earning.rules.stacking import Verdict
from chalicelib.ledger import POINTS

NOT_IN_FORCE = "not_in_force"
# What names the points of a tier in entries, as a rule does.
OF_TIER = "tier"


class Program(NamedTuple):
    """By what a program decides: its rules in force, the built-in ones, its currency and time."""

    rules: RuleSet
    built_in: Sequence[EarningRule]
    currency: str
    zone: tzinfo


def decided(
    program: Program, occasion: Occasion, percent: Callable[[], int] | None
) -> tuple[list[Decision], list[Verdict]]:
    """The decisions to be kept with an event, and the verdict of each published rule of its type.

    `percent` tells what percentage of the usual points the member earns; None for nobody.
    """
    given: list[Decision] = []
    is_purchase = occasion.type == ORDER_PAID
    if is_purchase and occasion.source != MALL and program.built_in:
        assert occasion.amount is not None, "a payment has an amount"
        assert occasion.currency is not None, "a payment has a currency"
        given = decide_all(program.built_in, occasion.amount, occasion.currency, program.currency)
    verdicts = evaluate(program.rules, occasion, given, program.currency, program.zone)
    decisions = given + [each.decision for each in verdicts if each.decision.points]
    if is_purchase and percent is not None:
        decisions += _of_tier(percent(), decisions)
    if not decisions:
        none = Decision(PURCHASES.id, 0, NOT_IN_FORCE)
        decisions = [verdicts[0].decision if verdicts else none]
    return decisions, verdicts


def _of_tier(percent: int, decisions: Sequence[Decision]) -> list[Decision]:
    """The points that a member's tier gives beside these for a purchase, rounded down."""
    multiplier = Multiplier(percent, "down")
    points = multiplier.points(sum_of(decisions, POINTS))
    if points <= 0 or len(decisions) >= MOST_CREDITS:
        return []
    return [Decision(OF_TIER, points, MATCHED, multiplier=multiplier)]
