"""Rules decide on events: conditions, floors, stacking, multipliers, limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.earning.rules.decisions import Decision, Limits, Multiplier, Terms
from chalicelib.earning.rules.evaluation import Occasion
from chalicelib.earning.rules.limits import Left, at_risk, limited
from tests.earning.rules.drafts import (
    GOLD_TUESDAYS,
    ITEMS,
    TUESDAY,
    paid,
    points,
    rule,
    verdicts,
    why,
)

pytestmark = pytest.mark.pure

PER_YUAN = {"per_amount": {"points": 1, "amount": 100}}


def test_a_rule_by_items_counts_their_amount_alone_and_rounds_once_per_order() -> None:
    assert points([rule(**GOLD_TUESDAYS)]) == {"a": 100}
    assert points([rule()]) == {"a": 150}  # 15,049 at once; item by item it would be 149
    halves = (ITEMS[0], ITEMS[0])
    brand = {"field": "item.brand", "op": "=", "value": "acme"}
    assert points([rule(items=brand)], paid(items=halves, amount=20_100)) == {"a": 201}


@pytest.mark.parametrize(("rounding", "expected"), [("down", 150), ("up", 151), ("nearest", 150)])
def test_points_are_rounded_as_the_rule_says(rounding: str, expected: int) -> None:
    assert points([rule(effect={**PER_YUAN, "rounding": rounding})]) == {"a": expected}


def test_each_rule_that_gives_nothing_tells_why() -> None:
    none_of_these: dict[str, Any] = {
        "tier": {**GOLD_TUESDAYS, "when": {"field": "member.tier", "op": "=", "value": "silver"}},
        "second": {
            **GOLD_TUESDAYS,
            "when": {
                "all": [
                    {"field": "member.tier", "op": "=", "value": "gold"},
                    {
                        "any": [
                            {"field": "event.hour", "op": "<", "value": 9},
                            {"not": {"field": "event.source", "op": "=", "value": "shop-1"}},
                        ]
                    },
                ]
            },
        },
        "items": {"items": {"field": "item.brand", "op": "contains", "value": "other"}},
        "window": {"valid": {"weekdays": [3]}},
        "small": {"effect": {"per_amount": {"points": 1, "amount": 10**9}}},
        "twice": {"effect": {"unit": "growth", "multiply": {"percent": 200}}},
    }
    told = why([rule(name, **given) for name, given in none_of_these.items()])
    assert told == {
        "tier": ("condition_not_met", "when"),
        "second": ("condition_not_met", "when.all[1]"),
        "items": ("no_item_matched", "items"),
        "window": ("out_of_window", "valid"),
        "small": ("below_one_point", "effect"),
        "twice": ("nothing_to_multiply", "effect"),
    }
    foreign = paid(currency="USD")
    assert why([rule()], foreign) == {"a": ("other_currency", "effect")}
    assert why([rule()], paid(amount=None)) == {"a": ("no_amount", "effect")}
    other = Occasion(type="custom.walk", source="crm", at=TUESDAY)
    assert why([rule()], other) == {}
    assert points([rule(event="custom.walk", effect={"fixed": 7})], other) == {"a": 7}


def test_windows_are_of_the_programs_calendar() -> None:
    early = datetime(2026, 11, 23, 16, tzinfo=UTC)  # Tuesday's first second in Shanghai
    tuesdays = rule(valid={"weekdays": [2], "hours": {"start": 0, "end": 1}, "days": [24]})
    assert points([tuesdays], paid(at=early)) == {"a": 150}
    assert points([tuesdays], paid(at=early - timedelta(seconds=1))) == {"a": 0}
    assert points([tuesdays], paid(at=early + timedelta(hours=1))) == {"a": 0}
    window = {"from": "2026-11-24T04:00:00Z", "until": "2026-11-24T05:00:00Z"}
    bounded = rule(valid=window)
    assert [
        points([bounded], paid(at=at))["a"]
        for at in (TUESDAY - timedelta(seconds=1), TUESDAY, TUESDAY + timedelta(hours=1))
    ] == [0, 150, 0]


def test_one_of_an_exclusive_group_and_the_best_of_best_stay() -> None:
    high = rule("high", effect={"fixed": 5}, stacking="exclusive:g", priority=9)
    low = rule("low", effect={"fixed": 50}, stacking="exclusive:g")
    best = rule("best", effect={"fixed": 30}, stacking="best")
    second = rule("second", effect={"fixed": 20}, stacking="best", priority=9)
    growth = rule("growth", effect={"fixed": 1, "unit": "growth"}, stacking="best")
    every = rule("every", effect={"fixed": 2})
    assert points([high, low, best, second, growth, every]) == {
        "high": 5,
        "low": 0,
        "best": 30,
        "second": 0,
        "growth": 1,
        "every": 2,
    }
    assert why([high, low])["low"] == ("lost_to_stacking", "stacking")


def test_multipliers_are_of_what_the_others_gave_and_one_of_a_group_holds() -> None:
    base = rule("base")
    twice = rule("twice", effect={"multiply": {"percent": 200}}, multiplier_group="tier")
    thrice = rule("thrice", effect={"multiply": {"percent": 300}}, multiplier_group="tier")
    extra = rule("extra", effect={"multiply": {"percent": 150}})
    assert points([base, twice, thrice, extra]) == {
        "base": 150,
        "twice": 0,
        "thrice": 300,
        "extra": 75,
    }
    assert why([base, twice, thrice])["twice"] == ("lost_to_stacking", "multiplier_group")
    apparel = {"field": "item.category", "op": "=", "value": "apparel"}
    part = rule("part", effect={"multiply": {"percent": 200}}, items=apparel)
    assert points([base, part])["part"] == 150 * 10_050 // 15_049


EFFECTS = st.one_of(
    st.builds(lambda n: {"fixed": n}, st.integers(1, 500)),
    st.builds(lambda n: {"multiply": {"percent": n}}, st.integers(101, 400)),
    st.builds(lambda n: {"per_amount": {"points": n, "amount": 700}}, st.integers(1, 9)),
)
STACKINGS = st.sampled_from(["all", "best", "exclusive:a", "exclusive:b"])
RULES = st.lists(
    st.tuples(EFFECTS, STACKINGS, st.integers(0, 1), st.none() | st.integers(1, 200)), max_size=9
)


@given(RULES, st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(told: list[Any], shuffled: Any) -> None:
    rules = [
        rule(str(number), effect=effect, stacking=stacking, priority=priority)
        for number, (effect, stacking, priority, _) in enumerate(told)
    ]
    other = list(rules)
    shuffled.shuffle(other)
    assert verdicts(rules) == verdicts(other)


@given(RULES)
def test_of_each_group_one_gives_and_its_rivals_are_no_better(told: list[Any]) -> None:
    rules = [
        rule(str(number), effect=effect, stacking=stacking, priority=priority)
        for number, (effect, stacking, priority, _) in enumerate(told)
    ]
    made = verdicts(rules).values()
    for group in ("exclusive:a", "exclusive:b"):
        for multiplies in (False, True):
            of_group = [
                each
                for each in made
                if each.rule.terms.stacking == group
                and (each.rule.terms.effect.multiply is not None) == multiplies
            ]
            stay = [each for each in of_group if each.decision.reason != "lost_to_stacking"]
            assert len(stay) == min(1, len(of_group))
            for winner in stay:
                priority = winner.rule.terms.priority
                assert all(each.rule.terms.priority <= priority for each in of_group)


@given(st.integers(0, 10**9), st.integers(1, 10**6), st.integers(1, 1000))
def test_points_by_amount_are_of_each_full_part(amount: int, part: int, given: int) -> None:
    effect = {"per_amount": {"points": given, "amount": part}}
    assert points([rule(effect=effect)], paid(amount=amount))["a"] == amount // part * given


@given(RULES, st.lists(st.integers(0, 300), min_size=9, max_size=9))
def test_caps_cut_and_budgets_give_all_or_nothing(told: list[Any], left: list[int]) -> None:
    rules = [
        rule(str(number), effect=effect, caps={"member_day": cap} if cap else None, budget=200)
        for number, (effect, _, _, cap) in enumerate(told)
    ]
    uncut = [each.decision for each in verdicts(rules).values()]
    leaves = {each.id: Left(left[number], left[-number]) for number, each in enumerate(rules)}
    for before, after in zip(uncut, limited(uncut, leaves), strict=True):
        of_member, of_budget = leaves[before.rule_id]
        assert 0 <= after.points <= before.points
        assert of_member is not None
        assert of_budget is not None
        assert after.points <= min(of_member, of_budget)
        if not before.multiplier:
            wanted = min(before.points, of_member)
            assert after.points == (wanted if wanted <= of_budget else 0)
    assert limited(uncut, {}) == list(uncut)


def test_a_multiplier_multiplies_what_caps_left() -> None:
    base = rule("base", caps={"member_day": 100})
    twice = rule("twice", effect={"multiply": {"percent": 200}})
    uncut = [each.decision for each in verdicts([base, twice]).values()]
    assert [each.points for each in uncut] == [150, 150]
    cut = limited(uncut, {"rul_base": Left(of_member=40)})
    assert [(each.points, each.reason) for each in cut] == [(40, "matched"), (40, "matched")]
    none = limited(uncut, {"rul_base": Left(of_member=0)})
    assert [each.reason for each in none] == ["cap_reached", "nothing_to_multiply"]
    spent = limited(uncut, {"rul_base": Left(of_budget=149)})
    assert [each.reason for each in spent] == ["budget_exhausted", "nothing_to_multiply"]


def test_the_lowest_priority_goes_first_where_one_transaction_cannot_credit_all() -> None:
    rules = [rule(f"{number:02}", effect={"fixed": 1}, priority=number) for number in range(25)]
    told = why(rules)
    left_out = {name for name, (reason, _) in told.items() if reason == "too_many_rules"}
    assert left_out == {f"{number:02}" for number in range(5)}


def test_a_decision_names_rule_version_and_terms() -> None:
    made = verdicts([rule(**GOLD_TUESDAYS, version=4)])["a"].decision
    assert (made.rule_id, made.version, made.matched) == ("rul_a", 4, "1")
    assert made.terms == Terms(7, "end_of_month", 12)
    assert made.limits == Limits(member_day=500, budget=10**5)


def test_limits_may_leave_nothing_of_a_unit_unless_a_rule_without_them_gives_some() -> None:
    free = Decision("a", 5, "matched")
    bound = Decision("b", 5, "matched", limits=Limits(budget=100))
    twice = Decision("c", 5, "matched", multiplier=Multiplier(200, "down"))
    growth = Decision("d", 5, "matched", unit="growth", limits=Limits(member_day=1))
    nothing = Decision("e", 0, "too_small")
    assert at_risk([free, bound, twice, nothing]) == []
    assert at_risk([bound, twice, nothing]) == ["points"]
    assert at_risk([free, growth]) == ["growth"]
    assert at_risk([nothing]) == []
