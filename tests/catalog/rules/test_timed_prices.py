"""Prices for a time that ops name: in their order, apart, and payable."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from chalicelib.catalog.rules.terms import TimedPrice
from chalicelib.kernel.money import Money
from tests.catalog.rules.drafting import both, changed, made, wrong

pytestmark = pytest.mark.pure


def timed(day: int, until: int, **other: Any) -> TimedPrice:
    begins, ends = (datetime(2026, 12, each, tzinfo=UTC) for each in (day, until))
    return TimedPrice(**{"from_": begins, "until": ends, "points": 80, **other})


def test_prices_for_a_time_are_kept_in_their_order() -> None:
    first, second = timed(1, 2), timed(2, 3)
    assert made(timed_prices=[second, first]).timed_prices == [first, second]
    assert changed(timed_prices=[]).timed_prices == []


def test_prices_for_a_time_neither_overlap_nor_end_before_they_begin() -> None:
    over = ("与另一限时价时间重叠", "overlaps another price for a time")
    both("timed_prices[1].from", "overlaps", *over, timed_prices=[timed(1, 3), timed(2, 4)])
    ends = ("须晚于开始时间", "must be later than from")
    both("timed_prices[0].until", "not_after_from", *ends, timed_prices=[timed(2, 2)])
    free = Money(0, "CNY")
    assert wrong(made, timed_prices=[timed(1, 2, cash=free)]) == [
        ("timed_prices[0].cash", "out_of_range")
    ]
    far = timed(1, 2)
    far = msgspec.structs.replace(far, until=far.until.replace(year=2200))
    assert wrong(made, timed_prices=[far]) == [("timed_prices[0].until", "out_of_range")]
