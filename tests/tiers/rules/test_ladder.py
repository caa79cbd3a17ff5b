"""Ladders: what is one, and which level some sums earn."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.kernel.errors import Invalid
from chalicelib.tiers.rules.ladder import BUILT_IN, Benefits, LadderDraft, check
from chalicelib.tiers.rules.words import benefits_in, thresholds_of
from tests.tiers.rules.ladders import ladder, level

pytestmark = pytest.mark.pure


def test_the_built_in_ladder_changes_nothing_that_stands() -> None:
    check(BUILT_IN)
    assert [each.key for each in BUILT_IN.levels] == ["normal", "silver", "gold", "diamond"]
    assert {each.benefits for each in map(_frozen, BUILT_IN.levels)} == {_frozen_default()}


def _frozen(told: Any) -> Any:
    return msgspec.structs.replace(told, benefits=msgspec.json.encode(told.benefits))


def _frozen_default() -> bytes:
    return msgspec.json.encode(Benefits())


@pytest.mark.parametrize(
    ("spend", "tier"),
    [(0, "normal"), (99, "normal"), (100, "silver"), (499, "silver"), (10_000, "diamond")],
)
def test_sums_earn_the_highest_level_that_they_reach(spend: int, tier: str) -> None:
    assert ladder().earned({"spend": spend}) == tier


def test_one_threshold_of_several_is_enough() -> None:
    gold = msgspec.structs.replace(level("gold"), thresholds={"spend": 500, "orders": 3})
    either = msgspec.structs.replace(ladder(), levels=[level("normal"), gold])
    assert either.earned({"orders": 3}) == "gold"
    assert either.earned({"spend": 499, "orders": 2}) == "normal"


WRONG: dict[str, tuple[list[dict[str, Any]], set[tuple[str, str]]]] = {
    "the lowest is not normal": (
        [{"key": "basic"}],
        {("levels[0].key", "not_the_base")},
    ),
    "the lowest asks for something": (
        [{"key": "normal", "thresholds": {"spend": 1}}],
        {("levels[0].thresholds", "not_for_the_base")},
    ),
    "a level asks for nothing": (
        [{"key": "normal"}, {"key": "gold"}],
        {("levels[1].thresholds", "missing")},
    ),
    "two levels have one key": (
        [{"key": "normal"}, {"key": "a", "thresholds": {"spend": 1}},
         {"key": "a", "thresholds": {"spend": 2}}],
        {("levels[1].key", "repeated"), ("levels[2].key", "repeated")},
    ),
    "a level asks for less than the one below": (
        [{"key": "normal"}, {"key": "a", "thresholds": {"spend": 2}},
         {"key": "b", "thresholds": {"spend": 2}}],
        {("levels[2].thresholds.spend", "not_above")},
    ),
    "levels count different things": (
        [{"key": "normal"}, {"key": "a", "thresholds": {"spend": 2}},
         {"key": "b", "thresholds": {"orders": 9}}],
        {("levels[2].thresholds", "other_metrics")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_ladder_is_refused_by_field(case: str) -> None:
    levels, wanted = WRONG[case]
    titled = [{"title": {"zh-CN": "级", "en": "Level"}, **each} for each in levels]
    with pytest.raises(Invalid) as refused:
        check(msgspec.convert({"levels": titled}, LadderDraft))
    assert {(each.field, each.code) for each in refused.value.fields} == wanted


def test_thresholds_and_benefits_are_said_in_both_languages() -> None:
    of = ladder(window="calendar_year")
    gold = level("gold", 50_000, multiplier_percent=150, free_freight=True, early_access_hours=24)
    assert thresholds_of(gold, of, "CNY", "zh-CN") == "自然年内消费满 ¥500.00"
    assert thresholds_of(gold, of, "CNY", "en") == "¥500.00 spent in a calendar year"
    assert thresholds_of(of.levels[0], of, "CNY", "zh-CN") == "注册即享"
    assert benefits_in(gold.benefits, "zh-CN") == [
        "购物积分 1.5 倍",
        "免运费",
        "新品提前 24 小时开兑",
    ]
    assert len(benefits_in(gold.benefits, "en")) == 3
    assert benefits_in(Benefits(), "zh-CN") == []
