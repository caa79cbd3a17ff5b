"""The costs of reads that pages make often."""

from __future__ import annotations

from chalicelib.catalog.queries import ratings, skus
from infra.bench.write_units import Meter, Spent
from tests.api import token
from tests.world import World


def test_the_limit_of_a_member_costs_a_quote_half_a_read_unit(world: World, meter: Meter) -> None:
    member = world.member(100)
    address = world.address(member)
    free, limited = world.sku(points=10), world.sku(points=10, limits={"per_member": 2})
    assert world.order(member, limited, address_id=address).status == 201
    spent = {}
    for sku in (free, limited):
        meter.take()
        body = {"items": [{"sku": sku, "quantity": 1}]}
        assert world.api.post("/v1/orders/quote", body, as_=token(member)).status == 200
        spent[sku] = meter.take()
    assert spent[free].requests == ["BatchGetItem"]
    assert spent[limited].requests == ["BatchGetItem"] * 2
    assert spent[limited].read_units == spent[free].read_units + 0.5
    assert (spent[limited].write_units, spent[free].write_units) == (0, 0)


def test_the_payments_of_an_order_cost_3_read_units(world: World, meter: Meter) -> None:
    member = world.member(100)
    sku, address = world.sku(points=10), world.address(member)
    order = world.order(member, sku, address_id=address).body
    meter.take()
    path = f"/v1/admin/orders/{order['id']}/payments"
    assert world.api.get(path, as_=world.ops).status == 200
    spent = meter.take()
    assert spent.requests == ["GetItem", "GetItem", "Query"]
    assert spent.read_units <= 3


def test_a_page_of_skus_is_a_query_and_a_batch_for_fifty_products(
    world: World, meter: Meter
) -> None:
    world.sku(stock=0)
    meter.take()
    assert world.api.get("/v1/admin/skus?left=short&limit=1", as_=world.ops).status == 200
    spent = meter.take()
    assert len(spent.requests) <= 2 * (skus.MOST_PRODUCTS // 50) + 1
    assert "Scan" not in spent.requests
    assert spent.write_units == 0


def test_a_list_reads_no_rating_that_the_process_has_just_read(world: World, meter: Meter) -> None:
    def listed() -> Spent:
        meter.take()
        page = world.api.get(f"/v1/products?category={world.category}&limit=2")
        assert (page.status, len(page.body["data"])) == (200, 2)
        return meter.take()

    world.sku(), world.sku()
    listed()  # it reads the tree of categories, too
    ratings._seen.clear()
    spent = [listed(), listed()]
    assert [each.requests for each in spent] == [["Query", "BatchGetItem"]] * 2
    assert spent[1].read_units == spent[0].read_units - 2 * 0.5


def test_a_day_of_the_audit_is_one_query(world: World, meter: Meter) -> None:
    for query in ("day=2026-11-29", "actor=mbr_1", "actor=mbr_1&day=2026-11-29"):
        meter.take()
        assert world.api.get(f"/v1/admin/audit?{query}", as_=world.ops).status == 200
        assert meter.take().requests == ["Query"], query
