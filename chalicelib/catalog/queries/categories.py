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
    return cursors.part("categories", page, all_categories(), lambda each: (each.position, each.id))
