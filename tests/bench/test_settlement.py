"""A settlement's memory does not grow with its day, and its requests grow with the day's lines."""

from __future__ import annotations

from infra.bench.settlement import MOST_BYTES, measure, of_settlement


def test_three_times_the_entries_take_three_times_the_requests_in_the_same_memory() -> None:
    small, large = measure(3_000), measure(9_000)
    assert (small.entries, large.entries) == (3_000, 9_000)
    assert small.holds
    assert large.holds
    assert large.peak_bytes - small.peak_bytes < MOST_BYTES // 10
    assert large.requests < large.entries // 40
    assert f"| {large.entries:,} | " in of_settlement(large)
