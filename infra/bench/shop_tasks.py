"""What members and staff do in a mall of any size: models of its items, then timed requests."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib import ledger
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel import clock
from chalicelib.kernel.store.tables import connection
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.kernel.web.auth import OPS
from chalicelib.ledger import Cause, Credit
from chalicelib.orders.tables.items import OrdersItem
from infra.bench.bookkeeper import milliseconds
from infra.bench.engine_file import json_of
from infra.bench.in_process import InProcess, token

CATEGORY, POINTS = "home", 10**9
Items = dict[str, list[str]]
Request = tuple[str, str, Any]


class Models(NamedTuple):
    """Items that the application wrote, as JSON by the names of their tables: of a category, of a
    product in it, of a completed order; and what of them differs from copy to copy.
    """

    category: Items
    product: Items
    product_id: str
    sku: str
    created_ms: str
    order: Items
    order_id: str
    member_id: str
    placed_ms: str


class Desk(NamedTuple):
    """Whose requests are timed, and for what."""

    products: Sequence[str]
    skus: Sequence[str]
    members: Sequence[str]
    orders: Sequence[str]  # one of each member


def make_models(member_id: str, sku: str) -> Models:
    """Make them in an empty mall."""
    here, ops, member = InProcess(), token("mbr_ops", OPS), token(member_id)
    category = {"id": CATEGORY, "title": {"zh-CN": "家居", "en": "Home"}}
    here.call("POST", "/v1/admin/categories", category, ops)
    of_category = _items_of(CatalogItem, CATEGORY)
    product = here.call("POST", "/v1/admin/products", _draft(sku), ops)[0]
    of_product = _items_of(CatalogItem, product["id"])
    _give(member_id)
    booking = {"at": clock.rfc3339(clock.now() + timedelta(days=2))}
    lines = [{"sku": sku, "quantity": 1}]
    order = here.call("POST", "/v1/orders", {"items": lines, "booking": booking}, member)[0]
    here.call("POST", f"/v1/admin/orders/{order['id']}/use", {}, ops)
    here.stop_measuring()
    return Models(
        of_category,
        of_product,
        product["id"],
        sku,
        _ms(product["created_at"]),
        _items_of(OrdersItem, order["id"]),
        order["id"],
        member_id,
        _ms(order["created_at"]),
    )


def _draft(sku: str) -> dict[str, Any]:
    return {
        "title": {"zh-CN": "双人下午茶", "en": "Afternoon tea for two"},
        "kind": "service",
        "category": CATEGORY,
        "price": {"points": 100},
        "status": "on_sale",
        "skus": [{"sku": sku, "specs": {}, "stock": 1_000_000}],
    }


def _items_of(model: Any, named: str) -> Items:
    """The items of a table that name something."""
    client: Any = connection().client
    name = model.Meta.table_name
    found = [json_of(item) for item in client.scan(TableName=name)["Items"]]
    return {name: [text for text in found if named in text]}


def _ms(told: str) -> str:
    return f"{clock.to_ms(datetime.fromisoformat(told)):013d}"


def _give(member_id: str) -> None:
    now = clock.now()
    cause = Cause("order_paid:bench", "bench", clock.to_ms(now), content=bytes(12))
    credit = Credit(POINTS, int(now.timestamp()) + 400 * 86_400, cause)
    writes, account = WriteSet(), ledger.find_account(ledger.points_account(member_id))
    ledger.accrue(writes, account, [credit], now)
    writes.commit()


class _Open(NamedTuple):
    here: InProcess
    turns: Any
    member_tokens: dict[str, str]
    ops: str


_open: list[_Open] = []


def open_shop(desk: Desk) -> None:
    """Serve these members from now on; each gets points."""
    for member_id in desk.members:
        _give(member_id)
    tokens = {member_id: token(member_id) for member_id in desk.members}
    turns = zip(*(itertools.cycle(each) for each in desk), strict=True)
    here = InProcess()
    here.stop_measuring()
    _open[:] = [_Open(here, turns, tokens, token("mbr_ops", OPS))]


def timed(use_case: str) -> float:
    """Milliseconds of one request by the next member, for the next product."""
    [shop] = _open
    product, sku, member, order = next(shop.turns)
    method, path, body = REQUESTS[use_case](product, sku, order)
    caller = shop.ops if "/admin/" in path else shop.member_tokens[member]
    began = time.perf_counter()
    shop.here.call(method, path, body, caller)
    return milliseconds(began)


def _booked(sku: str) -> Any:
    at = clock.rfc3339(clock.now() + timedelta(days=2))
    return {"items": [{"sku": sku, "quantity": 1}], "booking": {"at": at}}


REQUESTS: dict[str, Callable[[str, str, str], Request]] = {
    "a page of goods": lambda *_: ("GET", f"/v1/products?category={CATEGORY}", None),
    "a page of goods by points": lambda *_: ("GET", "/v1/products?sort=points", None),
    "a product": lambda product, *_: ("GET", f"/v1/products/{product}", None),
    "a line into the cart": lambda _, sku, __: ("PUT", f"/v1/me/cart/items/{sku}", {"quantity": 1}),
    "a quote": lambda _, sku, __: ("POST", "/v1/orders/quote", _booked(sku)),
    "an order": lambda _, sku, __: ("POST", "/v1/orders", _booked(sku)),
    "a member's orders": lambda *_: ("GET", "/v1/me/orders", None),
    "one order": lambda _, __, order: ("GET", f"/v1/orders/{order}", None),
    "the staff's list of completed orders": lambda *_: (
        "GET",
        "/v1/admin/orders?status=completed",
        None,
    ),
}
