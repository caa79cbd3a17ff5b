"""Decisions on an event: the built-in rules and the published ones, before limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib import tiers
from chalicelib.earning import queries, rules
from chalicelib.earning.queries.people import facts_of_member
from chalicelib.earning.queries.rules import in_force
from chalicelib.earning.rules import PURCHASES, Decision, Happening, PaidOrder
from chalicelib.earning.rules.decisions import MATCHED, MOST_CREDITS, Multiplier
from chalicelib.earning.rules.definitions import MALL, ORDER_PAID
from chalicelib.earning.rules.evaluation import Occasion, RuleSet, evaluate
from chalicelib.earning.rules.limits import sum_of
from chalicelib.earning.rules.stacking import Verdict
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.config import config
from chalicelib.ledger import POINTS

NOT_IN_FORCE = "not_in_force"
# What names the points of a tier in entries, as a rule does.
OF_TIER = "tier"


class Decided(NamedTuple):
    """The decisions to be kept with an event, the verdict of each published rule of its type, and
    the member's tier at that time."""

    decisions: list[Decision]
    verdicts: list[Verdict]
    tier: str | None


def decide(
    partner: str, event: PaidOrder, member_id: str | None, published: RuleSet | None = None
) -> Decided:
    """What the rules in force, or these, give for an event, as far as no limit cuts it."""
    settings, type_ = config(), type_of(event)
    published = published or in_force().rules
    member = facts_of_member(member_id, published, from_ms(event.occurred_at_ms))
    given: list[Decision] = []
    if type_ == ORDER_PAID and partner != MALL and (built_in := queries.rules_in_force()):
        given = rules.decide_all(built_in, event.amount, event.currency, settings.currency)
    occasion = Occasion(
        type=type_,
        source=partner,
        at=from_ms(event.occurred_at_ms),
        amount=None if isinstance(event, Happening) and not event.has_amount else event.amount,
        currency=event.currency,
        items=event.items,
        attributes=event.attributes,
        member=member,
    )
    verdicts = evaluate(published, occasion, given, settings.currency, settings.time_zone)
    decisions = given + [each.decision for each in verdicts if each.decision.points]
    if type_ == ORDER_PAID and member_id is not None:
        decisions += _of_tier(member_id, decisions)
    if not decisions:
        none = Decision(PURCHASES.id, 0, NOT_IN_FORCE)
        decisions = [verdicts[0].decision if verdicts else none]
    return Decided(decisions, verdicts, member.get("member.tier"))


def _of_tier(member_id: str, decisions: Sequence[Decision]) -> list[Decision]:
    """The points that a member's tier gives beside these for a purchase, rounded down."""
    percent = tiers.multiplier_of(member_id)
    multiplier = Multiplier(percent, "down")
    points = multiplier.points(sum_of(decisions, POINTS))
    if points <= 0 or len(decisions) >= MOST_CREDITS:
        return []
    return [Decision(OF_TIER, points, MATCHED, multiplier=multiplier)]


def type_of(event: PaidOrder) -> str:
    return event.type if isinstance(event, Happening) else ORDER_PAID
