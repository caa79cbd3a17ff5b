"""Evaluation of an event by the published rules: pure, in one pass, each rule with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import msgspec

from chalicelib.earning.rules.conditions import Facts, Test, compiled, fields_in
from chalicelib.earning.rules.decisions import (
    MATCHED,
    MOST_CREDITS,
    OTHER_CURRENCY,
    TOO_SMALL,
    Decision,
    Limits,
    Multiplier,
    Terms,
    rounded,
)
from chalicelib.earning.rules.definitions import MALL, ORDER_PAID, SOURCE, Rule
from chalicelib.earning.rules.items import SoldItem
from chalicelib.earning.rules.limits import NOTHING_TO_MULTIPLY, sum_of
from chalicelib.earning.rules.stacking import Verdict, stacked
from chalicelib.earning.rules.terms import holds_at, terms_of

NOT_MET, NO_ITEM, OUT_OF_WINDOW = "condition_not_met", "no_item_matched", "out_of_window"
TOO_MANY, NO_AMOUNT = "too_many_rules", "no_amount"
_REASONS = (NOT_MET, NO_ITEM, OUT_OF_WINDOW, NO_AMOUNT, OTHER_CURRENCY, TOO_SMALL)


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """An event as rules see it. `member` holds the facts of its member, by the fields' names."""

    type: str
    source: str
    at: datetime
    amount: int | None = None
    currency: str | None = None
    items: Sequence[SoldItem] = ()
    attributes: Mapping[str, Any] = {}
    member: Mapping[str, Any] = {}


class _Seen(NamedTuple):
    """An event as each rule looks at it; `local` is its time on the program's clock."""

    occasion: Occasion
    local: datetime
    facts: Facts
    items: Sequence[Facts]
    currency: str


class Compiled(NamedTuple):
    """A rule that is ready for use."""

    rule: Rule
    terms: Terms
    limits: Limits | None
    when: Test | None
    items: Test | None
    none: Mapping[str, Decision]
    names_source: bool


class RuleSet(NamedTuple):
    """The published rules: those of each event, highest priority first, and what they look at."""

    by_event: Mapping[str, Sequence[Compiled]]
    fields: frozenset[str]
    rules: Sequence[Rule]

    @property
    def asked_of_member(self) -> frozenset[str]:
        """The facts of a member that rules look at."""
        return frozenset(name for name in self.fields if name.startswith("member."))

    def is_of_mall(self, at_ms: int) -> bool:
        """Whether a rule that was in force then may be about an order of the mall."""
        return any(
            each.names_source and each.rule.published_ms <= at_ms
            for each in self.by_event.get(ORDER_PAID, ())
        )


def compile_rules(rules: Iterable[Rule]) -> RuleSet:
    """The rules, compiled; their order does not matter."""
    by_event: dict[str, list[Compiled]] = {}
    fields: frozenset[str] = frozenset()
    ordered = sorted(rules, key=lambda rule: (-rule.terms.priority, rule.id))
    for rule in ordered:
        by_event.setdefault(rule.terms.event, []).append(compile_rule(rule))
        fields |= fields_in(rule.terms.when) | fields_in(rule.terms.items)
    return RuleSet(by_event, fields, ordered)


def compile_rule(rule: Rule) -> Compiled:
    terms = rule.terms
    return Compiled(
        rule,
        terms_of(terms),
        _limits(rule),
        compiled(terms.when, "when") if terms.when else None,
        compiled(terms.items, "items") if terms.items else None,
        {reason: _nothing(rule, reason) for reason in _REASONS},
        SOURCE in fields_in(terms.when) or rule.campaign_id is not None,
    )


def _limits(rule: Rule) -> Limits | None:
    caps, budget = rule.terms.caps, rule.terms.budget
    if caps is None:
        return Limits(budget=budget) if budget is not None else None
    made = Limits(caps.member_day, caps.member_month, caps.member_life, budget)
    return made if made != Limits() else None


def evaluate(
    rules: RuleSet,
    occasion: Occasion,
    given: Sequence[Decision],
    currency: str,
    zone: tzinfo,
) -> list[Verdict]:
    """The verdict of each rule of the event's type, beside the decisions `given` before.

    Limits are not looked at: `limited` cuts the decisions to what they leave.
    """
    seen = _Seen(
        occasion,
        occasion.at.astimezone(zone),
        facts_of(occasion, zone),
        [_item_facts(each) for each in occasion.items],
        currency,
    )
    candidates = [_candidate(each, seen) for each in rules.by_event.get(occasion.type, ())]
    kept = stacked(candidates)
    earned = [each.decision for each in kept if each.decision.multiplier is None]
    verdicts = [_multiplied(each, [*given, *earned]) for each in kept]
    return _few_enough(verdicts, sum(each.points != 0 for each in given))


def facts_of(occasion: Occasion, zone: tzinfo) -> dict[str, Any]:
    """The facts of an event and its member, by the fields' names."""
    local = occasion.at.astimezone(zone)
    items = occasion.items
    return {
        "event.source": occasion.source,
        "event.currency": occasion.currency,
        "event.amount": occasion.amount,
        "event.quantity": sum(each.quantity for each in items),
        "event.skus": frozenset(each.sku for each in items),
        "event.categories": frozenset(each.category for each in items if each.category),
        "event.brands": frozenset(each.brand for each in items if each.brand),
        "event.weekday": local.isoweekday(),
        "event.day": local.day,
        "event.month": local.month,
        "event.hour": local.hour,
        **{f"event.attributes.{name}": value for name, value in occasion.attributes.items()},
        **occasion.member,
    }


def _item_facts(item: SoldItem) -> Facts:
    return {
        "item.sku": item.sku,
        "item.category": item.category,
        "item.brand": item.brand,
        "item.margin_class": item.margin_class,
        "item.amount": item.amount,
        "item.quantity": item.quantity,
    }


def _candidate(each: Compiled, seen: _Seen) -> Verdict:
    """The verdict of a rule as if there were no other."""
    terms = each.rule.terms
    if not holds_at(terms.valid, seen.occasion.at, seen.local):
        return _refused(each, OUT_OF_WINDOW, "valid")
    if seen.occasion.source == MALL and not each.names_source:
        return _refused(each, NOT_MET, "when")
    if each.when is not None and (unmet := each.when(seen.facts)) is not None:
        return _refused(each, NOT_MET, unmet)
    if each.items is None:
        return _earned(each, seen, None)
    matched = [number for number, item in enumerate(seen.items) if each.items(item) is None]
    return _earned(each, seen, matched) if matched else _refused(each, NO_ITEM, "items")


def _earned(each: Compiled, seen: _Seen, matched: list[int] | None) -> Verdict:
    occasion, effect = seen.occasion, each.rule.terms.effect
    if effect.fixed is not None:
        return _made(each, effect.fixed, matched)
    if effect.multiply is not None and matched is None:
        return _multiplying(each, effect.multiply.percent, 1, 1, matched)
    if occasion.amount is None:
        return _refused(each, NO_AMOUNT, "effect")
    if occasion.currency != seen.currency:
        return _refused(each, OTHER_CURRENCY, "effect")
    amount = occasion.amount
    if matched is not None:
        amount = sum(occasion.items[number].amount for number in matched)
    return _by_amount(each, amount, occasion.amount, matched)


def _by_amount(each: Compiled, amount: int, paid: int, matched: list[int] | None) -> Verdict:
    effect = each.rule.terms.effect
    if effect.multiply is not None:
        return _multiplying(each, effect.multiply.percent, amount, paid or 1, matched)
    assert effect.per_amount is not None, "a rule has one of three effects"
    if effect.rounding == "down":  # so many for each full amount
        points = amount // effect.per_amount.amount * effect.per_amount.points
    else:
        parts = amount * effect.per_amount.points
        points = rounded(parts, effect.per_amount.amount, effect.rounding)
    return _made(each, points, matched) if points else _refused(each, TOO_SMALL, "effect")


def _multiplying(
    each: Compiled, percent: int, amount: int, paid: int, matched: list[int] | None
) -> Verdict:
    rounding = each.rule.terms.effect.rounding
    return _made(each, 0, matched, Multiplier(percent, rounding, amount, paid))


def _made(
    each: Compiled, points: int, matched: list[int] | None, multiplier: Multiplier | None = None
) -> Verdict:
    rule = each.rule
    bits = None if matched is None else f"{sum(1 << number for number in matched):x}"
    unit = rule.terms.effect.unit
    return Verdict(
        rule,
        Decision(
            rule.id,
            points,
            MATCHED,
            unit,
            each.terms,
            version=rule.version,
            limits=each.limits,
            multiplier=multiplier,
            matched=bits,
        ),
    )


def _refused(each: Compiled, reason: str, path: str) -> Verdict:
    return Verdict(each.rule, each.none[reason], path)


def _nothing(rule: Rule, reason: str) -> Decision:
    return Decision(rule.id, 0, reason, rule.terms.effect.unit, version=rule.version)


def _multiplied(verdict: Verdict, earned: Sequence[Decision]) -> Verdict:
    decision = verdict.decision
    if decision.multiplier is None:
        return verdict
    points = decision.multiplier.points(sum_of(earned, decision.unit))
    if not points:
        return Verdict(verdict.rule, _nothing(verdict.rule, NOTHING_TO_MULTIPLY), "effect")
    return verdict._replace(decision=msgspec.structs.replace(decision, points=points))


def _few_enough(verdicts: list[Verdict], given: int) -> list[Verdict]:
    """One transaction credits them all: those of the lowest priority go first."""
    left = MOST_CREDITS - given
    made: list[Verdict] = []
    for each in verdicts:
        if each.decision.points and left <= 0:
            made.append(Verdict(each.rule, _nothing(each.rule, TOO_MANY), "priority"))
            continue
        left -= each.decision.points != 0
        made.append(each)
    return made
