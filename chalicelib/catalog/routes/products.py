"""The public catalog: categories, lists of products, one product."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog.queries import categories, lists, products, similar
from chalicelib.catalog.queries.finding import GoodsAsked, Ranking, Sort
from chalicelib.catalog.queries.openings import early_tiers
from chalicelib.catalog.queries.summaries import available_to_all
from chalicelib.catalog.routes import examples, views
from chalicelib.catalog.routes.list_views import ProductPage, SimilarProducts, product_page
from chalicelib.catalog.routes.look_views import Looks, product_look
from chalicelib.catalog.routes.opening_views import Seen
from chalicelib.catalog.routes.views import CategoryView, ProductView
from chalicelib.catalog.rules.drafts import CategoryId, Name
from chalicelib.catalog.rules.products import Kind
from chalicelib.catalog.rules.terms import MAX_POINTS
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import SearchWords, kind
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

catalog = Blueprint(__name__)

PRODUCTS_EXAMPLE = {"answer": examples.PRODUCTS}

# As many as are read in a request.
LOOKS_AT_ONCE = 100

PointsBound = Annotated[int, msgspec.Meta(ge=0, le=MAX_POINTS)]


class ProductsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Filters, all of which must hold, and the order of the list.

    `q` is searched in titles and in the names of category, brand and scene. A category stands for
    all below it. `affordable` needs a bearer token: it leaves what the caller's points can pay, the
    least of them where cash may replace some. Without `sort`, a search lists the closest first, and
    other lists the newest.
    """

    # Far above what is searched for, whose limit has a code of its own.
    q: SearchWords | None = None
    category: CategoryId | None = None
    brand: Name | None = None
    scene: Name | None = None
    kind: Kind | None = None
    min_points: PointsBound | None = None
    max_points: PointsBound | None = None
    affordable: bool | None = None
    sort: Sort | None = None
    facets: bool | None = None


@route(
    catalog, "GET", "/v1/categories",
    summary="List the categories, lowest position first",
    query=PageQuery, answer=Page[CategoryView],
    example={"answer": examples.CATEGORIES},
)  # fmt: skip
def list_categories(call: Call) -> Reply:
    found = categories.list_categories(call.query)
    return Reply(found.shown(lambda each: views.category_view(each, call.language)))


def asked_by(query: ProductsQuery) -> GoodsAsked:
    """The list that a query asks for."""
    ranking: Ranking = query.sort or ("newest" if query.q is None else "relevance")
    return shaped(GoodsAsked, query, affordable=bool(query.affordable), sort=ranking)


def products_page(
    query: ProductsQuery, language: str, now: datetime, points: int | None = None, owner: str = ""
) -> ProductPage:
    """A page of the products on sale; `points` are those that the caller can spend.

    Raises Invalid, InvalidCursor, QueryTooLong, QueryHasNoWords, IndexAway.
    """
    found = lists.list_shown(
        asked_by(query), query, points, now, facets=bool(query.facets), owner=owner
    )
    return product_page(found.page, found.facets, language, Seen(now, early_tiers()))


def _seen(call: Call) -> Seen:
    return Seen(call.now, early_tiers())


class LooksQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Ids of products, with commas between them: 100 at most."""

    ids: Annotated[str, kind(3200, pasted, None)]


@route(
    catalog, "GET", "/v1/products/looks",
    summary="How the goods of orders look: titles, pictures and specs of products by their ids",
    query=LooksQuery, answer=Looks,
    example={"answer": examples.LOOKS},
)  # fmt: skip
def list_looks(call: Call) -> Reply:
    ids = list(dict.fromkeys(call.query.ids.split(",")))
    if len(ids) > LOOKS_AT_ONCE:
        words = Words(f"最多 {LOOKS_AT_ONCE} 个", f"must be {LOOKS_AT_ONCE} at most")
        raise Invalid(FieldError("ids", "too_many", words))
    found = products.list_once_shown(ids, call.now)
    return Reply(Looks([product_look(each, call.language) for each in found]))


@route(
    catalog, "GET", "/v1/products/{id}",
    summary="Show a product on sale, with its SKUs and their stock",
    answer=ProductView,
    example={"answer": examples.PRODUCT},
)  # fmt: skip
def show_product(call: Call) -> Reply:
    shown = products.get_shown(call.path["id"], call.now)
    available = available_to_all(shown.product, shown.stock)
    view = views.product_view(shown.product, available, shown.rating, call.language, _seen(call))
    return Reply(view)


@route(
    catalog, "GET", "/v1/products/{id}/similar",
    summary="List products like one: bought with it, of its category, brand, scenes and points",
    answer=SimilarProducts,
    example={"answer": {"data": examples.PRODUCTS["data"]}},
)  # fmt: skip
def list_similar_products(call: Call) -> Reply:
    product = products.get_shown_product(call.path["id"], call.now)
    found = similar.list_similar(product, call.now)
    return Reply(
        SimilarProducts([views.product_row(each, call.language, _seen(call)) for each in found])
    )
