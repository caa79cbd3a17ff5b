"""The proof of stock in shards."""

from __future__ import annotations

import pytest

from chalicelib.orders.actions import stock
from tests.api import new_key
from tests.world import World


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock, "PAUSE_S", 0)


def test_the_proof_of_a_pool_sums_the_shards_of_its_stock(world: World) -> None:
    sku = world.sku(kind="virtual", stock=0, skus=[{"sku": f"S-{new_key()}", "shards": 4}])
    world.codes(sku, [new_key() for _ in range(12)])
    path = f"/v1/admin/skus/{sku}"
    changed = world.api.patch(path, {"shards": 5}, as_=world.ops, headers={"If-Match": "2"})
    assert changed.status == 200, changed.body
    member = world.member(1000)
    for _ in range(3):
        assert world.order(member, sku, 2).status == 201
    proof = stock.prove_pools([sku])
    assert (proof.pools, proof.problems, proof.restless) == (1, [], [])
