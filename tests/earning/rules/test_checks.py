"""Faults of rules are found before they are published, each at its place in the rule."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.earning.rules.checks import check_rule
from chalicelib.earning.rules.definitions import RuleDraft
from chalicelib.kernel.errors import Invalid
from tests.earning.rules.drafts import GOLD_TUESDAYS, ZONE, draft

pytestmark = pytest.mark.pure

TIER = {"field": "member.tier", "op": "=", "value": "gold"}


def test(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


test.__test__ = False  # type: ignore[attr-defined]


def nested(depth: int) -> dict[str, Any]:
    made: dict[str, Any] = TIER
    for _ in range(depth):
        made = {"not": made}
    return made


def faults(given: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        check_rule(msgspec.convert(given, RuleDraft), ZONE)
    except Invalid as error:
        return [(each.field, each.code) for each in error.fields]
    return []


def test_the_example_of_the_contract_is_right() -> None:
    assert faults(GOLD_TUESDAYS) == []
    check_rule(draft(when=nested(5)))


@pytest.mark.parametrize(
    ("when", "at", "code"),
    [
        ({"all": [TIER, test("member.tier", "=", "silver")]}, "all[1].value", "contradiction"),
        ({"all": [TIER, test("member.tier", "!=", "gold")]}, "all[1].value", "contradiction"),
        ({"all": [test("event.amount", ">", 9), test("event.amount", "<", 10)]},
         "all[1].value", "contradiction"),
        ({"all": [test("event.amount", "in", [1, 2]), test("event.amount", ">=", 3)]},
         "all[1].value", "contradiction"),
        ({"all": [TIER, {"all": [test("member.tier", "=", "silver")]}]},
         "all[1].all[0].value", "contradiction"),
        ({"all": [TIER, {"not": TIER}]}, "all[1].not.value", "contradiction"),
        ({"all": [TIER, {"not": test("member.tier", "in", ["gold", "silver"])}]},
         "all[1].not.value", "contradiction"),
        ({"all": [TIER, {"any": [test("member.tier", "=", "silver"), {"not": TIER}]}]},
         "all[1].any", "contradiction"),
        ({"any": [TIER, {"all": [TIER, {"not": TIER}]}]}, "any[1].all[1].not.value",
         "contradiction"),
        ({"all": [TIER, test("member.tier", "contains", "silv")]}, "all[1].value",
         "contradiction"),
        (test("event.amount", "<", 0), "value", "contradiction"),
        (test("event.month", ">", 12), "value", "contradiction"),
        (test("event.weekday", "=", 3), "value", "contradiction"),
        ({"all": [test("event.weekday", "<=", 2), test("event.weekday", "!=", 2)]},
         "all[1].value", "contradiction"),
        ({"any": [TIER, {"all": []}]}, "any[1].all", "empty"),
        (test("event.amount", "between", [5, 4]), "value", "empty_range"),
        (test("event.amount", "between", []), "value", "empty_range"),
        (test("event.weekday", "between", [8, 9]), "value", "out_of_range"),
        (test("event.weekday", "=", 8), "value", "out_of_range"),
        (test("member.tier", "in", []), "value", "empty"),
        (test("member.tier", "in", ["gold", 3]), "value[1]", "wrong_type"),
        (test("member.tier", "=", 3), "value", "wrong_type"),
        (test("event.amount", "=", True), "value", "wrong_type"),
        (test("event.amount", ">", "5"), "value", "wrong_type"),
        (test("member.tier", ">", "gold"), "op", "wrong_operator"),
        (test("member.shoe", "=", 3), "field", "unknown_field"),
        (test("item.sku", "=", "A"), "field", "not_here"),
        ({}, "", "exactly_one"),
        ({"not": TIER, **TIER}, "", "exactly_one"),
        (nested(6), "not.not.not.not.not", "too_deep"),
    ],
)  # fmt: skip
def test_a_fault_of_the_tree_names_its_place(when: Any, at: str, code: str) -> None:
    assert faults({**GOLD_TUESDAYS, "when": when}) == [(f"when.{at}".rstrip("."), code)]


@pytest.mark.parametrize(
    ("given", "at", "code"),
    [
        ({"effect": {}}, "effect", "exactly_one"),
        ({"effect": {"fixed": 1, "multiply": {"percent": 200}}}, "effect", "exactly_one"),
        ({"effect": {"fixed": 0}}, "effect.fixed", "zero"),
        ({"effect": {"per_amount": {"points": 1, "amount": 0}}},
         "effect.per_amount.amount", "zero"),
        ({"effect": {"multiply": {"percent": 100}}}, "effect.multiply.percent", "not_above_100"),
        ({"valid": {"from": "2026-12-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"}},
         "valid.until", "ends_before_it_begins"),
        ({"valid": {"hours": {"start": 9, "end": 9}}}, "valid.hours.end", "ends_before_it_begins"),
        ({"valid": {"weekdays": []}}, "valid.weekdays", "empty"),
        ({"budget": 0}, "budget", "zero"),
        ({"caps": {"member_day": 0}}, "caps.member_day", "zero"),
        ({"multiplier_group": "x"}, "multiplier_group", "not_a_multiplier"),
        ({"lots": {"expires": {"kind": "days", "months": 2}}}, "lots.expires.days", "exactly_one"),
        ({"lots": {"expires": {"kind": "days", "days": 0}}}, "lots.expires.days", "out_of_range"),
        ({"lots": {"expires": {"kind": "never", "days": 1}}}, "lots.expires.days", "exactly_one"),
        ({"event": "custom.walk"}, "items", "no_items"),
        ({"items": {"all": [test("item.sku", "=", "A"), test("item.sku", "=", "B")]}},
         "items.all[1].value", "contradiction"),
        ({"effect": {"fixed": 50}, "budget": 49}, "budget", "below_one_award"),
        ({"effect": {"fixed": 50}, "budget": 49, "caps": {"member_day": 50}},
         "budget", "below_one_award"),
    ],
)  # fmt: skip
def test_a_fault_beside_the_tree_names_its_place(given: Any, at: str, code: str) -> None:
    assert faults({**GOLD_TUESDAYS, **given}) == [(at, code)]


@pytest.mark.parametrize(
    ("valid", "holds"),
    [
        # 24 November 2026 is a Tuesday.
        ({"from": "2026-11-24T00:00:00+08:00", "until": "2026-11-25T00:00:00+08:00"}, True),
        ({"from": "2026-11-25T00:00:00+08:00", "until": "2026-12-01T00:00:00+08:00"}, False),
        ({"from": "2026-11-25T00:00:00+08:00", "until": "2026-12-01T00:00:01+08:00"}, True),
        ({"from": "2026-11-23T16:00:00Z", "until": "2026-11-23T17:00:00Z"}, True),
        ({"from": "2026-11-24T12:00:00+08:00", "until": "2026-11-25T12:00:00+08:00",
          "hours": {"start": 9, "end": 12}}, False),
        ({"from": "2026-11-24T23:59:59+08:00", "until": "2026-11-25T12:00:00+08:00",
          "hours": {"start": 23, "end": 24}}, True),
        ({"from": "2026-02-01T00:00:00+08:00", "until": "2026-03-01T00:00:00+08:00",
          "days": [29, 30, 31]}, False),
        ({"from": "2026-01-01T00:00:00+08:00", "until": "2026-03-01T00:00:00+08:00",
          "days": [31]}, False),
        ({"from": "2026-01-01T00:00:00+08:00", "until": "2026-04-01T00:00:00+08:00",
          "days": [31]}, True),
        ({"days": [31]}, True),
        ({"until": "2026-11-25T00:00:00+08:00", "days": [31]}, True),
    ],
)  # fmt: skip
def test_a_window_has_a_day_and_an_hour_in_the_programs_time(valid: Any, holds: bool) -> None:
    told = faults({**GOLD_TUESDAYS, "valid": {"weekdays": [2], **valid}})
    assert told == ([] if holds else [("valid", "never_holds")])


@pytest.mark.parametrize(
    "when",
    [
        {"all": [TIER, {"not": test("member.tier", "=", "silver")}]},
        {"all": [TIER, {"any": [test("member.tier", "=", "silver"), TIER]}]},
        {"any": [{"all": [TIER]}, test("member.tier", "=", "silver")]},
        {"all": [test("event.skus", "contains", "A"), test("event.skus", "contains", "B")]},
        {"all": [test("event.amount", "!=", 5), test("event.amount", ">=", 5)]},
        {"not": {"all": [TIER, test("member.tier", "=", "silver")]}},
        {"all": [test("event.attributes.size", "=", 3), TIER]},
        {"not": {"any": [TIER, test("member.tier", "=", "silver")]}},
    ],
)
def test_tests_that_can_be_met_together_are_taken(when: Any) -> None:
    assert faults({**GOLD_TUESDAYS, "when": when}) == []


def test_a_rule_without_end_is_too_large() -> None:
    many = [test("event.source", "=", f"shop-{number}") for number in range(50)]
    told = {"any": [{"any": many}] * 6}
    assert faults({**GOLD_TUESDAYS, "when": told}) == [("when", "too_large")]
