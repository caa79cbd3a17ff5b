"""Items of what was sold, in the orders table. All can be made again from the orders.

SALES#<day>             <product>      units sold of the orders of a day
SALES                   DIRTY#<day>    a day to count again: a cancel or a refund came late
SELLERS                 LATEST         the last report
SELLERS#<report>#<days> <rank>         a product in it, the slowest first
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute
from chalicelib.orders.rules.sales import Seller, Sold
from chalicelib.orders.tables.items import OrdersItem

SALES, DIRTY = "SALES", "DIRTY#"
SELLERS, LATEST = "SELLERS", "LATEST"
_MOST_COST = 10**13


class SoldItem(OrdersItem):
    units = IntegerAttribute()
    cost = IntegerAttribute()

    @classmethod
    def of(cls, day: date, product_id: str, sold: Sold) -> SoldItem:
        return cls(sales_key(day), product_id, units=sold.units, cost=sold.cost)

    def value(self) -> Sold:
        return Sold(self.units, self.cost)


class DirtyDayItem(OrdersItem):
    """`mark` differs each time: a count takes away the mark that it saw, and no later one."""

    mark = UnicodeAttribute()

    @classmethod
    def key(cls, day: date) -> DirtyDayItem:
        return cls(SALES, f"{DIRTY}{day}")

    @property
    def day(self) -> date:
        return date.fromisoformat(self.sk.removeprefix(DIRTY))


class ReportItem(OrdersItem):
    """Which report is the last; `before` is kept for whoever is turning its pages."""

    report = UnicodeAttribute()
    before = UnicodeAttribute(null=True)
    made_at = IntegerAttribute()  # epoch milliseconds

    @classmethod
    def latest(cls) -> ReportItem | None:
        found: ReportItem | None = cls.find(SELLERS, LATEST)
        return found


class SellerItem(OrdersItem):
    seller = StructAttribute[Seller](Seller)
    suggested = BooleanAttribute()

    @classmethod
    def of(cls, report: str, seller: Seller) -> SellerItem:
        # Of two that sell alike, the one with more money in stock comes first.
        tied_up = _MOST_COST - min(seller.stock_cost, _MOST_COST)
        place = f"{seller.units:010d}#{tied_up:014d}#{seller.product_id}"
        return cls(
            sellers_key(report, seller.window), place, seller=seller, suggested=seller.suggested
        )

    def value(self) -> Any:
        return self.seller


def sales_key(day: date) -> str:
    return f"SALES#{day}"


def sellers_key(report: str, window: int) -> str:
    return f"SELLERS#{report}#{window}"
