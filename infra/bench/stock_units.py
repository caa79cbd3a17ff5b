"""Units of what follows a sale of stock, and of the page of the largest product."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from typing import Any

from infra.bench.in_process import InProcess
from infra.bench.mall import Mall
from infra.bench.use_cases import UseCase
from infra.bench.write_units import Spent

# The reader of a stack's own stream may be faster: of so many tries, the dearest counts.
TRIES = 8
BATCH = 10
_SKUS, _DETAILS = 60, 20_000


def measure(here: InProcess, mall: Mall) -> list[UseCase]:
    return [*of_sales(here, mall.sku), _page(here, mall)]


def of_sales(here: InProcess, make: Callable[[int], str]) -> list[UseCase]:
    """The stream's reader at one sale, and at several in a batch; `make` makes a SKU with stock."""
    sku = make(TRIES * (BATCH + 1) + 10)
    _followed(here, sku, 1)  # the first summary of a product reads the product, too
    return [
        UseCase(
            f"Following {what}: movements, and the summary of its product",
            max((_followed(here, sku, sales) for _ in range(TRIES)), key=lambda s: s.write_units),
            sales + 1,
            2,
        )
        for what, sales in (("a sale", 1), (f"{BATCH} sales of a SKU in one batch", BATCH))
    ]


def _followed(here: InProcess, sku: str, sales: int) -> Spent:
    from chalicelib.catalog.events import follow_stock
    from chalicelib.kernel.store.streams import Change

    first, at_s = time.time_ns() * 1000, int(time.time())
    changes = [Change(str(first + number), *_sold(sku), at_s) for number in range(sales)]
    return here.spent(lambda: follow_stock(changes))[1]


def _sold(sku: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The images of a SKU before and after a sale, with ids at their longest."""
    from chalicelib.catalog.tables.stock import StockItem

    def image() -> dict[str, Any]:
        found: dict[str, Any] = StockItem.find(*StockItem.key_of(sku)).to_dynamodb_dict()
        return found

    before, order_id = image(), f"ord_{secrets.token_hex(13)}"
    stamp = StockItem.moved.set(f"sale {order_id}")
    StockItem.key(sku).update([StockItem.available.add(-1), stamp])
    return before, image()


def _page(here: InProcess, mall: Mall) -> UseCase:
    chance = random.Random(7)  # noqa: S311 - the same text in each run
    common = [chr(code) for code in range(0x4E00, 0x4E00 + 2_500)]
    words = secrets.token_hex
    details = {
        "zh-CN": f"<p>{''.join(chance.choices(common, k=_DETAILS - 20))}</p>",
        "en": f"<p>{' '.join(words(3) for _ in range(_DETAILS // 7 - 3))}</p>",
    }
    product = {
        "title": {"zh-CN": "纯棉短袖衬衫经典款式", "en": "Cotton short sleeve shirt"},
        "kind": "physical",
        "category": "home",
        "price": {"points": 1},
        "status": "on_sale",
        "details": details,
        "skus": [
            {
                "sku": f"TEE-{words(3)}-{number}",
                "specs": {"颜色": f"颜色 {number % 10}", "尺码": f"尺码 {number // 10}"},
                "stock": 100,
            }
            for number in range(_SKUS)
        ],
    }
    made = mall.call("POST", "/v1/admin/products", product, mall.ops)
    mall.drain()
    shown = here.call("GET", f"/v1/products/{made['id']}", None, mall.ops)[1]
    return UseCase("The page of a product with 60 SKUs and details of 20,000 characters", shown)
