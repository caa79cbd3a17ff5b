"""No refusal of an order rests on a stale read."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import catalog
from chalicelib.catalog.queries.offers import find_offers
from tests.api import token
from tests.kernel.wire import faults
from tests.orders.placed import place
from tests.world import World

Offers = dict[str, catalog.Offer]


def lag_behind(monkeypatch: pytest.MonkeyPatch, was: Offers) -> None:
    """Let a read of offers that is not consistent give those of a while ago."""
    now = catalog.want_offers

    def behind(reads: Any, skus: Any, *, consistent: bool, **other: Any) -> Any:
        return now(reads, skus, consistent=True, **other) if consistent else lambda: was

    monkeypatch.setattr(catalog, "want_offers", behind)


def test_a_stale_read_does_not_refuse_an_order_of_new_stock(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, sku = world.member(100), world.sku()
    world.address(member)
    lag_behind(monkeypatch, {})
    assert place(world, member, sku).status == 201


def test_a_stale_read_does_not_refuse_an_order_at_the_new_price(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, sku = world.member(100), world.sku(points=90)
    world.address(member)
    found = find_offers([sku], consistent=True)
    dearer = replace(found[sku], points=95, least_points=95)
    lag_behind(monkeypatch, {sku: dearer})
    assert place(world, member, sku, expected={"points": 90}).status == 201


def test_a_stale_read_does_not_refuse_a_member_who_can_pay_the_new_price(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, sku = world.member(100), world.sku(points=90)
    world.address(member)
    found = find_offers([sku], consistent=True)
    lag_behind(monkeypatch, {sku: replace(found[sku], points=150, least_points=150)})
    assert place(world, member, sku).status == 201


def test_a_stale_read_does_not_refuse_a_member_within_the_new_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = world.product(points=1, limits={"per_member": 1})
    member, sku = world.member(100), product["skus"][0]["sku"]
    world.address(member)
    assert place(world, member, sku).status == 201
    found = find_offers([sku], consistent=True)
    path = f"/v1/admin/products/{product['id']}"
    change = {"limits": {"per_member": 2}}
    changed = world.api.patch(path, change, as_=world.ops, headers={"If-Match": "1"})
    assert changed.status == 200, changed.body
    lag_behind(monkeypatch, found)
    assert place(world, member, sku).status == 201


def test_a_quote_reads_no_address(world: World) -> None:
    member, sku = world.member(100), world.sku()
    body = {"items": [{"sku": sku, "quantity": 1}], "address_id": world.address(member)}
    with faults("BatchGetItem") as sent:
        assert world.api.post("/v1/orders/quote", body, as_=token(member)).status == 200
    assert not any("members" in table for request in sent for table in request["RequestItems"])
