"""Names of goods, categories and brands by their ids, as of a minute ago at most."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from chalicelib.catalog.queries import brands, tree
from chalicelib.catalog.queries.offers import find_offers
from chalicelib.catalog.rules.products import Localized
from chalicelib.kernel.recall import Recall

NameKind = Literal["category", "brand", "sku"]
_KEPT_S, _MOST, _BRANDS = 60, 5_000, "brands"
_brands = Recall[str, dict[str, Localized]](_KEPT_S, 1)
_skus = Recall[str, Localized](_KEPT_S, _MOST)


def names_of(kind: NameKind, ids: Collection[str]) -> dict[str, Localized]:
    """The names of those that there are, by their ids; nothing is read for none."""
    if not ids:
        return {}
    if kind == "sku":
        return _goods(ids)
    known = _named(ids) if kind == "brand" else _titles(ids)
    return {each: known[each] for each in ids if each in known}


def _titles(ids: Collection[str]) -> dict[str, Localized]:
    """The names of all categories, read again for one that is new."""
    found = {each.id: each.title for each in tree.categories()}
    if found.keys() >= set(ids):
        return found
    tree.forget()
    return {each.id: each.title for each in tree.categories()}


def _named(ids: Collection[str]) -> dict[str, Localized]:
    """The names of all brands, read again for one that is new."""
    found = _brands.get(_BRANDS)
    if found is None or not found.keys() >= set(ids):
        found = {each.id: each.title for each in brands.named()}
        _brands.keep(_BRANDS, found)
    return found


def _goods(skus: Collection[str]) -> dict[str, Localized]:
    """A SKU is named by its product."""
    unknown = sorted(each for each in skus if _skus.get(each) is None)
    for sku, offer in find_offers(unknown, consistent=False).items() if unknown else ():
        _skus.keep(sku, offer.title)
    found = {each: _skus.get(each) for each in skus}
    return {each: title for each, title in found.items() if title is not None}
