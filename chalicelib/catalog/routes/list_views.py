"""Lists of products as the API shows them, with counts of what else could be chosen."""

from __future__ import annotations

import msgspec

from chalicelib.catalog.routes.opening_views import Seen
from chalicelib.catalog.routes.views import ProductRow, product_row
from chalicelib.catalog.rules.cards import Counted, Facets
from chalicelib.catalog.rules.products import Listed
from chalicelib.kernel.cursors import Page


class CountView(msgspec.Struct):
    """How many goods there are of a category, a brand, a kind or a scene, and its name."""

    id: str
    title: str
    count: int


class FacetsView(msgspec.Struct):
    """Counts of what else could be chosen, the most first: each leaves out its own filter.

    The goods of a category are counted with those of all categories below it.
    """

    categories: list[CountView]
    brands: list[CountView]
    kinds: list[CountView]
    scenes: list[CountView]


class ProductPage(msgspec.Struct, omit_defaults=True):
    """A page of products; `facets` is there if it is asked for and search works."""

    data: list[ProductRow]
    next_cursor: str | None
    facets: FacetsView | None = None


class SimilarProducts(msgspec.Struct):
    """Products like one, the closest first; those that are sold out are left out."""

    data: list[ProductRow]


def product_page(
    page: Page[Listed], facets: Facets | None, language: str, seen: Seen
) -> ProductPage:
    rows = [product_row(each, language, seen) for each in page.data]
    return ProductPage(rows, page.next_cursor, facets and facets_view(facets, language))


def facets_view(facets: Facets, language: str) -> FacetsView:
    def shown(counted: list[Counted]) -> list[CountView]:
        return [
            CountView(
                each.id, each.title.in_language(language) if each.title else each.id, each.count
            )
            for each in counted
        ]

    return FacetsView(*map(shown, facets))
