"""A segment of the index of goods: an SQLite file that is written once and then only read.

sets    name, docs     what has a term, a category, ...: `t:保温`, `p:bw`, `c:home`, `b:acme`
cards   n, id, body    a product; `n` is its place by age
notes   name, body     orders by rank, columns, windows, the delta itself

A set is read when it is needed, as it stands; nothing is parsed to open a segment.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.catalog.rules import sets
from chalicelib.catalog.rules.cards import Card
from chalicelib.catalog.rules.words import initials_of, terms_of

_MAP_BYTES = 256 << 20
_MOST_ENDINGS = 64
_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192;
CREATE TABLE sets (name TEXT PRIMARY KEY, docs BLOB) WITHOUT ROWID;
CREATE TABLE cards (n INTEGER PRIMARY KEY, id TEXT UNIQUE, body BLOB);
CREATE TABLE notes (name TEXT PRIMARY KEY, body BLOB);
"""
Key = tuple[int | str, ...]
_decode_card = msgspec.json.Decoder(Card).decode

# Each order of the goods: the key by which they are ranked, the lowest first.
ORDERS: dict[str, Callable[[Card], Key]] = {
    "points": lambda card: (card.points, card.id),
    "least": lambda card: (card.least_points, card.id),
    "popular": lambda card: (card.popularity, card.created_ms, card.id),
    "newest": lambda card: (card.created_ms, card.id),
}
# Each column: the value that goods are counted by.
COLUMNS: dict[str, Callable[[Card], str]] = {
    "category": lambda card: card.category,
    "brand": lambda card: card.brand or "",
    "kind": lambda card: card.kind,
}


def write(
    path: Path,
    cards: Iterable[Card],
    notes: dict[str, bytes],
    tell: Callable[[int], None] = lambda _: None,
) -> int:
    """Write a segment of these goods; how many they are. `tell` hears of each that is read."""
    ordered = sorted(cards, key=ORDERS["newest"])
    size = len(ordered)
    found: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for n, card in enumerate(ordered):
        for name in _names(card):
            found[name].append(n)
        tell(n)
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as file:
        file.executescript(_SCHEMA)
        stored = ((name, sets.packed(found[name], size)) for name in sorted(found))
        file.executemany("INSERT INTO sets VALUES (?, ?)", stored)
        bodies = ((n, card.id, msgspec.json.encode(card)) for n, card in enumerate(ordered))
        file.executemany("INSERT INTO cards VALUES (?, ?, ?)", bodies)
        made = {**dict(_orders(ordered)), **dict(_columns(ordered)), **notes}
        made["size"] = str(size).encode()
        file.executemany("INSERT INTO notes VALUES (?, ?)", made.items())
        file.commit()
    file.close()
    return size


def _names(card: Card) -> set[str]:
    titles = card.title_zh, card.title_en
    names = {f"t:{term}" for title in titles for term in terms_of(title)}
    names |= {f"p:{pair}" for pair in initials_of(card.title_zh)}
    names |= {f"c:{card.category}", f"k:{card.kind}"}
    names |= {f"s:{each}" for each in card.scene}
    if card.brand:
        names.add(f"b:{card.brand}")
    return names


def _orders(ordered: Sequence[Card]) -> Iterator[tuple[str, bytes]]:
    size = len(ordered)
    for name, key in ORDERS.items():
        ranked = sorted(range(size), key=lambda n: key(ordered[n]))
        yield f"order:{name}", sets.words_to_bytes(array("I", ranked))
        yield f"slices:{name}", msgspec.msgpack.encode(sets.slices_of(ranked, size))
    windows = [
        (n, card.from_ms, card.until_ms)
        for n, card in enumerate(ordered)
        if card.from_ms is not None or card.until_ms is not None
    ]
    yield "windows", msgspec.msgpack.encode(windows)


def _columns(ordered: Sequence[Card]) -> Iterator[tuple[str, bytes]]:
    for name, value in COLUMNS.items():
        values = sorted({value(card) for card in ordered})
        numbers = {each: number for number, each in enumerate(values)}
        column = array("I", [numbers[value(card)] for card in ordered])
        yield f"values:{name}", msgspec.msgpack.encode(values)
        yield f"column:{name}", sets.words_to_bytes(column)


class Segment:
    """A segment, open for reading."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = sqlite3.connect(f"file:{path}?immutable=1", uri=True, check_same_thread=False)
        self._file.execute(f"PRAGMA mmap_size={_MAP_BYTES}")
        self.size = int(self.note("size") or 0)
        self.everything = (1 << self.size) - 1
        self._kept: dict[str, Any] = {}
        self._counted: tuple[int, list[int]] | None = None

    def close(self) -> None:
        self._file.close()

    def note(self, name: str) -> bytes | None:
        row = self._file.execute("SELECT body FROM notes WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def notes(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """The notes whose names begin so."""
        asked = "SELECT name, body FROM notes WHERE name >= ? AND name < ?"
        yield from self._file.execute(asked, (prefix, prefix + chr(0x10FFFF)))

    def having(self, name: str) -> int:
        """The goods that have a term, a category, ..."""
        row = self._file.execute("SELECT docs FROM sets WHERE name = ?", (name,)).fetchone()
        return sets.unpacked(row[0], self.size) if row else 0

    def having_any(self, prefix: str) -> int:
        """The goods that have a term which begins so, of the first such terms."""
        found = 0
        asked = "SELECT docs FROM sets WHERE name >= ? AND name < ? LIMIT ?"
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        for (docs,) in self._file.execute(asked, (prefix, end, _MOST_ENDINGS)):
            found |= sets.unpacked(docs, self.size)
        return found

    @cached_property
    def scenes(self) -> list[str]:
        names = self._file.execute("SELECT name FROM sets WHERE name >= 's:' AND name < 's;'")
        return [name.partition(":")[2] for (name,) in names]

    @cached_property
    def windows(self) -> list[tuple[int, int | None, int | None]]:
        """The goods that are on sale for a time: (n, from, until) in epoch milliseconds."""
        kind = list[tuple[int, int | None, int | None]]
        return msgspec.msgpack.decode(self.note("windows") or b"\x90", type=kind)

    def number_of(self, product_id: str) -> int | None:
        row = self._file.execute("SELECT n FROM cards WHERE id = ?", (product_id,)).fetchone()
        return row[0] if row else None

    def card(self, number: int) -> Card:
        (body,) = self._file.execute("SELECT body FROM cards WHERE n = ?", (number,)).fetchone()
        return _decode_card(body)

    def below(self, order: str, key: Key) -> int:
        """The goods whose key in an order is below this one."""
        ranked, key_of = self._order(order), ORDERS[order]
        rank = bisect_left(range(self.size), key, key=lambda each: key_of(self.card(ranked[each])))
        return sets.below(self._slices(order), self.everything, rank)

    def first(self, order: str, among: int, count: int, *, highest: bool) -> list[tuple[Key, Card]]:
        """The first goods of a set in an order, with their keys."""
        bits = sets.lowest(self._slices(order), among, count, highest=highest)
        key_of, found = ORDERS[order], []
        while bits:
            number = bits.bit_length() - 1
            bits ^= 1 << number
            card = self.card(number)
            found.append((key_of(card), card))
        return sorted(found, reverse=highest)

    def counts(self, column: str, among: int) -> dict[str, int]:
        """How many goods of a set have each value of a column."""
        if among.bit_count() * 2 <= self.size:
            return self._count(column, among)
        # The goods that are not in the set are fewer, and sooner counted.
        everything = self._keep(f"counts:{column}", lambda: self._count(column, self.everything))
        others = self._count(column, self.everything & ~among)
        left = {value: count - others.get(value, 0) for value, count in everything.items()}
        return {value: count for value, count in left.items() if count}

    def _count(self, column: str, among: int) -> dict[str, int]:
        if not among:
            return {}
        values: list[str] = self._keep(f"values:{column}", lambda: self._values(column))
        numbers = self._keep(
            f"column:{column}", lambda: sets.words_from_bytes(self.note(f"column:{column}") or b"")
        )
        members = self._members(among)
        counted = Counter(map(numbers.__getitem__, members))
        return {values[number]: count for number, count in counted.items()}

    def _members(self, among: int) -> list[int]:
        """The goods of a set; the columns of one list are mostly asked for the same set."""
        if self._counted is None or self._counted[0] != among:
            self._counted = among, list(sets.members_of(among, self.size))
        return self._counted[1]

    def _values(self, column: str) -> list[str]:
        return msgspec.msgpack.decode(self.note(f"values:{column}") or b"\x90", type=list[str])

    def _order(self, name: str) -> array[int]:
        made: array[int] = self._keep(
            f"order:{name}", lambda: sets.words_from_bytes(self.note(f"order:{name}") or b"")
        )
        return made

    def _slices(self, name: str) -> list[int]:
        def read() -> list[int]:
            stored = msgspec.msgpack.decode(
                self.note(f"slices:{name}") or b"\x90", type=list[bytes]
            )
            return [sets.unpacked(each, self.size) for each in stored]

        made: list[int] = self._keep(f"slices:{name}", read)
        return made

    def _keep(self, name: str, read: Callable[[], Any]) -> Any:
        if name not in self._kept:
            self._kept[name] = read()
        return self._kept[name]
