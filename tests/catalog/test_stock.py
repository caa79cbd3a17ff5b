"""Stock: reserved on the read terms, returned, restocked; never negative."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog import OutOfStock, release, reserve
from chalicelib.catalog.queries.offers import find_offers
from chalicelib.catalog.rules.products import Localized, Product, shelf, stock_status, within
from chalicelib.catalog.rules.stock import Because
from chalicelib.catalog.tables.items import points_order
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel import clock
from chalicelib.kernel.errors import JifenError, Moved
from chalicelib.kernel.store.tables import connection
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from tests.api import new_key
from tests.catalog.shop import Shop, codes_of, fresh

BACK = Because("cancelled", "ord_1")
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def _buy(sku: str, quantity: int = 1, *, consistent: bool = True) -> str:
    """Reserve like an order; returns the outcome."""

    def attempt() -> str:
        writes = WriteSet()
        reserve(writes, find_offers([sku], consistent=consistent)[sku], quantity, "ord_1")
        writes.commit()
        return "bought"

    try:
        return with_fresh_reads(attempt)
    except JifenError as refused:
        return refused.code


def test_twenty_buyers_at_once_get_the_last_five_and_no_more(shop: Shop) -> None:
    sku = shop.sku(skus=[{"sku": fresh("HOT"), "stock": 5}])
    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(_buy, [sku] * 20))
    assert sorted(outcomes) == ["bought"] * 5 + ["out_of_stock"] * 15
    assert shop.available(sku) == 0


def test_the_last_units_are_sold_whole_or_not(shop: Shop) -> None:
    sku = shop.sku(skus=[{"sku": fresh("HOT"), "stock": 3}])
    assert [_buy(sku, 2), _buy(sku, 2), _buy(sku, 1)] == ["bought", "out_of_stock", "bought"]


def test_a_reservation_of_more_than_is_left_is_refused_at_the_commit(shop: Shop) -> None:
    sku = shop.sku(skus=[{"sku": fresh("HOT"), "stock": 1}])
    seen = find_offers([sku], consistent=True)[sku]
    assert _buy(sku) == "bought"
    writes = WriteSet()
    reserve(writes, seen, 1, "ord_1")
    with pytest.raises(Moved):
        writes.commit()
    with pytest.raises(OutOfStock):
        reserve(writes, seen, 2, "ord_1")
    assert shop.available(sku) == 0


@pytest.mark.parametrize("quantity", [0, -1])
def test_less_than_one_unit_is_neither_reserved_nor_returned(shop: Shop, quantity: int) -> None:
    sku = shop.sku()
    offer = find_offers([sku], consistent=True)[sku]
    with pytest.raises(ValueError):
        reserve(WriteSet(), offer, quantity, "ord_1")
    with pytest.raises(ValueError):
        release(WriteSet(), sku, quantity, BACK)


def test_released_units_are_sold_again_at_the_new_terms(shop: Shop) -> None:
    made = shop.product(skus=[{"sku": fresh("HOT"), "stock": 1}])
    sku = made["skus"][0]["sku"]
    assert _buy(sku) == "bought"
    shop.patch(f"products/{made['id']}", {"price": {"points": 1}}, version=1)
    writes = WriteSet()
    release(writes, sku, 1, BACK)
    writes.commit()
    assert shop.available(sku) == 1
    assert _buy(sku) == "bought"


def test_a_return_to_an_unknown_sku_is_refused(shop: Shop) -> None:
    writes = WriteSet()
    release(writes, fresh("NONE"), 1, BACK)
    with pytest.raises(Moved):
        writes.commit()


def test_several_offers_are_read_in_one_call(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    skus = [shop.sku(), shop.sku()]
    calls: list[str] = []

    def count(params: Any, model: Any, **_: Any) -> None:
        calls.append(model.name)

    events = connection().client.meta.events
    events.register("before-call.dynamodb", count)
    try:
        assert set(find_offers([*skus, *skus, fresh("NO"), "no such sku"], consistent=True)) == set(
            skus
        )
        assert set(find_offers(skus[:1], consistent=False)) == set(skus[:1])
        assert find_offers([], consistent=True) == find_offers(["#" * 5000], consistent=True) == {}
    finally:
        events.unregister("before-call.dynamodb", count)
    assert calls == ["BatchGetItem", "GetItem"]


def test_an_offer_holds_the_terms_of_its_sku(shop: Shop) -> None:
    made = shop.product(
        limits={"per_member": 2, "per_order": 1}, on_sale_from="2026-01-01T00:00:00Z"
    )
    sku = made["skus"][0]["sku"]
    offer = find_offers([sku], consistent=True)[sku]
    assert (offer.sku, offer.product_id, offer.kind) == (sku, made["id"], "physical")
    assert offer.title == Localized("保温杯", "Thermos cup")
    assert (offer.points, offer.per_member, offer.per_order) == (800, 2, 1)
    assert (offer.terms_version, offer.available, offer.specs) == (1, 50, {"colour": "red"})
    assert offer.on_sale(clock.now())
    assert not offer.on_sale(datetime(2025, 12, 31, 23, 59, tzinfo=UTC))


def test_the_stock_item_stays_under_a_kilobyte_at_maximal_lengths(shop: Shop) -> None:
    wide = "\U00020000"  # four bytes in UTF-8
    sku = ("S" * 24 + fresh("")).ljust(32, "X")[:32]
    specs = {"色": wide * 40, "尺": wide * 15}
    money = {"amount": 10**12, "currency": "CNY"}
    dearest = {"points": 10**9, "cash": money, "cash_equivalent": money, "min_points": 10**9 - 1}
    shop.product(
        title={"zh-CN": wide * 40, "en": wide * 10},
        price=dearest,
        cost=money,
        limits={"per_member": 10**6, "per_order": 10**6},
        status="off_sale",
        kind="physical",
        on_sale_from="2090-01-01T00:00:00.999Z",
        on_sale_until="2100-01-01T00:00:00.999Z",
        skus=[{"sku": sku, "specs": specs, "stock": 10**7}],
    )
    pk, sk = StockItem.key_of(sku)
    raw = connection().get_item(StockItem.Meta.table_name, pk, range_key=sk)["Item"]
    size = sum(len(name.encode()) + _size(value) for name, value in raw.items())
    assert 750 < size < 1024


def _size(value: dict[str, str]) -> int:
    """An upper bound of an attribute's size.

    Source: DynamoDB, "Item sizes and formats": a number takes a byte for two digits, and one.
    """
    ((kind, content),) = value.items()
    return len(content.encode()) if kind == "S" else len(content) // 2 + 2


def test_a_restock_adds_or_removes_units_with_a_reason(shop: Shop) -> None:
    sku = shop.sku()
    more = shop.post(f"skus/{sku}/restock", {"quantity": 20, "reason": "delivery"})
    assert more.status == 201
    assert more.body["id"].startswith("rst_")
    assert {n: more.body[n] for n in ("sku", "quantity", "available", "reason")} == {
        "sku": sku,
        "quantity": 20,
        "available": 70,
        "reason": "delivery",
    }
    less = shop.post(f"skus/{sku}/restock", {"quantity": -70, "reason": "broken"})
    assert less.body["available"] == 0
    assert shop.get(f"skus/{sku}").body["stock"] == {"status": "sold_out", "available": 0}


def test_a_retry_of_a_restock_adds_nothing(shop: Shop) -> None:
    sku, key = shop.sku(), new_key()
    body = {"quantity": -50, "reason": "count"}
    first = shop.post(f"skus/{sku}/restock", body, key=key)
    again = shop.post(f"skus/{sku}/restock", body, key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = shop.post(f"skus/{sku}/restock", {**body, "quantity": 5}, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert shop.available(sku) == 0


def test_a_restock_cannot_remove_more_than_the_stock(shop: Shop) -> None:
    sku = shop.sku()
    refused = shop.post(f"skus/{sku}/restock", {"quantity": -51, "reason": "count"})
    assert (refused.status, refused.body["code"], refused.body["sku"]) == (409, "out_of_stock", sku)
    assert shop.available(sku) == 50


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"quantity": 0, "reason": "x"}, "quantity"),
        ({"quantity": 1.5, "reason": "x"}, "quantity"),
        ({"quantity": 10**8, "reason": "x"}, "quantity"),
        ({"quantity": 1}, "reason"),
        ({"quantity": 1, "reason": ""}, "reason"),
    ],
)
def test_a_bad_restock_is_refused(shop: Shop, body: dict[str, Any], field: str) -> None:
    sku = shop.sku()
    refused = shop.post(f"skus/{sku}/restock", body)
    assert (refused.status, codes_of(refused)[0][0]) == (400, field)
    assert shop.available(sku) == 50


def test_an_unknown_sku_is_not_found(shop: Shop) -> None:
    body = {"quantity": 1, "reason": "x"}
    for sku in (fresh("NONE"), "S" * 100):
        assert shop.get(f"skus/{sku}").status == 404
        assert shop.post(f"skus/{sku}/restock", body).status == 404


def test_agents_may_not_restock(shop: Shop) -> None:
    sku = shop.sku()
    body = {"quantity": 1, "reason": "x"}
    path = f"/v1/admin/skus/{sku}/restock"
    for other in (shop.agent, shop.member):
        assert shop.api.post(path, body, as_=other, key=new_key()).status == 403
    assert shop.api.get(f"/v1/admin/skus/{sku}", as_=shop.agent).status == 200
    assert shop.available(sku) == 50


def test_concurrent_restocks_and_orders_lose_no_unit(shop: Shop) -> None:
    sku = shop.sku(skus=[{"sku": fresh("HOT"), "stock": 10}])

    def change(number: int) -> str:
        if number % 2:
            return _buy(sku)
        writes = WriteSet()
        release(writes, sku, 2, BACK)
        writes.commit()
        return "returned"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(change, range(16)))
    assert shop.available(sku) == 10 + 2 * 8 - outcomes.count("bought")
    assert outcomes.count("bought") == 8


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_stored_points_sort_as_text_like_numbers(one: int, other: int) -> None:
    assert (points_order(one) < points_order(other)) == (one < other)


def test_a_time_of_sale_includes_its_first_instant_and_not_its_last() -> None:
    at = clock.to_ms(NOW)
    assert within(NOW, None, None)
    assert within(NOW, at, at + 1)
    assert not within(NOW, at + 1, None)
    assert not within(NOW, None, at)
    assert within(NOW - timedelta(milliseconds=1), None, at)


def test_a_shelf_is_named_by_its_filters() -> None:
    assert shelf() == "all"
    assert shelf(category="home", kind="virtual") == "cat:home:kind:virtual"
    assert [stock_status(n) for n in (0, 1, 10, 11)] == ["sold_out", "low", "low", "in_stock"]
    assert Localized("保温杯", "").in_language("en") == "保温杯"
    assert Product.__struct_fields__[:2] == ("id", "version")
