"""The public list of products. It stands here because what a member can afford is the ledger's."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib import catalog, ledger
from chalicelib.catalog import ProductPage, ProductsQuery, QueryHasNoWords, QueryTooLong
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unauthenticated
from chalicelib.kernel.web.auth import bearer
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

goods = Blueprint(__name__)


@route(
    goods, "GET", "/v1/products",
    summary="List or search the products on sale",
    query=ProductsQuery, answer=ProductPage,
    may_raise=[QueryTooLong, QueryHasNoWords, catalog.IndexAway, Unauthenticated],
    example=catalog.PRODUCTS_EXAMPLE,
)  # fmt: skip
def list_products(call: Call) -> Reply:
    query: ProductsQuery = call.query
    if not query.affordable:
        return Reply(catalog.products_page(query, call.language, call.now))
    member = bearer(call.headers, call.now).member_id
    account = ledger.find_account(ledger.points_account(member))
    points = account.available(clock.to_ms(call.now))
    return Reply(catalog.products_page(query, call.language, call.now, points, member))
