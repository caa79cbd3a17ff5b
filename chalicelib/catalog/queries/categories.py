"""Reads of categories. One query reads all: they are few."""

from __future__ import annotations

from chalicelib.catalog.rules.products import Category
from chalicelib.catalog.tables.items import CategoryItem
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery


def all_categories(*, consistent: bool = False) -> list[Category]:
    """Every category."""
    found = CategoryItem.query("CATEGORIES", consistent_read=consistent)
    return [item.category for item in found]


def list_categories(page: PageQuery) -> Page[Category]:
    """A page of the categories by position.

    Raises InvalidCursor.
    """
    after = tuple(cursors.decode("categories", page.cursor) or (-1, ""))
    left = sorted((category.position, category.id, category) for category in all_categories())
    left = [entry for entry in left if entry[:2] > after]
    shown = left[: page.limit]
    more = len(left) > page.limit
    cursor = cursors.encode("categories", shown[-1][:2]) if more else None
    return Page([category for _, _, category in shown], cursor)
