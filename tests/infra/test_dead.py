"""Dead letters: the command does not trust lagging counts at once."""

from __future__ import annotations

from typing import Any

import pytest

from infra.cli import dead
from infra.cli.dead import Queue

QUEUE = Queue("notify", "q/notify-dead", "arn:notify-dead", 3, 60)


class Clock:
    """Seconds that pass in sleep alone."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def watched(
    monkeypatch: pytest.MonkeyPatch, waiting: dict[int, int], died: dict[int, int], wait_s: int
) -> tuple[tuple[int, int, bool], float]:
    """The report on counts that change at some seconds, and its time."""
    clock = Clock()

    def depth(url: str) -> int:
        told = died if url == QUEUE.url else waiting
        return told[max(at for at in told if at <= clock.now)]

    monkeypatch.setattr(dead, "time", clock)
    monkeypatch.setattr(dead, "_depth", depth)
    return dead._watch_queue(QUEUE, 3, wait_s, 60), clock.now


def test_a_first_count_of_zero_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    told, _ = watched(monkeypatch, {0: 0, 20: 3, 50: 0}, {0: 0, 90: 2}, 300)
    assert told == (0, 2, True)


def test_a_queue_at_rest_is_reported_as_soon_as_its_counts_are_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, at = watched(monkeypatch, {0: 3, 10: 0}, {0: 0}, 300)
    assert (told, at) == ((0, 0, True), 70)


def test_counts_at_the_end_of_the_wait_are_reported_as_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert watched(monkeypatch, {0: 0}, {0: 0}, 30) == ((0, 0, False), 30)
    assert watched(monkeypatch, {0: 3}, {0: 0}, 300) == ((3, 0, False), 300)


def test_a_message_missing_from_the_count_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    def peek(_queue: Queue) -> list[dict[str, Any]]:
        return [{"MessageId": "1"}]

    monkeypatch.setattr(dead, "_peek", peek)
    assert dead._looked_into(QUEUE._replace(messages=0)).messages == 1
    assert dead._looked_into(QUEUE).messages == 3
