"""What a replay reads grows with its events alone."""

from __future__ import annotations

from infra.bench.replays import measure, of_replays


def test_a_thousand_events_take_so_many_reads_and_no_write() -> None:
    of_event, of_member = measure(1_000)
    assert (of_event.events, of_member.events) == (1_000, 1_000)
    # Half a unit for each event, and the notes that name it; half a unit more for its member.
    assert of_event.reads_a_thousand < 1_100
    assert of_member.reads_a_thousand < 1_600
    assert "| 1,000 | " in of_replays([of_event])
    assert of_member.requests < of_event.requests + 20
