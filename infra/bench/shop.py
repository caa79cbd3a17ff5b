"""A mall's requests beside many goods and orders and beside few, in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from chalicelib.orders.rules.lists import SHARDS
from infra.bench.bookkeeper import Bookkeeper, bookkeeper
from infra.bench.importing import with_items
from infra.bench.shop_tasks import REQUESTS, Desk, Models
from infra.bench.turns import WARM_UP, Ratio, compared, table
from infra.local.engine import DYNOXIDE, temporary_engine

TASKS = "infra.bench.shop_tasks"
MOST_RATIO = 1.2
_ORDERS_EACH, _AT_THE_DESK = 40, 20
_APART_MS = 1_000
_QUEUE = re.compile(r"completed#\d+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class Size(NamedTuple):
    goods: int
    orders: int


MANY, FEW = Size(100_000, 1_000_000), Size(1_000, 1_000)


class Shop(NamedTuple):
    """The figures of one run."""

    large: Size
    small: Size
    repetitions: int
    ratios: list[Ratio]


def measure(large: Size, repetitions: int, warm_up: int = WARM_UP) -> Shop:
    """Fill two malls with copies of what the application wrote, and compare them."""
    member, sku = _id("mbr_", 0), _sku(0)
    with temporary_engine(DYNOXIDE) as empty, bookkeeper(empty, TASKS) as keeper:
        models = keeper.do("make_models", member, sku)
    with _filled(models, large) as many, _filled(models, FEW) as few:
        keepers = [many, few]
        ratios = [compared(each, keepers, repetitions, MOST_RATIO, warm_up) for each in REQUESTS]
    return Shop(large, FEW, repetitions, ratios)


@contextmanager
def _filled(models: Models, size: Size) -> Iterator[Bookkeeper]:
    tables = models.order.keys() | models.product.keys()
    items = {name: _copies(models, size, name) for name in sorted(tables)}
    number = 4 * size.goods + size.orders
    with with_items(items, number) as endpoint, bookkeeper(endpoint, TASKS) as keeper:
        keeper.do("open_shop", _desk(size))
        yield keeper


def _desk(size: Size) -> Desk:
    """Members and goods evenly from all."""
    goods, members = _evenly(size.goods), _evenly(size.orders // _ORDERS_EACH)
    return Desk(
        [_id("prd_", number) for number in goods],
        [_sku(number) for number in goods],
        [_id("mbr_", number) for number in members],
        [_id("ord_", number) for number in members],
    )


def _evenly(all_of_them: int) -> range:
    return range(0, all_of_them, -(-all_of_them // _AT_THE_DESK))


def _copies(models: Models, size: Size, table: str) -> Iterator[str]:
    yield from models.category.get(table, ())
    for text in models.product.get(table, ()):
        yield from _goods(text, models, size.goods)
    for text in models.order.get(table, ()):
        yield from _orders(text, models, size.orders)


def _goods(text: str, models: Models, goods: int) -> Iterator[str]:
    for number in range(goods):
        created_ms = int(models.created_ms) - number * _APART_MS
        yield (
            text.replace(models.product_id, _id("prd_", number))
            .replace(models.sku, _sku(number))
            .replace(models.created_ms, f"{created_ms:013d}")
        )


def _orders(text: str, models: Models, orders: int) -> Iterator[str]:
    """Orders of all members by turns, evenly in the queues of their list."""
    members = orders // _ORDERS_EACH
    for number in range(orders):
        placed_ms = int(models.placed_ms) - number * _APART_MS
        copy = (
            text.replace(models.order_id, _id("ord_", number))
            .replace(models.member_id, _id("mbr_", number % members))
            .replace(models.placed_ms, f"{placed_ms:013d}")
        )
        yield _QUEUE.sub(f"completed#{number % SHARDS}", copy)


def _id(prefix: str, number: int) -> str:
    """An id such as `mbr_` and 26 letters."""
    letters = ""
    for _ in range(26):
        number, rest = divmod(number, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return prefix + letters


def _sku(number: int) -> str:
    return f"SKU-{number:08d}"


def of_shop(found: Shop) -> str:
    """The figures as Markdown."""
    many, few = (
        f"{size.goods:,} goods, {size.orders:,} orders" for size in (found.large, found.small)
    )
    ratios = table(found.ratios, many, few)
    return f"{found.repetitions} of each request on each side.\n\n{ratios}"
