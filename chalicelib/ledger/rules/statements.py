"""Statements: the changes of a balance in a month by type of entry, as recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from chalicelib.ledger.rules.accounts import Entry


class TypeLine(NamedTuple):
    """All entries of one type: their number, and their total change of available."""

    type: str
    entries: int
    points: int


class Statement(msgspec.Struct, frozen=True):
    """`opening` and the points of all lines make `closing`."""

    opening: int
    closing: int
    lines: tuple[TypeLine, ...]


def statement(opening: int, entries: Iterable[Entry]) -> Statement:
    """The statement of a span's entries; lines by name of type."""
    lines: dict[str, TypeLine] = {}
    closing = opening
    for entry in entries:
        before = lines.get(entry.type, TypeLine(entry.type, 0, 0))
        lines[entry.type] = TypeLine(entry.type, before.entries + 1, before.points + entry.points)
        closing += entry.points
    return Statement(opening, closing, tuple(line for _, line in sorted(lines.items())))
