"""A member's orders, returns, reviews and cart, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from chalicelib import members
from chalicelib.orders.queries import details, personal
from chalicelib.orders.queries.cart import find_cart
from chalicelib.orders.queries.returns import details_of
from chalicelib.orders.routes.return_views import return_view
from chalicelib.orders.routes.review_views import own_review
from chalicelib.orders.routes.views import order_view


def export_of(member_id: str, language: str) -> dict[str, Iterable[Any]]:
    """Orders with their codes, returns and reviews, the newest first, and the cart."""
    orders, returns = personal.all_orders_of(member_id), personal.all_returns_of(member_id)
    return {
        "orders": (
            order_view(seen, language)
            for order in orders
            for seen in details.readable_details([order])
        ),
        "returns": (return_view(details_of([made])[0], language) for made in returns),
        "reviews": (own_review(each, language) for each in personal.all_reviews_of(member_id)),
        "cart": (
            msgspec.structs.asdict(line)
            for each in members.ids_of(member_id)
            for line in find_cart(each).lines
        ),
    }
