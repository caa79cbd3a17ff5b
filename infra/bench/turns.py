"""One use case beside much and beside little, by two processes that take turns."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from infra.bench.bookkeeper import Bookkeeper
from infra.bench.use_cases import verdict

WARM_UP = 20


class Ratio(NamedTuple):
    """Medians of one use case in milliseconds, beside much and beside little."""

    use_case: str
    large_ms: float
    small_ms: float
    most: float

    @property
    def ratio(self) -> float:
        return self.large_ms / self.small_ms

    @property
    def holds(self) -> bool:
        return self.ratio <= self.most


def compared(
    use_case: str,
    keepers: Sequence[Bookkeeper],
    repetitions: int,
    most: float,
    warm_up: int = WARM_UP,
) -> Ratio:
    """Measure both in turn, with a changing first one: the machine's noise hits both alike."""
    times: list[list[float]] = [[], []]
    for number in range(warm_up + repetitions):
        for which in (0, 1) if number % 2 else (1, 0):
            spent_ms = keepers[which].do("timed", use_case)
            if number >= warm_up:
                times[which].append(spent_ms)
    return Ratio(use_case, median(times[0]), median(times[1]), most)


def table(ratios: Sequence[Ratio], much: str, little: str) -> str:
    """The ratios as Markdown."""
    rows = [
        f"| use case | p50 ms, {much} | p50 ms, {little} | ratio | at most | holds |",
        "|---|---|---|---|---|---|",
        *(
            f"| {each.use_case} | {each.large_ms:.2f} | {each.small_ms:.2f} | {each.ratio:.2f} "
            f"| {each.most} | {verdict(each.holds)} |"
            for each in ratios
        ),
    ]
    return "\n".join(rows)
