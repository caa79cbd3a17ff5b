"""Where goods stand: category and brand, which prices and campaigns ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.catalog.queries import tree
from chalicelib.catalog.queries.products import find_products
from chalicelib.catalog.rules.categories import ancestors
from chalicelib.kernel.recall import Recall

_KNOWN: Recall[str, tuple[str, str | None]] = Recall(60, 10_000)


class Shelved(NamedTuple):
    """A product's category with all above it, the nearest first, and its brand."""

    categories: tuple[str, ...]
    brand: str | None


def shelved_of(product_ids: Iterable[str]) -> dict[str, Shelved]:
    """Where each product stands, as of a minute ago at most: most calls read nothing."""
    wanted = dict.fromkeys(product_ids)
    unknown = [each for each in wanted if _KNOWN.get(each) is None]
    for product in find_products(unknown).values() if unknown else ():
        _KNOWN.keep(product.id, (product.category, product.brand))
    parents = {each.id: each.parent for each in tree.categories()}
    found = {each: kept for each in wanted if (kept := _KNOWN.get(each))}
    return {
        each: Shelved(tuple(ancestors(category, parents)), brand)
        for each, (category, brand) in found.items()
    }
