"""An account as a list of single lots, each [expiry in seconds, points], walked one by one.

Slow, obvious, and told apart from the rules: nothing of theirs is called here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Parts = list[tuple[int, int]]

MOST_LOTS = 36
TOTALS = ("accrued", "redeemed", "expired", "transferred", "adjusted")


class PlainAccount:
    def __init__(self, name: str) -> None:
        self.name = name
        self.unit = name.split(":")[1]
        self.lots: list[list[int]] = []
        self.debt = self.entries = self.last_ms = 0
        self.frozen = False
        self.accrued = self.redeemed = self.expired = self.transferred = self.adjusted = 0
        self.day = self.sent = self.sends = 0

    def at(self, now_ms: int) -> int:
        return now_ms if now_ms > self.last_ms else self.last_ms

    def available(self, at_ms: int) -> int:
        there = 0
        for expiry, points in self.lots:
            if at_ms < expiry * 1000:
                there += points
        return there

    def by_expiry(self) -> dict[int, int]:
        sums: dict[int, int] = {}
        for expiry, points in self.lots:
            sums[expiry] = sums.get(expiry, 0) + points
        return sums

    def live_times(self, at_ms: int) -> list[int]:
        return sorted({expiry for expiry, _ in self.lots if at_ms < expiry * 1000})

    def lapse(self, at_ms: int) -> bool:
        """Whether anything had lapsed; it is gone now."""
        gone = sum(points for expiry, points in self.lots if at_ms >= expiry * 1000)
        self.lots = [lot for lot in self.lots if at_ms < lot[0] * 1000]
        self.expired += gone
        return gone > 0

    def take(self, points: int, at_ms: int, only: Sequence[int] | None = None) -> Parts:
        """As many of so many points as there are, soonest to lapse first; where from."""
        taken: Parts = []
        for lot in sorted(self.lots):
            if points and at_ms < lot[0] * 1000 and (only is None or lot[0] in only):
                part = min(points, lot[1])
                self.lots.remove(lot)
                if lot[1] > part:
                    self.lots.append([lot[0], lot[1] - part])
                taken.append((lot[0], part))
                points -= part
        return taken

    def give(self, parts: Parts, at_ms: int) -> None:
        """Points into their lots, once what of them is live has paid the debt."""
        for expiry, points in sorted(parts):
            paid = min(self.debt, points) if at_ms < expiry * 1000 else 0
            self.debt -= paid
            if points > paid:
                self.lots.append([expiry, points - paid])
        self._join(at_ms)

    def _join(self, at_ms: int) -> None:
        while len(times := self.live_times(at_ms)) > MOST_LOTS:
            _, sooner, later = min(
                (after - before, before, after) for before, after in pairwise(times)
            )
            for lot in self.lots:
                if lot[0] == sooner:
                    lot[0] = later
