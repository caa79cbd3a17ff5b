"""All products and all SKUs one after the other, for reports that nobody waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from chalicelib.catalog.queries.products import list_all
from chalicelib.catalog.queries.skus import SkusAsked, list_skus
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.products import Listed
from chalicelib.kernel.cursors import Page, PageQuery

T = TypeVar("T")


def each_listed() -> Iterator[Listed]:
    """All products as the staff lists them, newest first."""
    return _each(lambda page: list_all(None, page))


def each_offer() -> Iterator[Offer]:
    """All SKUs with their terms and stock."""
    return _each(lambda page: list_skus(SkusAsked(None, None, None), page))


def _each(read: Callable[[PageQuery], Page[T]]) -> Iterator[T]:
    cursor: str | None = None
    while True:
        found = read(PageQuery(limit=100, cursor=cursor))
        yield from found.data
        cursor = found.next_cursor
        if cursor is None:
            return
