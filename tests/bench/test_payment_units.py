"""The costs of an order for points and cash, from placing to capture."""

from __future__ import annotations

from typing import Any

from infra.bench.mall import LONG_ADDRESS
from infra.bench.write_units import Meter
from tests.api import new_key
from tests.bench.largest_items import full_of_lots, largest, long_product
from tests.orders.cashier import PRICE, Cashier
from tests.orders.conftest import cashier, provider

__all__ = ["cashier", "provider"]


def test_an_order_for_points_and_cash_costs_at_most_24_writes_up_to_its_capture(
    cashier: Cashier, meter: Meter
) -> None:
    full_of_lots(cashier.world, cashier.member)
    address = cashier.api.post("/v1/me/addresses", LONG_ADDRESS, as_=cashier.me, key=new_key())
    sku = long_product(cashier.world, price=PRICE | {"points": 10**9})
    meter.take()
    order = cashier.place(sku, points=10**9, address_id=address.body["id"])
    placed = meter.take()
    started = cashier.start(order["id"])
    start = meter.take()
    assert started.status == 201
    (intent,) = cashier.intents(order["id"])
    cashier.provider.pay(intent.id)
    cashier.tell(order["id"], intent.id)
    told = meter.take()
    assert cashier.show(order["id"])["status"] == "awaiting_review"
    every = [placed, start, told]
    assert [spent.write_units for spent in every] == [10, 1, 12]
    assert sum(spent.write_units for spent in every) <= 24
    assert max(map(largest, every)) <= 1024


def test_a_webhook_is_one_write(cashier: Cashier, meter: Meter) -> None:
    event: Any = {
        "id": "evt_1",
        "type": "charge.updated",
        "created": 1,
        "data": {"object": {"id": f"ch_{new_key()}"}},
    }
    meter.take()
    assert cashier.webhook(event).status == 200
    spent = meter.take()
    assert (spent.requests, spent.write_units, spent.sparse_units) == (["PutItem"], 1, 0)
