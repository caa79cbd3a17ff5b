"""The cost of a long address: nothing up to ONE_UNIT_BYTES, then a second KB of its order."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.members.rules import ONE_UNIT_BYTES, Address
from infra.bench.mall import LONG_ADDRESS
from infra.bench.write_units import Meter
from tests.api import new_key
from tests.bench.largest_items import full_of_lots, largest, long_product
from tests.orders.cashier import PRICE, Cashier
from tests.orders.conftest import cashier, provider

__all__ = ["cashier", "provider"]

# In the division with the longest name: a street of 93 characters is the last that is free.
SHUANGJIANG = {
    "recipient": "欧阳小满",
    "phone": "13800138000",
    "province": "云南省",
    "city": "临沧市",
    "district": "双江拉祜族佤族布朗族傣族自治县",
    "street": "路" * 93,
    "postal_code": "677300",
}
LONGEST = {**SHUANGJIANG, "recipient": "欧" * 128, "city": "临" * 85, "street": "路" * 200}


def test_an_address_of_265_bytes_has_the_measured_sizes() -> None:
    for sent in (LONG_ADDRESS, SHUANGJIANG):
        stored = {"country": "CN", **sent, "phone": "+8613800138000"}
        assert len(Address(**stored).encode()) == ONE_UNIT_BYTES == 265


@pytest.mark.parametrize(
    ("address", "units", "below"),
    [
        (SHUANGJIANG, [10, 1, 12], 1024),
        ({**SHUANGJIANG, "street": "路" * 120}, [10, 1, 12], 1024),
        (LONGEST, [12, 1, 14], 2048),
    ],
    ids=["265 bytes", "a street of 120", "the longest"],
)
def test_an_address_is_free_until_its_order_has_a_second_kb(
    cashier: Cashier, meter: Meter, address: Any, units: list[int], below: int
) -> None:
    full_of_lots(cashier.world, cashier.member)
    made = cashier.api.post("/v1/me/addresses", address, as_=cashier.me, key=new_key())
    assert made.status == 201, made.body
    sku = long_product(cashier.world, price=PRICE | {"points": 10**9})
    meter.take()
    order = cashier.place(sku, points=10**9, address_id=made.body["id"])
    every = [meter.take()]
    cashier.start(order["id"])
    every.append(meter.take())
    (intent,) = cashier.intents(order["id"])
    cashier.provider.pay(intent.id)
    cashier.tell(order["id"], intent.id)
    every.append(meter.take())
    assert [spent.write_units for spent in every] == units
    assert max(map(largest, every)) <= below
