"""The floor: the fewest write units that DynamoDB's prices allow for the necessary writes.

An item under 1 KB is one unit, two in a transaction; its entry in an index is one more. An entry
must be found by its reference, by its time, and by its day if it moves points in or out of the
program. What comes, goes or moves in sparse indexes is counted apart, here as there.
"""

from __future__ import annotations

from typing import NamedTuple


class Floor(NamedTuple):
    """The least that must be written: (in words, units) of each part."""

    parts: tuple[tuple[str, int], ...]

    @property
    def units(self) -> int:
        return sum(units for _, units in self.parts)

    def __str__(self) -> str:
        if not self.parts:
            return "nothing"
        return " + ".join(f"{words} {units}" for words, units in self.parts) + f" = {self.units}"

    def __add__(self, other: object) -> Floor:
        return Floor(self.parts + other.parts) if isinstance(other, Floor) else NotImplemented


NOTHING = Floor(())


def together(
    *others: str, entries: int = 0, moving: int = 0, accounts: int = 0, indexed: int = 0
) -> Floor:
    """One transaction: so many entries (`moving` of them in or out of the program), accounts and
    other items; `indexed` are the other items' entries in indexes that are not sparse."""
    counted = [
        (_count(entries, "an entry", "{} entries"), 2 * entries),
        (_count(entries, "its history", "their history"), entries),
        (_count(moving, "its day", "their days"), moving),
        (_count(accounts, "its account", "{} accounts"), 2 * accounts),
        *((other, 2) for other in others),
        ("indexes of those", indexed),
    ]
    return Floor(tuple((words, units) for words, units in counted if units))


def alone(*items: str) -> Floor:
    """Items that are written outside a transaction."""
    return Floor(tuple((f"{item}, alone", 1) for item in items))


def _count(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.format(number)
