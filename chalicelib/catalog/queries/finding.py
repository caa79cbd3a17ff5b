"""Finds goods in the index: by words, filters and order, with counts, and such as are alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Literal, NamedTuple

import msgspec

from chalicelib.catalog.queries.index import Index, shown_in
from chalicelib.catalog.rules.cards import Card, Counted, Facets, best_together
from chalicelib.catalog.rules.categories import ancestors, descendants
from chalicelib.catalog.rules.products import Kind, Localized
from chalicelib.catalog.rules.words import Word, read_query, runs_in
from chalicelib.catalog.tables.segments import Key, Segment

Sort = Literal["newest", "points", "-points", "popular"]
Ranking = Literal["newest", "points", "-points", "popular", "relevance"]
# Each ranking: the order of a segment, and whether its highest comes first.
_ORDERS: dict[Ranking, tuple[str, bool]] = {
    "newest": ("newest", True),
    "points": ("points", False),
    "-points": ("points", True),
    "popular": ("popular", True),
    "relevance": ("popular", True),
}
_AFTER_ANY_ID = "~"
# Points this far from a product's own, in hundredths, are much the same.
_NEAR = (70, 140)
MOST_COUNTED = 50
MOST_SCENES = 100


class GoodsAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Filters and order of the public list; a cursor is bound to those that are set."""

    q: str | None = None
    category: str | None = None
    brand: str | None = None
    scene: str | None = None
    kind: Kind | None = None
    min_points: int | None = None
    max_points: int | None = None
    affordable: bool = False
    sort: Ranking = "newest"


class IndexPlace(NamedTuple):
    """Where a product stands in a list: its tier of relevance, and its key in the order."""

    tier: int
    key: Key


class Finder:
    """One list of the index: what is asked, with the points that the caller has."""

    def __init__(self, index: Index, asked: GoodsAsked, points: int | None, now: datetime) -> None:
        """Raises QueryTooLong, QueryHasNoWords."""
        self._delta, self._asked, self._points = index.delta, asked, points
        self._parts, self._names = shown_in(index, now), index.names
        self._words = read_query(asked.q) if asked.q is not None else []
        self._tiers = {id(segment): self._matching(segment) for segment, _ in self._parts}

    def page(self, after: IndexPlace | None, count: int) -> list[tuple[IndexPlace, str]]:
        """The next products, each with its place."""
        order, highest = _ORDERS[self._asked.sort]
        found: list[tuple[IndexPlace, str]] = []
        for tier in range(after.tier if after else 0, self._tier_count):
            beyond = after.key if after and after.tier == tier else None
            cards: list[tuple[Key, Card]] = []
            for segment, shown in self._parts:
                bits = self._filtered(segment, shown) & self._tier(segment, tier)
                if beyond is not None and bits:
                    bits &= _beyond(segment, order, beyond, highest)
                if bits:
                    cards += segment.first(order, bits, count - len(found), highest=highest)
            cards.sort(key=lambda each: each[0], reverse=highest)
            found += [(IndexPlace(tier, key), card.id) for key, card in cards[: count - len(found)]]
            if len(found) == count:
                break
        return found

    def facets(self) -> Facets:
        """Counts by category (with all below it), brand and kind, each without its own filter."""
        categories = self._counts("category")
        parents = {each.id: each.parent for each in self._delta.categories}
        titles = {each.id: each.title for each in self._delta.categories}
        sums: dict[str, int] = {}
        for own, count in categories.items():
            for above in ancestors(own, parents):
                sums[above] = sums.get(above, 0) + count
        brand_titles = {each.id: each.title for each in self._delta.brands}
        brands = {id_: n for id_, n in self._counts("brand").items() if id_}
        return Facets(
            _ranked(sums, titles),
            _ranked(brands, brand_titles),
            _ranked(self._counts("kind"), {}),
            _ranked(self._scenes(), {}),
        )

    @property
    def _tier_count(self) -> int:
        return 3 if self._asked.sort == "relevance" and self._words else 1

    def _counts(self, column: str) -> dict[str, int]:
        sums: dict[str, int] = {}
        for segment, shown in self._parts:
            bits = self._matched(segment, shown, but=column)
            for value, count in segment.counts(column, bits).items():
                sums[value] = sums.get(value, 0) + count
        return sums

    def _scenes(self) -> dict[str, int]:
        sums: dict[str, int] = {}
        for segment, shown in self._parts:
            bits = self._matched(segment, shown, but="scene")
            for scene in segment.scenes[:MOST_SCENES]:
                if count := (bits & segment.having(f"s:{scene}")).bit_count():
                    sums[scene] = sums.get(scene, 0) + count
        return sums

    def _matched(self, segment: Segment, shown: int, *, but: str) -> int:
        """What fits the words and each filter but one."""
        bits = self._filtered(segment, shown, but=but)
        return bits & reduce(or_, self._tiers[id(segment)]) if self._words else bits

    def _tier(self, segment: Segment, tier: int) -> int:
        """What matches in one tier and in none above it; everything, where no words are asked."""
        if not self._words:
            return segment.everything
        tiers = self._tiers[id(segment)]
        if self._tier_count == 1:
            return tiers[-1]
        return tiers[tier] & ~tiers[tier - 1] if tier else tiers[0]

    def _matching(self, segment: Segment) -> list[int]:
        """What has all words in its titles; there or in the names of its category, brand and
        scenes; there or as initials of pinyin."""
        titles = [_in_titles(segment, word) for word in self._words]
        names = [self._in_names(segment, word) for word in self._words]
        pinyin = [_as_initials(segment, word) for word in self._words]
        every = segment.everything
        return [
            reduce(and_, titles, every),
            reduce(and_, map(or_, titles, names), every),
            reduce(and_, map(or_, map(or_, titles, names), pinyin), every),
        ]

    def _in_names(self, segment: Segment, word: Word) -> int:
        sets = [
            *(name for text, name in self._names if word.named in text),
            *(f"s:{each}" for each in segment.scenes if word.named in runs_in(Localized(each, ""))),
        ]
        return reduce(or_, map(segment.having, sets), 0)

    def _filtered(self, segment: Segment, shown: int, *, but: str | None = None) -> int:
        """What is on sale and fits each filter but one."""
        asked, bits = self._asked, shown
        if asked.category and but != "category":
            below = descendants(asked.category, self._delta.categories)
            bits &= reduce(or_, (segment.having(f"c:{each}") for each in below), 0)
        for name, value in (("brand", asked.brand), ("scene", asked.scene), ("kind", asked.kind)):
            if value and name != but:
                bits &= segment.having(f"{name[0]}:{value}")
        if asked.min_points:
            bits &= ~segment.below("points", (asked.min_points, ""))
        if asked.max_points is not None:
            bits &= segment.below("points", (asked.max_points, _AFTER_ANY_ID))
        if asked.affordable:
            bits &= segment.below("least", (self._points or 0, _AFTER_ANY_ID))
        return bits


def alike(index: Index, product_id: str, count: int, now: datetime) -> list[str]:
    """Products that are bought with one or are like it, the closest first; none for a product that
    the index does not know.
    """
    parts = shown_in(index, now)
    card = find_card(index, product_id)
    if card is None:
        return []
    found = [each for each in _together(index, product_id) if each != product_id]
    known = set(found) | {product_id}
    for tier in _likenesses(card):
        if len(found) >= count:
            break
        cards: list[tuple[Key, Card]] = []
        for segment, shown in parts:
            if bits := shown & tier(segment):
                cards += segment.first("popular", bits, count + len(known), highest=True)
        cards.sort(key=lambda each: each[0], reverse=True)
        fresh = [each.id for _, each in cards if each.id not in known]
        known.update(fresh)
        found += fresh
    return found[:count]


def find_card(index: Index, product_id: str) -> Card | None:
    """What the index knows of a product; None if nothing."""
    for part in index.parts:
        number = part.segment.number_of(product_id)
        if number is not None and part.valid >> number & 1:
            return part.segment.card(number)
    return None


def _together(index: Index, product_id: str) -> Iterable[str]:
    counts = dict(index.delta.together.get(product_id, {}))
    stored = index.parts[0].segment.note(f"with:{product_id}")
    if stored:
        for other, count in msgspec.msgpack.decode(stored, type=dict[str, int]).items():
            counts[other] = counts.get(other, 0) + count
    return best_together(counts)


def _likenesses(card: Card) -> Iterator[Callable[[Segment], int]]:
    """What goods of each tier have in common with one."""
    least, most = (card.points * each // 100 for each in _NEAR)

    def near(segment: Segment) -> int:
        above = segment.below("points", (most, _AFTER_ANY_ID))
        return above & ~segment.below("points", (least, ""))

    def of(*names: str) -> Callable[[Segment], int]:
        return lambda segment: reduce(or_, map(segment.having, names), 0)

    category, scene = of(f"c:{card.category}"), of(*(f"s:{each}" for each in card.scene))
    brand = of(f"b:{card.brand}") if card.brand else of()
    yield lambda segment: category(segment) & brand(segment)
    yield lambda segment: category(segment) & near(segment)
    yield lambda segment: scene(segment) & near(segment)
    yield brand
    yield category
    yield scene
    yield lambda segment: near(segment) & segment.having(f"k:{card.kind}")


def _beyond(segment: Segment, order: str, key: Key, highest: bool) -> int:
    if highest:
        return segment.below(order, key)
    return ~segment.below(order, (*key[:-1], str(key[-1]) + _AFTER_ANY_ID))


def _in_titles(segment: Segment, word: Word) -> int:
    if word.prefix is not None:
        return segment.having_any(f"t:{word.prefix}")
    return reduce(and_, (segment.having(f"t:{term}") for term in word.terms))


def _as_initials(segment: Segment, word: Word) -> int:
    sets = [segment.having(f"p:{pair}") for pair in word.initials]
    return reduce(and_, sets) if sets else 0


def _ranked(counts: dict[str, int], titles: dict[str, Localized]) -> list[Counted]:
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST_COUNTED]
    return [Counted(id_, titles.get(id_), count) for id_, count in ranked]
