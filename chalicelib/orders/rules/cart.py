"""A member's cart: lines with the price at which they were put in, and why one cannot be ordered.

A line is a wish: it reserves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from chalicelib.catalog import Offer
from chalicelib.kernel.errors import Words
from chalicelib.orders.errors import CartFull

MAX_LINES = 100

ProblemCode = Literal["gone", "off_sale", "sold_out", "too_few", "over_limit"]


class UnitPrice(NamedTuple):
    """The price of one unit: points, fixed cash, and the cash that replaces all points."""

    points: int
    cash: int = 0
    equivalent: int | None = None


class CartLine(msgspec.Struct, frozen=True, array_like=True):
    """Units of a SKU, and the price of one when they were put in."""

    sku: str
    quantity: int
    points: int
    cash: int = 0
    equivalent: int | None = None

    @property
    def price(self) -> UnitPrice:
        return UnitPrice(self.points, self.cash, self.equivalent)


class Cart(msgspec.Struct, frozen=True):
    """A member's cart, the line put in last first; `version` counts its changes."""

    member_id: str
    version: int = 0
    lines: tuple[CartLine, ...] = ()

    @property
    def skus(self) -> list[str]:
        return [line.sku for line in self.lines]


class Problem(NamedTuple):
    """Why a line cannot be ordered as it is; `left` units could be, where some could."""

    code: ProblemCode
    detail: Words
    left: int = 0


class SeenLine(NamedTuple):
    """A line as it is today: its offer (None: gone), what prevents an order, and the price when it
    was put in, if that has changed."""

    line: CartLine
    offer: Offer | None
    problem: Problem | None
    price_was: UnitPrice | None


def price_of(offer: Offer) -> UnitPrice:
    return UnitPrice(offer.points, offer.cash, offer.cash_equivalent)


def line_of(offer: Offer, quantity: int) -> CartLine:
    """A line at today's price."""
    return CartLine(offer.sku, quantity, *price_of(offer))


def put(cart: Cart, line: CartLine) -> Cart:
    """The cart with a line; that of the same SKU keeps its place.

    Raises CartFull.
    """
    if line.sku in cart.skus:
        lines = tuple(line if each.sku == line.sku else each for each in cart.lines)
    else:
        lines = (line, *cart.lines)
    if len(lines) > MAX_LINES:
        raise CartFull(at_most=MAX_LINES)
    return filled(cart, lines)


def without(cart: Cart, skus: Collection[str]) -> Cart:
    """The cart without the lines of these SKUs; the same cart if it has none of them."""
    return filled(cart, [line for line in cart.lines if line.sku not in skus])


def filled(cart: Cart, lines: Sequence[CartLine]) -> Cart:
    """The cart with these lines and no others; the same cart if they are its lines."""
    if tuple(lines) == cart.lines:
        return cart
    return replace(cart, version=cart.version + 1, lines=tuple(lines))


def merged(cart: Cart, lines: Iterable[CartLine]) -> Cart:
    """The cart with these lines beside its own: of a SKU in both the larger quantity counts, so a
    repeated merge changes nothing. What exceeds a full cart stays away.
    """
    wanted = {line.sku: line for line in lines}
    own = tuple(
        replace(line, quantity=max(line.quantity, wanted[line.sku].quantity))
        if line.sku in wanted
        else line
        for line in cart.lines
    )
    new = tuple(line for sku, line in wanted.items() if sku not in cart.skus)
    return filled(cart, (*new[: MAX_LINES - len(own)], *own))


def seen_lines(
    cart: Cart, offers: Mapping[str, Offer], taken: Mapping[str, int], now: datetime
) -> list[SeenLine]:
    """The lines as they are today; `taken` are the units of a product that the member has had.

    Units of a product with a limit count line by line: those beyond it are over the limit.
    """
    counted: Counter[str] = Counter()
    seen = []
    for line in cart.lines:
        offer = offers.get(line.sku)
        if offer is None:
            seen.append(SeenLine(line, None, _GONE, None))
            continue
        had, wanted = taken.get(offer.product_id, 0), counted[offer.product_id]
        problem = _problem(line, offer, had, wanted, now)
        if problem is None:
            counted[offer.product_id] += line.quantity
        was = None if price_of(offer) == line.price else line.price
        seen.append(SeenLine(line, offer, problem, was))
    return seen


_GONE = Problem("gone", Words("商品已不存在", "These goods are no longer there"))
_OFF_SALE = Problem("off_sale", Words("商品已下架", "Not on sale at present"))
_SOLD_OUT = Problem("sold_out", Words("已兑完", "Sold out"))


def _problem(line: CartLine, offer: Offer, had: int, wanted: int, now: datetime) -> Problem | None:
    if not offer.on_sale(now):
        return _OFF_SALE
    if offer.available <= 0:
        return _SOLD_OUT
    if offer.available < line.quantity:
        left = offer.available
        return Problem("too_few", Words(f"仅剩 {left} 件", f"Only {left} left"), left)
    return _over_limit(line, offer, had, wanted)


def _over_limit(line: CartLine, offer: Offer, had: int, wanted: int) -> Problem | None:
    once, ever = offer.per_order, offer.per_member
    limits = ((once, wanted), (ever, wanted + had))
    fits = [limit - gone for limit, gone in limits if limit is not None]
    left = min(fits, default=line.quantity)
    if line.quantity <= left:
        return None
    if ever is not None and ever - had <= (ever if once is None else once):
        zh, en = f"每人限购 {ever} 件", f"at most {ever} for each member"
        if had:
            zh, en = f"{zh}，您已兑换 {had} 件", f"{en}; you have had {had}"
    else:
        zh, en = f"每单限购 {once} 件", f"at most {once} in one order"
    return Problem("over_limit", Words(zh, en.capitalize()), max(0, left))
