"""Each hot item stays within its budget."""

from __future__ import annotations

from typing import Any

import pytest

from infra.bench import budgets
from infra.bench.budgets import KB, Budget
from infra.bench.mall import LONG_ADDRESS
from infra.bench.write_units import Meter
from tests.api import new_key, token
from tests.bench.largest_items import full_of_lots, long_product
from tests.world import World

PARCEL = {"carrier": "SF", "tracking_number": "SF1234567890"}


@pytest.mark.parametrize("each", budgets.measure(), ids=lambda each: each.what)
def test_a_hot_item_keeps_its_reserve(each: Budget) -> None:
    assert each.holds, f"{each.size} bytes leave {each.free} of {KB}"


def test_each_hot_item_has_a_reserve() -> None:
    kept = {
        each.what.split()[0].strip(",") for each in budgets.measure() if (each.reserve or 0) >= 50
    }
    assert kept == {"Order", "Stock", "Account"}


def reviewed(world: World, meter: Meter) -> dict[str, Any]:
    member = world.member()
    full_of_lots(world, member)
    as_ = token(member)
    made = world.api.post("/v1/me/addresses", LONG_ADDRESS, as_=as_, key=new_key())
    body = {"items": [{"sku": long_product(world), "quantity": 1}], "address_id": made.body["id"]}
    order = world.api.post("/v1/orders", body, as_=as_, key=new_key()).body
    found = {}
    for act in ("take", "approve", "ship", "deliver"):
        path = f"/v1/admin/orders/{order['id']}/{act}"
        meter.take()
        sent = PARCEL if act == "ship" else None
        assert world.api.post(path, sent, as_=world.ops, key=new_key()).status == 200
        found[act] = meter.take()
    return found


def test_an_act_of_review_costs_at_most_4_writes_and_moves_one_entry(
    world: World, meter: Meter
) -> None:
    for act, spent in reviewed(world, meter).items():
        assert spent.write_units <= 4, (act, spent.lines)
        assert spent.sparse_units == 2, (act, spent.lines)
        assert not any("of_member" in line.what for line in spent.lines)


def test_a_list_is_a_query_and_a_batch(world: World, meter: Meter) -> None:
    member, sku = world.member(100), world.sku(points=1, stock=9)
    address, as_ = world.address(member), token(member)
    made = [world.order(member, sku, address_id=address) for _ in range(4)]
    assert {each.status for each in made} == {201}
    # Entries of other tests' orders may lead to records that are changed: they cost one more batch.
    since = made[0].body["created_at"]
    # The profile tells whether other members were merged into this one.
    for path, who, profile in (
        ("/v1/me/orders?limit=3", as_, ["GetItem"]),
        ("/v1/me/orders?limit=3&status=awaiting_review", as_, ["GetItem"]),
        (f"/v1/admin/orders?limit=3&from={since}", world.ops, []),
    ):
        meter.take()
        listed = world.api.get(path, as_=who)
        assert len(listed.body["data"]) == 3
        spent = meter.take()
        assert spent.requests == [*profile, "Query", "BatchGetItem"], path
        assert spent.read_units == 2.5 + len(profile) / 2, path
