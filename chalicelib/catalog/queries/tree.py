"""The tree of categories, which each process reads again after half a minute."""

from __future__ import annotations

import time
from typing import Any

from chalicelib.catalog.queries.categories import all_categories
from chalicelib.catalog.rules.cards import Named
from chalicelib.catalog.rules.categories import descendants

_KEPT_S = 30


class _Kept:
    categories: list[Named] | None = None
    until_s: Any = 0


def categories() -> list[Named]:
    """Every category, as of half a minute ago at most: one query, as they are few."""
    if _Kept.categories is None or time.monotonic() >= _Kept.until_s:
        _Kept.categories, _Kept.until_s = read(), time.monotonic() + _KEPT_S
    return _Kept.categories


def below(category: str) -> list[str]:
    """A category and all below it."""
    return descendants(category, categories())


def read() -> list[Named]:
    """Every category as it is now."""
    found = all_categories(consistent=True)
    return [Named(each.id, each.title, each.parent) for each in found]


def forget() -> None:
    """Read again at the next call: this process has changed the tree."""
    _Kept.categories = None
