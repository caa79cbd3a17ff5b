"""Movements lead from the first to the last unit; a stock is beyond a mark or it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.rules.movements import Gap, Movement, gaps, level_of, place_of
from chalicelib.catalog.rules.stock import Because

pytestmark = pytest.mark.pure

CHANGES = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 20)), max_size=40)


def history(changes: list[tuple[int, int]]) -> tuple[list[Movement], dict[int, int]]:
    """Movements over shards, and the units to which they lead."""
    left: dict[int, int] = {}
    rows = []
    for number, (shard, change) in enumerate(changes):
        before = left.get(shard, 0)
        left[shard] = max(0, before + change)
        rows.append(
            Movement(
                sku="CUP",
                shard=shard,
                before=before,
                after=left[shard],
                because=Because("sale", "ord_1"),
                at_s=number,
                place=place_of(number, str(number), shard),
            )
        )
    return rows, left


@given(CHANGES)
def test_any_history_leads_to_its_stock_and_sums_up(changes: list[tuple[int, int]]) -> None:
    rows, left = history(changes)
    assert gaps(rows, left) == []
    assert sum(row.change for row in rows) == sum(left.values())


@given(CHANGES.filter(bool), st.data())
def test_a_lost_movement_is_noticed_where_it_moved_units(
    changes: list[tuple[int, int]], data: st.DataObject
) -> None:
    rows, left = history(changes)
    first = {row.shard: row.place for row in reversed(rows)}
    later = [row for row in rows if row.change and row.place != first[row.shard]]
    if later:
        lost = data.draw(st.sampled_from(later))
        rest = [row for row in rows if row.place != lost.place]
        assert [gap.shard for gap in gaps(rest, left)] == [lost.shard]


def test_the_oldest_movements_may_have_gone() -> None:
    rows, left = history([(0, 9), (0, -2), (1, 3), (0, -1)])
    assert gaps(rows[1:], left) == []
    assert gaps(rows[:-1], left) == [Gap(0, 7, 6)]


def test_places_stand_as_the_stream_numbers_them() -> None:
    assert place_of(7, "99", 0) < place_of(7, "100", 0) < place_of(8, "1", 0)


@pytest.mark.parametrize(
    ("available", "low", "high", "level"),
    [
        (5, 5, 9, "low"),
        (6, 5, 9, None),
        (9, 5, 9, None),
        (10, 5, 9, "high"),
        (0, None, None, None),
        (0, 0, None, "low"),
    ],
)
def test_a_level_is_at_the_low_mark_or_above_the_high_one(
    available: int, low: int | None, high: int | None, level: str | None
) -> None:
    assert level_of(available, low, high) == level


@pytest.mark.parametrize("stamp", [None, "", "magic ord_1"])
def test_a_stamp_of_another_release_is_unknown(stamp: str | None) -> None:
    assert Because.of_stamp(stamp) == Because("unknown")
    assert Because.of_stamp("sale ord_1") == Because("sale", "ord_1")
    assert Because.of_stamp("spread") == Because("spread")
