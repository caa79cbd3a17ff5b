"""What was sold of each product by the day of placing, and what sells slowly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from chalicelib.kernel.clock import from_ms, program_day
from chalicelib.orders.rules.orders import AWAITING_PAYMENT, CANCELLED, REJECTED, Order

Window = Literal[7, 30, 90]
WINDOWS: tuple[Window, ...] = (7, 30, 90)
# Days that each run counts again, today among them; older ones change by cancels and refunds alone.
RECENT_DAYS = 4
UNSOLD = {AWAITING_PAYMENT, CANCELLED, REJECTED}
# What has been on the shelf for so long is suggested for removal if it hardly sells.
SETTLED_DAYS = 30
# Stock for a year or more is too much.
TOO_MANY_DAYS = 365


class Sold(msgspec.Struct, frozen=True):
    """Units without a refund, and what they cost us (minor units; unknown costs are 0)."""

    units: int = 0
    cost: int = 0

    def plus(self, other: Sold) -> Sold:
        return Sold(self.units + other.units, self.cost + other.cost)


class Stocked(msgspec.Struct, frozen=True, kw_only=True):
    """A product on the staff's shelf: its units, and what they cost us."""

    product_id: str
    title_zh: str
    title_en: str
    kind: str
    category: str
    status: str
    created_at_ms: int
    stock: int
    stock_cost: int


class Seller(msgspec.Struct, frozen=True, kw_only=True):
    """How a product sold in the last `window` days.

    `days_left`: its stock lasts so long at this pace, None if nothing was sold. `turnover`: the
    cost of what was sold in percent of the cost of what is left, None if that is 0. `last_sold`:
    within the longest window, None if not. `suggested` for removal: little or nothing was sold of
    what has been on the shelf for long.
    """

    product_id: str
    title_zh: str
    title_en: str
    kind: str
    category: str
    status: str
    created_at_ms: int
    stock: int
    stock_cost: int
    window: int
    units: int
    cost: int
    last_sold: str | None
    days_left: int | None
    turnover: int | None
    suggested: bool


def sold_by(orders: Iterable[Order]) -> dict[str, Sold]:
    """What was sold by these orders, by product."""
    found: dict[str, Sold] = {}
    for order in orders:
        if order.status in UNSOLD:
            continue
        for line in order.lines:
            if line.left:
                cost = (line.cost or 0) * line.left // line.quantity
                known = found.get(line.product_id, Sold())
                found[line.product_id] = known.plus(Sold(line.left, cost))
    return found


def rank(
    stocked: Sequence[Stocked], by_day: Mapping[date, Mapping[str, Sold]], today: date
) -> list[Seller]:
    """How each product sold in each window that ends today."""
    found = []
    for product in stocked:
        name = product.product_id
        days = {day: sold[name] for day, sold in by_day.items() if name in sold}
        for window in WINDOWS:
            first = today - timedelta(days=window - 1)
            total = Sold()
            for day, each in days.items():
                total = total.plus(each) if first <= day <= today else total
            found.append(_seller(product, window, total, max(days, default=None), today))
    return found


def _seller(
    product: Stocked, window: int, total: Sold, last_sold: date | None, today: date
) -> Seller:
    days_left = -(-product.stock * window // total.units) if total.units else None
    return Seller(
        **msgspec.structs.asdict(product),
        window=window,
        units=total.units,
        cost=total.cost,
        last_sold=str(last_sold) if last_sold else None,
        days_left=days_left,
        turnover=100 * total.cost // product.stock_cost if product.stock_cost else None,
        suggested=_is_slow(product, days_left, today),
    )


def _is_slow(product: Stocked, days_left: int | None, today: date) -> bool:
    if product.status != "on_sale" or not product.stock:
        return False
    settled = program_day(from_ms(product.created_at_ms)) <= today - timedelta(days=SETTLED_DAYS)
    return settled and (days_left is None or days_left > TOO_MANY_DAYS)
