"""A record without a required attribute is reported like any unreadable one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.catalog.tables.pools import CodeItem, FoundCode
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unreadable
from chalicelib.kernel.store.tables import connection, from_stream, required
from chalicelib.ledger.tables import EntryItem, account_key
from chalicelib.notify.actions import deliver
from chalicelib.orders.tables import OrderItem
from tests.api import token
from tests.kernel.unreadable_answers import assert_named, assert_not_named
from tests.notify import telling
from tests.world import World


def lack(table: str, pk: str, sk: str, name: str) -> str:
    return put_without(table, pk, sk, name, {})


@contextmanager
def put_back(table: str, pk: str, sk: str) -> Iterator[None]:
    """Restore a stored item at the end."""
    client: Any = connection().client
    where = {"TableName": f"jifen-dev-{table}", "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}
    image = client.get_item(**where, ConsistentRead=True)["Item"]
    try:
        yield
    finally:
        client.put_item(TableName=where["TableName"], Item=image)


def put_without(table: str, pk: str, sk: str, name: str, others: dict[str, Any]) -> str:
    """Take an attribute from a stored item, put others there, and give its name in errors."""
    client: Any = connection().client
    where = {"TableName": f"jifen-dev-{table}", "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}
    image = client.get_item(**where, ConsistentRead=True)["Item"]
    del image[name]
    client.put_item(TableName=where["TableName"], Item=image | others)
    return f"{pk} {sk}"


@pytest.mark.parametrize("name", ["lines", "steps", "status", "content", "member_id", "placed"])
def test_an_order_without_an_attribute_is_reported_and_left_out_of_the_list(
    world: World, name: str
) -> None:
    member, sku = world.member(100), world.sku(points=10)
    address = world.address(member)
    first, second = (world.order(member, sku, address_id=address).body["id"] for _ in range(2))
    key = lack("orders", first, "ORDER", name)
    try:
        assert_named(world.api.get(f"/v1/admin/orders/{first}", as_=world.ops), "orders", key)
        assert_not_named(world.api.get(f"/v1/orders/{first}", as_=token(member)), key)
        listed = world.api.get("/v1/me/orders", as_=token(member))
        assert [each["id"] for each in listed.body["data"]] == [second]
    finally:
        OrderItem(first, "ORDER").delete()


@pytest.mark.parametrize("name", ["status", "kind"])
def test_an_order_in_an_unknown_state_is_unreadable(world: World, name: str) -> None:
    member, sku = world.member(100), world.sku(points=10, kind="virtual")
    placed = world.order(member, sku).body["id"]
    key = put_without("orders", placed, "ORDER", name, {name: {"S": "nope"}})
    assert_not_named(world.api.get(f"/v1/orders/{placed}", as_=token(member)), key)
    listed = world.api.get("/v1/me/orders", as_=token(member))
    assert (listed.status, listed.body["data"]) == (200, [])


def test_a_list_of_products_skips_incomplete_stock_and_products(world: World) -> None:
    product, other = world.product(), world.product()
    stock = StockItem.key_of(product["skus"][0]["sku"])
    # The staff's list of all products would name them in other tests.
    with put_back("catalog", *stock), put_back("catalog", f"PRD#{other['id']}", "PRODUCT"):
        lack("catalog", *stock, "available")
        shown = world.api.get(f"/v1/products?category={world.category}")
        assert {each["id"]: each["stock"]["available"] for each in shown.body["data"]} == {
            product["id"]: 0,
            other["id"]: 10,
        }
        key = lack("catalog", f"PRD#{other['id']}", "PRODUCT", "product")
        assert_not_named(world.api.get(f"/v1/products/{other['id']}"), key)


@pytest.mark.parametrize("name", ["news", "created_ms"])
def test_an_inbox_skips_an_incomplete_notice(world: World, name: str) -> None:
    member = world.member(5)
    for _ in range(2):
        deliver(telling.entry(member), clock.machine_now())
    listed = "/v1/me/notifications"
    ids = [each["id"] for each in world.api.get(listed, as_=token(member)).body["data"]]
    lack("notify", f"MBR#{member}", f"NTC#{ids[0]}", name)
    left = world.api.get(listed, as_=token(member))
    assert [each["id"] for each in left.body["data"]] == ids[1:]


ENTRY = ["lots", "prev_hash", "type", "points", "balance_after", "seq", "occurred_at"]


@pytest.mark.parametrize("name", ENTRY)
def test_a_history_skips_an_incomplete_entry(world: World, name: str) -> None:
    member = world.member(5)
    world.give(member, 7)
    key = account_key(ledger.points_account(member))
    spoilt = next(iter(EntryItem.query(key, EntryItem.sk.startswith("ENT#"))))
    lack("ledger", spoilt.pk, spoilt.sk, name)
    left = world.api.get("/v1/me/points/entries", as_=token(member))
    assert (left.status, len(left.body["data"])) == (200, 1)


@pytest.mark.parametrize(
    ("table", "pk", "sk", "name", "path"),
    [
        ("ledger", "ACC#{account}", "ACCOUNT", "lots", "/v1/me/points"),
        ("members", "MBR#{member}", "PROFILE", "created_at", "/v1/me"),
        ("members", "MBR#{member}", "ADR#{address}", "created_at", "/v1/me/addresses/{address}"),
    ],
)
def test_a_member_reading_an_incomplete_record_does_not_learn_its_key(
    world: World, table: str, pk: str, sk: str, name: str, path: str
) -> None:
    member = world.member(5)
    names = {
        "member": member,
        "account": ledger.points_account(member),
        "address": world.address(member),
    }
    key = lack(table, pk.format(**names), sk.format(**names), name)
    if "/addresses/" in path:
        left = world.api.get("/v1/me/addresses", as_=token(member))
        assert (left.status, left.body["data"]) == (200, [])
    else:
        assert_not_named(world.api.get(path.format(**names), as_=token(member)), key)


def test_an_incomplete_image_of_a_stream_is_reported_too(world: World) -> None:
    member, sku = world.member(100), world.sku(points=10, kind="virtual")
    item = OrderItem.find(world.order(member, sku).body["id"], "ORDER")
    image = item.to_dynamodb_dict()
    assert from_stream(OrderItem, image).value() == item.value()
    for name in required(OrderItem):
        with pytest.raises(Unreadable) as refusal:
            from_stream(OrderItem, {each: image[each] for each in image if each != name})
        assert f"no {name}" in repr(refusal.value.__cause__) or name in ("pk", "sk")


def test_the_projection_of_a_code_in_an_index_is_read_by_its_own_class() -> None:
    shown = {"pk": {"S": "POOL#S"}, "sk": {"S": "ISSUED#x"}, "order_id": {"S": "ord_1"}}
    assert FoundCode.from_raw_data(shown).order_id == "ord_1"
    with pytest.raises(Unreadable):
        CodeItem.from_raw_data(shown)
