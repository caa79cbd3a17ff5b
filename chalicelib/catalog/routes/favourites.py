"""A member's favourites."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog.actions import favourites as actions
from chalicelib.catalog.queries import favourites as queries
from chalicelib.catalog.queries.favourites import Favourite
from chalicelib.catalog.queries.openings import early_tiers
from chalicelib.catalog.routes import examples, views
from chalicelib.catalog.routes.opening_views import Seen
from chalicelib.catalog.routes.views import ProductRow
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

favourites = Blueprint(__name__)

_SINCE = "2026-11-28T08:00:00Z"
_ID = examples.PRODUCT["id"]
_FAVOURITE: dict[str, Any] = {"product_id": _ID, "favourite": True, "created_at": _SINCE}


class FavouriteMark(msgspec.Struct):
    """Whether a product is a favourite, and since when; null if it is none."""

    product_id: str
    favourite: bool
    created_at: str | None


class FavouriteView(msgspec.Struct):
    """A favourite with its product; `on_sale` is false while it cannot be redeemed."""

    product: ProductRow
    on_sale: bool
    created_at: str


@route(
    favourites, "GET", "/v1/me/favourites",
    summary="List the member's favourites, newest first, also those that are off sale",
    roles=[MEMBER], query=PageQuery, answer=Page[FavouriteView],
    example={
        "answer": {
            "data": [
                {"product": examples.PRODUCTS["data"][0], "on_sale": True, "created_at": _SINCE}
            ],
            "next_cursor": None,
        }
    },
)  # fmt: skip
def list_favourites(call: Call) -> Reply:
    found = queries.list_favourites(call.member_id, call.query, call.now)
    seen = Seen(call.now, early_tiers())
    return Reply(found.shown(lambda each: _view(each, call.language, seen)))


@route(
    favourites, "GET", "/v1/me/favourites/{product_id}",
    summary="Tell whether a product is a favourite",
    roles=[MEMBER], answer=FavouriteMark,
    example={"answer": _FAVOURITE},
)  # fmt: skip
def show_favourite(call: Call) -> Reply:
    product_id = call.path["product_id"]
    kept = queries.find_favourite(call.member_id, product_id)
    return Reply(_mark(kept) if kept else FavouriteMark(product_id, False, None))


@route(
    favourites, "PUT", "/v1/me/favourites/{product_id}",
    summary="Keep a product among the favourites",
    roles=[MEMBER], by_token=True, answer=FavouriteMark,
    example={"answer": _FAVOURITE},
)  # fmt: skip
def add_favourite(call: Call) -> Reply:
    return Reply(_mark(actions.add_favourite(call.member_id, call.path["product_id"], call.now)))


@route(
    favourites, "DELETE", "/v1/me/favourites/{product_id}",
    summary="Remove a product from the favourites",
    roles=[MEMBER], by_token=True, status=204, example={},
)  # fmt: skip
def remove_favourite(call: Call) -> Reply:
    actions.remove_favourite(call.member_id, call.path["product_id"])
    return Reply()


def _mark(item: Any) -> FavouriteMark:
    return FavouriteMark(item.product_id, True, rfc3339_ms(item.created_at))


def _view(each: Favourite, language: str, seen: Seen) -> FavouriteView:
    row = views.product_row(each.product, language, seen)
    return FavouriteView(row, each.on_sale, rfc3339_ms(each.created_at_ms))
