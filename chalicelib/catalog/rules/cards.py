"""What the index of goods knows of a product, and the changes since it was built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from chalicelib.catalog.rules.products import Localized, Product, window_ms
from chalicelib.kernel import clock

# A sale counts a thousand at first, and half as much after this many days.
SALE, HALF_LIFE_DAYS = 1000, 30
_MOST_TOGETHER = 20


class Card(msgspec.Struct, frozen=True, array_like=True):
    """A product on sale as the index has it; `popularity` is the sum of its sales, later ones
    counting more.
    """

    id: str
    version: int
    title_zh: str
    title_en: str
    kind: str
    category: str
    brand: str | None
    scene: list[str]
    points: int
    least_points: int
    from_ms: int | None
    until_ms: int | None
    created_ms: int
    popularity: int = 0


class Changed(msgspec.Struct, frozen=True, array_like=True):
    """A product that changed after the index was built; `card` is None if it is not on sale."""

    version: int
    at_ms: int
    card: Card | None


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A category or a brand; `parent` is the category above."""

    id: str
    title: Localized
    parent: str | None = None


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """The large part of an index, which is built whole: where it is, of when, how many goods."""

    key: str
    built_ms: int
    count: int


class Delta(msgspec.Struct, frozen=True, kw_only=True):
    """The small part of an index: its base, and all that came after it.

    `sold` are the units of each product, `together` the orders that had both products, since the
    base; names of categories and brands are all here, so that a new name costs no new base.
    """

    base: Base | None = None
    changed: dict[str, Changed] = {}
    sold: dict[str, int] = {}
    together: dict[str, dict[str, int]] = {}
    categories: list[Named] = []
    brands: list[Named] = []


class Counted(msgspec.Struct, frozen=True):
    """How many goods there are of a category, a brand or a kind; `title` is None for a kind."""

    id: str
    title: Localized | None
    count: int


class Facets(NamedTuple):
    categories: list[Counted]
    brands: list[Counted]
    kinds: list[Counted]
    scenes: list[Counted]


def card_of(product: Product, popularity: int = 0) -> Card:
    from_ms, until_ms = window_ms(product)
    return Card(
        product.id,
        product.version,
        product.title.zh,
        product.title.en,
        product.kind,
        product.category,
        product.brand,
        list(product.scene),
        product.price.points,
        product.price.least_points,
        from_ms,
        until_ms,
        clock.to_ms(product.created_at),
        popularity,
    )


def with_changes(delta: Delta, changes: Iterable[tuple[str, Changed]]) -> Delta:
    """The delta with later versions of products; an earlier one changes nothing."""
    changed = dict(delta.changed)
    for product_id, change in changes:
        seen = changed.get(product_id)
        if seen is None or seen.version <= change.version:
            changed[product_id] = change
    return msgspec.structs.replace(delta, changed=changed)


def with_sales(delta: Delta, orders: Iterable[dict[str, int]]) -> Delta:
    """The delta with more orders: units of each product."""
    sold, together = dict(delta.sold), {id_: dict(of) for id_, of in delta.together.items()}
    for units in orders:
        for product_id, count in units.items():
            sold[product_id] = sold.get(product_id, 0) + count
            others = together.setdefault(product_id, {}) if len(units) > 1 else {}
            for other in units.keys() - {product_id}:
                others[other] = others.get(other, 0) + 1
    return msgspec.structs.replace(delta, sold=sold, together=together)


def since(delta: Delta, begun: Delta, base: Base, begun_ms: int) -> Delta:
    """What stays of a delta on a new base, whose building began at `begun_ms` with `begun`."""
    return msgspec.structs.replace(
        delta,
        base=base,
        changed={id_: each for id_, each in delta.changed.items() if each.at_ms >= begun_ms},
        sold=_more(delta.sold, begun.sold),
        together={
            id_: left
            for id_, others in delta.together.items()
            if (left := _more(others, begun.together.get(id_, {})))
        },
    )


def _more(counts: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {id_: more for id_, n in counts.items() if (more := n - before.get(id_, 0)) > 0}


def faded(popularity: int, days: int) -> int:
    """A popularity after so many days."""
    halvings, rest = divmod(max(days, 0), HALF_LIFE_DAYS)
    left = popularity >> halvings
    return left - left * rest // (2 * HALF_LIFE_DAYS)


def best_together(counts: dict[str, int]) -> dict[str, int]:
    """The products that were bought together most often, the first first."""
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return dict(ranked[:_MOST_TOGETHER])
