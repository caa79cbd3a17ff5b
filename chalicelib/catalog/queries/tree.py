"""The tree of categories, which each process reads again after half a minute."""

from __future__ import annotations

from chalicelib.catalog.queries.categories import all_categories
from chalicelib.catalog.rules.cards import Named
from chalicelib.catalog.rules.categories import descendants
from chalicelib.kernel.recall import Recall

_KEPT_S, _TREE = 30, "tree"
_kept = Recall[str, list[Named]](_KEPT_S, 1)


def categories() -> list[Named]:
    """Every category, as of half a minute ago at most: one query, as they are few."""
    found = _kept.get(_TREE)
    if found is None:
        found = read()
        _kept.keep(_TREE, found)
    return found


def below(category: str) -> list[str]:
    """A category and all below it."""
    return descendants(category, categories())


def read() -> list[Named]:
    """Every category as it is now."""
    found = all_categories(consistent=True)
    return [Named(each.id, each.title, each.parent) for each in found]


def forget() -> None:
    """Read again at the next call: this process has changed the tree."""
    _kept.clear()
