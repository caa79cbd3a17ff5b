"""Reads of brands. One query reads all: they are few."""

from __future__ import annotations

from chalicelib.catalog.rules.brands import Brand
from chalicelib.catalog.rules.cards import Named
from chalicelib.catalog.tables.brands import BRANDS, BrandItem
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import or_not_found


def find_brand_item(brand_id: str) -> BrandItem:
    """The stored item of a brand.

    Raises NotFound.
    """
    item: BrandItem = or_not_found(BrandItem.find(BRANDS, brand_id))
    return item


def named() -> list[Named]:
    """Every brand by its name, as it is now."""
    found = (item.brand for item in BrandItem.query(BRANDS, consistent_read=True))
    return [Named(each.id, each.title) for each in found]


def list_brands(page: PageQuery) -> Page[Brand]:
    """A page of the brands by position.

    Raises InvalidCursor.
    """
    everything = (item.brand for item in BrandItem.query(BRANDS))
    return cursors.part("brands", page, everything, lambda brand: (brand.position, brand.id))
