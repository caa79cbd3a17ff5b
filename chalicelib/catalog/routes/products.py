"""The public catalog: categories, lists of products, one product."""

from __future__ import annotations

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog.queries import categories, products
from chalicelib.catalog.queries.products import ShelfQuery, Sort
from chalicelib.catalog.routes import examples, views
from chalicelib.catalog.routes.views import CategoryView, ProductRow, ProductView
from chalicelib.catalog.rules.drafts import CategoryId
from chalicelib.catalog.rules.products import Kind
from chalicelib.catalog.rules.terms import MAX_POINTS
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

catalog = Blueprint(__name__)

PointsBound = Annotated[int, msgspec.Meta(ge=0, le=MAX_POINTS)]


class ProductsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Filters, all of which must hold, and the order of the list."""

    category: CategoryId | None = None
    kind: Kind | None = None
    min_points: PointsBound | None = None
    max_points: PointsBound | None = None
    sort: Sort = "newest"


@route(
    catalog, "GET", "/v1/categories",
    summary="List the categories, lowest position first",
    query=PageQuery, answer=Page[CategoryView],
    example={"answer": examples.CATEGORIES},
)  # fmt: skip
def list_categories(call: Call) -> Reply:
    found = categories.list_categories(call.query)
    return Reply(found.shown(lambda each: views.category_view(each, call.language)))


@route(
    catalog, "GET", "/v1/products",
    summary="List the products on sale",
    query=ProductsQuery, answer=Page[ProductRow],
    example={"answer": examples.PRODUCTS},
)  # fmt: skip
def list_products(call: Call) -> Reply:
    found = products.list_shown(shaped(ShelfQuery, call.query), call.query, call.now)
    return Reply(found.shown(lambda each: views.product_row(each, call.language)))


@route(
    catalog, "GET", "/v1/products/{id}",
    summary="Show a product on sale, with its SKUs and their stock",
    answer=ProductView,
    example={"answer": examples.PRODUCT},
)  # fmt: skip
def show_product(call: Call) -> Reply:
    product = products.get_shown_product(call.path["id"], call.now)
    available = products.available_of(product, consistent=False)
    return Reply(views.product_view(product, available, call.language, call.now))
