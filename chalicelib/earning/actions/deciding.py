"""Decisions on an event: the built-in rules and the published ones, before limits."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib import tiers
from chalicelib.earning import queries
from chalicelib.earning.queries.people import facts_of_member
from chalicelib.earning.queries.rules import in_force
from chalicelib.earning.rules import Decision, Happening, PaidOrder
from chalicelib.earning.rules.deciding import Program, decided
from chalicelib.earning.rules.definitions import ORDER_PAID
from chalicelib.earning.rules.evaluation import Occasion, RuleSet
from chalicelib.earning.rules.stacking import Verdict
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.config import config


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
    settings = config()
    published = published or in_force().rules
    member = facts_of_member(member_id, published, from_ms(event.occurred_at_ms))
    occasion = Occasion(
        type=type_of(event),
        source=partner,
        at=from_ms(event.occurred_at_ms),
        amount=None if isinstance(event, Happening) and not event.has_amount else event.amount,
        currency=event.currency,
        items=event.items,
        attributes=event.attributes,
        member=member,
    )
    program = Program(published, queries.rules_in_force(), settings.currency, settings.time_zone)
    percent = None if member_id is None else lambda: tiers.multiplier_of(member_id)
    decisions, verdicts = decided(program, occasion, percent)
    return Decided(decisions, verdicts, member.get("member.tier"))


def type_of(event: PaidOrder) -> str:
    return event.type if isinstance(event, Happening) else ORDER_PAID
