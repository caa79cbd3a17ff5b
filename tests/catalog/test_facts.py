"""Facts of the catalog."""

from __future__ import annotations

from msgspec import to_builtins

from chalicelib.catalog.events import facts_of
from chalicelib.catalog.queries.products import find_product_item
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel.store.streams import Change
from tests.catalog.shop import Shop


def test_each_version_of_a_product_is_a_fact_of_its_own(shop: Shop) -> None:
    product = shop.product()
    first = find_product_item(product["id"], consistent=True)
    changed = shop.patch(f"products/{product['id']}", {"price": {"points": 5}}, version=1)
    second = find_product_item(product["id"], consistent=True)
    facts = facts_of(Change("1", None, first.to_dynamodb_dict()))
    facts += facts_of(Change("2", first.to_dynamodb_dict(), second.to_dynamodb_dict()))
    assert [to_builtins(fact.data) for fact in facts] == [
        {"product_id": product["id"], "version": 1},
        {"product_id": product["id"], "version": 2},
    ]
    assert [fact.id for fact in facts] == [
        f"catalog.product_changed:{product['id']}:{version}" for version in (1, 2)
    ]
    assert facts[1].occurred_at == changed.body["updated_at"]


def test_a_change_of_stock_is_no_fact_of_a_product(shop: Shop) -> None:
    item = StockItem.find(*StockItem.key_of(shop.sku()))
    assert facts_of(Change("1", None, item.to_dynamodb_dict())) == []
