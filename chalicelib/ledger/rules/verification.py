"""Results of a verification added up over many accounts, and the check of transfers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from chalicelib.ledger.rules.accounts import TRANSFERS, Entry
from chalicelib.ledger.rules.replay import Problem

MOST_PROBLEMS = 100
LONGEST_DETAIL = 200
UNREADABLE, MISPLACED = "unreadable", "misplaced"


class Tally(msgspec.Struct):
    """Counts of accounts and entries checked, and their problems.

    `found` counts all problems, `problems` keeps the first MOST_PROBLEMS. `in_transfers` sums by
    unit the points that entries recorded up to `until_ms` took out of transfers.
    """

    until_ms: int
    accounts: int = 0
    entries: int = 0
    found: int = 0
    problems: list[Problem] = msgspec.field(default_factory=list)
    in_transfers: dict[str, int] = msgspec.field(default_factory=dict)

    def add(self, unit: str, entries: Sequence[Entry], problems: Sequence[Problem]) -> None:
        """Count one account."""
        self.accounts += 1
        self.entries += len(entries)
        self.report(problems)
        out = sum(
            entry.effect.from_outside
            for entry in entries
            if entry.effect.contra == TRANSFERS and entry.recorded_at_ms <= self.until_ms
        )
        if out:
            self.in_transfers[unit] = self.in_transfers.get(unit, 0) + out

    def report(self, problems: Sequence[Problem]) -> None:
        self.found += len(problems)
        room = MOST_PROBLEMS - len(self.problems)
        self.problems += [
            problem._replace(detail=problem.detail[:LONGEST_DETAIL]) for problem in problems[:room]
        ]

    def merge(self, other: Tally) -> None:
        """Add the results of another part of the same verification."""
        self.accounts += other.accounts
        self.entries += other.entries
        room = MOST_PROBLEMS - len(self.problems)
        self.found += other.found
        self.problems += other.problems[:room]
        for unit, points in other.in_transfers.items():
            self.in_transfers[unit] = self.in_transfers.get(unit, 0) + points


def check_transfers(
    in_transfers: Mapping[str, int], in_escrow: Mapping[str, int]
) -> Iterator[Problem]:
    """A problem for each unit whose transfers and escrows do not agree."""
    total = Counter(in_transfers)
    total.update(in_escrow)
    for unit, points in sorted(total.items()):
        if points:
            detail = f"{-in_transfers.get(unit, 0)} left, {in_escrow.get(unit, 0)} lie in escrow"
            yield Problem(f"program:{unit}:transfers", None, "escrow", detail)
