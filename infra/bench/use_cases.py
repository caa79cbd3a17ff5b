"""The units of each use case, beside the promise and the least that prices allow."""

from __future__ import annotations

from typing import NamedTuple

from infra.bench.floors import Floor
from infra.bench.write_units import Spent


class UseCase(NamedTuple):
    """The units of one use case, and its promised limit (None: no promise).

    `floor` is the least that it must write (None: nobody has worked that out).
    """

    name: str
    spent: Spent
    most_writes: int | None = None
    most_reads: float | None = None
    floor: Floor | None = None
    most_requests: int | None = None

    @property
    def holds(self) -> bool | None:
        """Whether it keeps its promise; None without one."""
        measured = (self.spent.write_units, self.spent.read_units, len(self.spent.requests))
        promised = (self.most_writes, self.most_reads, self.most_requests)
        kept = [
            spent <= most
            for spent, most in zip(measured, promised, strict=True)
            if most is not None
        ]
        return all(kept) if kept else None

    @property
    def largest(self) -> int:
        """Bytes of the largest item or index entry that it wrote."""
        return max((line.size for line in self.spent.lines), default=0)


def added(name: str, cases: list[UseCase], most_writes: int) -> UseCase:
    """Several use cases of one story as one."""
    spent, floor = Spent(), Floor(())
    for case in cases:
        spent.lines += case.spent.lines
        spent.read_units += case.spent.read_units
        spent.requests += case.spent.requests
        floor = Floor(floor.parts + (case.floor.parts if case.floor else ()))
    return UseCase(name, spent, most_writes, floor=floor)


def verdict(holds: bool | None) -> str:
    """Whether a target was met, in a table; empty without one."""
    return "" if holds is None else "yes" if holds else "NO"
