"""The bytes of each hot item at maximal lengths, its budget, and its reserve for later fields.

A hot item stays below 1 KB, where a write unit ends. Reserves are agreed, and told by name.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec.structs import replace

from chalicelib.catalog.tables.stock import StockItem
from chalicelib.members.rules import ONE_UNIT_BYTES
from chalicelib.orders.rules import orders as rules
from chalicelib.orders.rules.orders import Order, OrderAct, OrderLine, Parcel, Step
from chalicelib.orders.tables import OrderItem
from infra.bench import sizes
from infra.bench.use_cases import verdict
from infra.bench.write_units import item_size

KB = 1024
# The bytes of sealing: the key's name and its length, a nonce, a tag.
_SEAL = 1 + 2 + 12 + 16
_AT_MS, _MINUTE_MS = 1_795_000_000_000, 60_000
_MEMBER, _STAFF = f"mbr_{'m' * 25}a", f"mbr_{'s' * 25}a"
_SKU, _PRODUCT, _TITLE = "S" * 32, f"prd_{'p' * 25}a", ("杯" * 40, "C" * 80)
_MOST_UNITS, _MOST_POINTS, _MOST_CASH = 99, 1_000_000_000, 99_999_999
_LARGEST = 999_999_999_999


class Budget(NamedTuple):
    """An item's bytes, and how many must stay free below 1 KB, for what.

    A reserve of None is an item that may take a second KB.
    """

    what: str
    size: int
    reserve: int | None = 0
    reserved_for: str = ""

    @property
    def free(self) -> int:
        return KB - self.size

    @property
    def holds(self) -> bool:
        return self.reserve is None or self.free >= self.reserve


def measure() -> list[Budget]:
    """Every hot item, made by the rules, as it is stored."""
    placed, paid = _placed(), _paid()
    account = next(each for each in sizes.measure() if "each and every" in each.what)
    return [
        Budget("Order with cash, placed", _order_size(placed), 150, _OF_ORDERS),
        Budget("Order with cash, paid", _order_size(paid), 150, _OF_ORDERS),
        Budget("Order with cash, approved", _order_size(_reviewed(paid))),
        # Shipping writes the parcel's look-up, too: 4 units only while the order takes 2.
        Budget("Order for points, shipped", _order_size(_delivered(_for_points(), "ship"))),
        Budget("Order for points, delivered", _order_size(_delivered(_for_points())), None),
        Budget("Stock of a SKU", item_size(_stock().serialize()), 90, _OF_STOCK),
        Budget(account.what, account.size, 150, _OF_ACCOUNTS),
    ]


_OF_ORDERS = "a coupon with what it saves, freight, a tier's name, a store to collect from"
_OF_STOCK = "a campaign and its price"
_OF_ACCOUNTS = "more totals and limits"


def of_budgets(found: list[Budget]) -> str:
    rows = [
        "| hot item at maximal lengths | bytes | below | free | at least | kept free for | holds |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in found:
        promised = each.reserve is not None
        least, holds = (f"{each.reserve}", verdict(each.holds)) if promised else ("", "")
        rows.append(
            f"| {each.what} | {each.size} | {KB} | {each.free} | {least} | "
            f"{each.reserved_for} | {holds} |"
        )
    return "\n".join(rows)


def _placed() -> Order:
    status, points = rules.AWAITING_PAYMENT, _MOST_UNITS * _MOST_POINTS
    line = OrderLine(
        _SKU,
        _PRODUCT,
        *_TITLE,
        _MOST_UNITS,
        points,
        1_000_000,
        _MOST_CASH,
        _MOST_UNITS * _MOST_CASH,
    )
    return Order(
        f"ord_{'o' * 26}",
        _MEMBER,
        rules.PHYSICAL,
        status,
        1,
        (line,),
        points,
        _AT_MS,
        bytes(12),
        bytes(_SEAL + ONE_UNIT_BYTES),
        steps=(Step(status, _AT_MS, "member"),),
        cash=_MOST_CASH,
        currency="CNY",
        method="wechat_pay",
    )


def _paid() -> Order:
    paid = rules.advance(_placed(), OrderAct("pay", "system", None, _AT_MS + 29 * _MINUTE_MS))
    return replace(paid, paid=f"ch_{'c' * 24}")


def _for_points() -> Order:
    order = _placed()
    (line,) = order.lines
    status = rules.AWAITING_REVIEW
    return replace(
        order,
        status=status,
        steps=(Step(status, _AT_MS, "member"),),
        cash=0,
        currency=None,
        method=None,
        lines=(OrderLine(*_row(line)[:7]),),
    )


def _row(line: OrderLine) -> list[Any]:
    return [getattr(line, name) for name in line.__struct_fields__]


def _reviewed(order: Order) -> Order:
    for name in ("take", "approve"):
        order = rules.advance(order, _staff(name, order))
    return order


def _delivered(order: Order, *acts: str) -> Order:
    order = _reviewed(order)
    parcel = Parcel("SF", "SF1234567890", {_SKU: _MOST_UNITS})
    for name in acts or ("ship", "deliver"):
        order = rules.advance(replace(order, parcels=(parcel,)), _staff(name, order))
    return order


def _staff(name: str, order: Order) -> OrderAct:
    at_ms = order.steps[-1].at_ms + 1_000 * _MINUTE_MS
    return OrderAct(name, "staff", _STAFF, at_ms, None, bytes(12), bytes(12))


def _order_size(order: Order) -> int:
    return item_size(OrderItem.of(order).serialize())


def _stock() -> StockItem:
    zh, en = _TITLE
    specs = {"s" * 113: "v" * 120}
    return StockItem(
        *StockItem.key_of(_SKU),
        product_id=_PRODUCT,
        kind="physical",
        title_zh=zh,
        title_en=en,
        points=_MOST_POINTS - 1,
        least_points=_MOST_POINTS - 1,
        cash=_MOST_CASH,
        cash_equivalent=_MOST_CASH,
        cost=_LARGEST,
        per_member=999_999,
        per_order=999_999,
        status="off_sale",
        on_sale_from=_AT_MS + 123,
        on_sale_until=_AT_MS + 456,
        terms_version=999_999,
        specs=specs,
        freight=f"frt_{'f' * 26}",
        grams=1_000_000,
        more=1,
        moved=f"sale_again ord_{'o' * 26}",
        available=9_999_999,
        shards=64,
        draining=64,
        epoch=999_999_999,
        sold_out=999_999_999,
        low_mark=9_999_999,
        high_mark=9_999_999,
        set_version=999_999,
    )
