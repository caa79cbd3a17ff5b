"""The item that guards the tree of categories.

CATEGORY-TREE   TREE             how often the tree was changed
"""

from __future__ import annotations

from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.store.attributes import IntegerAttribute


class TreeItem(CatalogItem):
    """Two moves at once could make a circle: each names the number of moves that it has seen."""

    moves = IntegerAttribute()

    @classmethod
    def key(cls) -> TreeItem:
        return cls("CATEGORY-TREE", "TREE")

    @classmethod
    def seen(cls) -> int:
        item = cls.find("CATEGORY-TREE", "TREE")
        return item.moves if item else 0
