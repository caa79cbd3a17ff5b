"""The index of goods is measured with no tables behind it."""

from __future__ import annotations

from infra.bench import goods


def test_each_query_of_an_index_is_measured_without_an_engine() -> None:
    found = goods.measure(goods=300)
    assert len(found.found) == 10
    assert "| query of 100,000 goods |" in goods.of_goods(found)
