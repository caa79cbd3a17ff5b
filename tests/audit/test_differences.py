"""What differs between two versions of a thing, as the audit keeps it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.audit.rules import LONGEST_TEXT, MOST_FACTS, differences

pytestmark = pytest.mark.pure

LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5)
VALUES = st.dictionaries(
    st.text("abc", min_size=1, max_size=3),
    LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.text("de", min_size=1), LEAVES),
    max_size=5,
)


class Price(msgspec.Struct):
    points: int


class Thing(msgspec.Struct):
    title: str
    price: Price
    scene: list[str]


def test_only_what_differs_is_told_by_the_names_of_fields() -> None:
    before = Thing("杯子", Price(100), ["office"])
    after = Thing("杯子", Price(120), ["office", "home"])
    assert differences(before, after) == (
        {"price.points": 100, "scene": "office"},
        {"price.points": 120, "scene": "office, home"},
    )


def test_what_is_made_had_nothing_before() -> None:
    thing = Thing("A", Price(1), [])
    assert differences(None, thing) == ({}, {"title": "A", "price.points": 1, "scene": ""})


def test_long_texts_are_cut_and_many_facts_too() -> None:
    _, after = differences(None, {"text": "x" * 999} | {f"f{n}": n for n in range(200)})
    assert len(after) == MOST_FACTS
    assert after["text"] == "x" * LONGEST_TEXT + "… (999)"


@given(VALUES, VALUES)
def test_equal_values_differ_in_nothing_and_others_in_something(before: Any, after: Any) -> None:
    assert differences(before, before) == ({}, {})
    old, new = differences(before, after)
    assert not (old.keys() | new.keys()) or before != after
    for name in old.keys() & new.keys():
        assert old[name] != new[name]
