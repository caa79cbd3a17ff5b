"""A member's cart: a wish list with prices, which reserves nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog import Look, NotOnSale, OutOfStock, looks_of
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import Money
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import cart as acts
from chalicelib.orders.actions.goods import price_cart
from chalicelib.orders.errors import CartFull, LimitReached
from chalicelib.orders.queries import cart as queries
from chalicelib.orders.routes import examples
from chalicelib.orders.routes.act_requests import Quantity, quantities_of
from chalicelib.orders.routes.cash_views import cash
from chalicelib.orders.routes.discount_views import (
    DiscountView,
    NearView,
    discount_views,
    near_views,
)
from chalicelib.orders.routes.orders import ItemIn
from chalicelib.orders.rules.cart import MAX_LINES, Cart, ProblemCode, SeenLine, UnitPrice, price_of

carts = Blueprint(__name__)

# Of goods that are gone.
NO_LOOK = Look(None, {})


class CartIn(msgspec.Struct, forbid_unknown_fields=True):
    """The lines of a cart. With `merge` they come beside those that are there, such as after a
    login: of a SKU in both the larger quantity counts, and unknown SKUs are left out."""

    items: Annotated[list[ItemIn], msgspec.Meta(max_length=MAX_LINES)]
    merge: bool = False


class CartItemIn(msgspec.Struct, forbid_unknown_fields=True):
    quantity: Quantity


class UnitPriceView(msgspec.Struct):
    """The price of one unit. `cash_equivalent` replaces all points, null if no cash does."""

    points: int
    cash: Money
    cash_equivalent: Money | None


class CartProblemView(msgspec.Struct):
    """Why a line cannot be ordered as it is: `left` units of it could be.

    `gone`: there are no such goods any more. `off_sale`, `sold_out`: perhaps later. `too_few`: less
    is left than wanted. `over_limit`: beyond the limit of an order or of a member.
    """

    code: ProblemCode
    detail: str
    left: int


class CartLineView(msgspec.Struct):
    """A line of a cart. `price` is today's, of one unit; `points` and `cash` are those of the line
    if all its points are paid. `price_was` is the price when it was put in, null if it is the same.

    Goods that are gone have no title, kind or price.
    """

    sku: str
    product_id: str | None
    title: str | None
    kind: str | None
    specs: dict[str, str]
    picture: str | None
    quantity: int
    price: UnitPriceView | None
    points: int
    cash: Money
    available: int
    problem: CartProblemView | None
    price_was: UnitPriceView | None


class CartView(msgspec.Struct):
    """A cart, the line put in last first; `points` and `cash` are of the lines without a problem,
    less what `discounts` take off an order of each kind. `count` is the number of lines.

    `near` are campaigns that take off more once there are more goods.
    """

    version: int
    lines: list[CartLineView]
    count: int
    points: int
    cash: Money
    discounts: list[DiscountView]
    near: list[NearView]


@route(
    carts, "GET", "/v1/me/cart",
    summary="My cart, with today's prices and what prevents an order",
    roles=[MEMBER], answer=CartView, example={"answer": examples.CART},
)  # fmt: skip
def show_cart(call: Call) -> Reply:
    return Reply(_view(call, queries.find_cart(call.member_id)))


@route(
    carts, "PUT", "/v1/me/cart",
    summary="Fill my cart, or merge lines into it; lines that cannot be ordered are explained",
    roles=[MEMBER], by_token=True, body=CartIn, answer=CartView, may_raise=[Invalid],
    example={"request": {"items": [{"sku": "CUP-RED", "quantity": 2}], "merge": True},
             "answer": examples.CART},
)  # fmt: skip
def fill_cart(call: Call) -> Reply:
    body: CartIn = call.body
    wanted = quantities_of(body.items, "items")
    return Reply(_view(call, acts.fill(call.member_id, wanted, call.now, merge=body.merge)))


@route(
    carts, "DELETE", "/v1/me/cart",
    summary="Empty my cart",
    roles=[MEMBER], by_token=True, status=204,
)  # fmt: skip
def empty_cart(call: Call) -> Reply:
    acts.empty(call.member_id, call.now)
    return Reply(None, status=204)


@route(
    carts, "PUT", "/v1/me/cart/items/{sku}",
    summary="Put units of a SKU into my cart, or set how many",
    roles=[MEMBER], by_token=True, body=CartItemIn, answer=CartView,
    may_raise=[NotOnSale, OutOfStock, LimitReached, CartFull],
    example={"request": {"quantity": 2}, "answer": examples.CART},
)  # fmt: skip
def put_cart_item(call: Call) -> Reply:
    body: CartItemIn = call.body
    cart = acts.put_line(call.member_id, call.path["sku"], body.quantity, call.now)
    return Reply(_view(call, cart))


@route(
    carts, "DELETE", "/v1/me/cart/items/{sku}",
    summary="Take a SKU out of my cart",
    roles=[MEMBER], by_token=True, status=204,
)  # fmt: skip
def remove_cart_item(call: Call) -> Reply:
    acts.remove_line(call.member_id, call.path["sku"], call.now)
    return Reply(None, status=204)


def _view(call: Call, cart: Cart) -> CartView:
    seen = queries.see_cart(cart, call.now)
    looks = looks_of(line.offer.product_id for line in seen if line.offer)
    lines = [_line(line, looks, call.language) for line in seen]
    whole = [line for line in seen if line.problem is None and line.offer]
    offers = [line.offer for line in whole if line.offer]
    prices = price_cart(cart.member_id, offers, [line.line.quantity for line in whole], call.now)
    sold = [line for price in prices for line in price.lines]
    points, due = sum(line.points for line in sold), sum(line.cash for line in sold)
    lowered = [
        view
        for price in prices
        for view in discount_views(price.discounts, price.lines, call.language, None)
    ]
    near = near_views((step for price in prices for step in price.steps), call.language)
    return CartView(
        cart.version,
        lines,
        len(lines),
        points,
        cash(due),
        lowered,
        near,
    )


def _line(seen: SeenLine, looks: dict[str, Look], language: str) -> CartLineView:
    offer, problem, quantity = seen.offer, seen.problem, seen.line.quantity
    price = price_of(offer) if offer else None
    look = looks.get(offer.product_id, NO_LOOK) if offer else NO_LOOK
    return CartLineView(
        sku=seen.line.sku,
        product_id=offer.product_id if offer else None,
        title=offer.title.in_language(language) if offer else None,
        kind=offer.kind if offer else None,
        specs=look.specs_in(offer.specs, language) if offer else {},
        picture=look.picture,
        quantity=quantity,
        price=_price(price),
        points=price.points * quantity if price else 0,
        cash=cash(price.cash * quantity if price else 0),
        available=max(0, offer.available) if offer else 0,
        problem=CartProblemView(problem.code, problem.detail.in_language(language), problem.left)
        if problem
        else None,
        price_was=_price(seen.price_was),
    )


def _price(price: UnitPrice | None) -> UnitPriceView | None:
    if price is None:
        return None
    equivalent = None if price.equivalent is None else cash(price.equivalent)
    return UnitPriceView(price.points, cash(price.cash), equivalent)
