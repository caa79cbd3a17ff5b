"""The stock of a product in short: right once the stream was told, and never trusted by a sale."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.catalog import count_alerts
from chalicelib.catalog.actions import summaries
from chalicelib.catalog.queries import summaries as reads
from chalicelib.catalog.queries.offers import find_head, read_shards
from chalicelib.catalog.tables.movements import SummaryItem
from chalicelib.catalog.tables.stock import StockItem
from tests.catalog.sharded import back, buy, change, hot
from tests.catalog.shop import Shop, fresh
from tests.catalog.streamed import Record, Watched, deliver
from tests.kernel.wire import faults

pytestmark = pytest.mark.usefixtures("forgetful")


def matrix(shop: Shop, size: int = 3, stock: int = 20) -> tuple[str, list[str]]:
    name = fresh("TEE")
    skus = [{"sku": f"{name}-{n}", "specs": {"size": str(n)}, "stock": stock} for n in range(size)]
    product = shop.product(skus=skus)
    return product["id"], [each["sku"] for each in skus]


def units(product_id: str) -> dict[str, int]:
    item = SummaryItem.find(*SummaryItem.key_of(product_id))
    return item.value().units if item else {}


def shown(shop: Shop, product_id: str) -> list[int]:
    """Units of each SKU on the public page."""
    page = shop.api.get(f"/v1/products/{product_id}").body
    assert page["stock"]["available"] == sum(each["stock"]["available"] for each in page["skus"])
    return [each["stock"]["available"] for each in page["skus"]]


def row(shop: Shop, product_id: str) -> int:
    """Units of a product in the public list."""
    found = shop.api.get(f"/v1/products?category={shop.category}").body["data"]
    [available] = [each["stock"]["available"] for each in found if each["id"] == product_id]
    return int(available)


def test_a_product_without_a_summary_shows_its_stock_as_it_is(shop: Shop) -> None:
    product_id, skus = matrix(shop)
    buy(skus[0], 5)
    assert shown(shop, product_id) == [15, 20, 20]
    assert row(shop, product_id) == 55


def test_the_first_change_that_is_told_brings_all_skus_into_the_summary(shop: Shop) -> None:
    product_id, skus = matrix(shop)
    watched = Watched(*skus)
    watched.changed()
    deliver(watched.changed(lambda: buy(skus[1], 2)))
    assert units(product_id) == dict(zip(skus, (20, 18, 20), strict=True))
    assert shown(shop, product_id) == [20, 18, 20]
    assert row(shop, product_id) == 58


def test_a_summary_lags_until_the_stream_is_told_and_no_sale_trusts_it(shop: Shop) -> None:
    product_id, skus = matrix(shop)
    watched = Watched(*skus)
    deliver(watched.changed())
    late = watched.changed(lambda: buy(skus[0], 20))
    assert shown(shop, product_id) == [20, 20, 20]
    assert buy(skus[0]) == "out_of_stock"
    deliver(late)
    assert shown(shop, product_id) == [0, 20, 20]
    back(skus[0], 4)
    assert shown(shop, product_id) == [0, 20, 20]
    assert buy(skus[0], 4) == "bought"


def test_a_sku_that_came_later_is_shown_before_the_summary_has_it(shop: Shop) -> None:
    product_id, skus = matrix(shop, 2)
    deliver(Watched(*skus).changed())
    added = {"sku": fresh("TEE"), "specs": {"size": "9"}, "stock": 7}
    changed = shop.patch(f"products/{product_id}", {"skus": [added]}, version=1)
    assert changed.status == 200, changed
    assert sorted(shown(shop, product_id)) == [7, 20, 20]
    assert row(shop, product_id) == 47


def test_one_sku_is_read_itself_and_a_spread_one_by_its_summary(shop: Shop) -> None:
    product = shop.product()
    sku = product["skus"][0]["sku"]
    deliver(Watched(sku).changed())
    buy(sku, 3)
    assert (shown(shop, product["id"]), row(shop, product["id"])) == ([47], 47)
    spread = shop.product(skus=[{"sku": fresh("HOT"), "stock": 40, "shards": 4}])
    sku = spread["skus"][0]["sku"]
    assert (shown(shop, spread["id"]), row(shop, spread["id"])) == ([40], 40)
    deliver(Watched(sku).changed())
    buy(sku, 3)
    assert (shown(shop, spread["id"]), row(shop, spread["id"])) == ([40], 40)


def test_a_page_of_sixty_skus_is_one_query(shop: Shop) -> None:
    product_id, skus = matrix(shop, 60)
    deliver(Watched(*skus).changed())
    with faults("Query") as queries, faults("BatchGetItem") as batches, faults("GetItem") as gets:
        assert len(shown(shop, product_id)) == 60
    assert (len(queries), batches, gets) == (1, [], [])
    row(shop, product_id)  # The process knows the categories now.
    with faults("Query") as queries, faults("BatchGetItem") as batches:
        assert row(shop, product_id) == 1200
    assert (len(queries), len(batches)) == (1, 1)


def test_a_sale_while_the_summary_is_written_is_not_lost(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another reader of the stream writes a later sum between our read and our write."""
    product_id, skus = matrix(shop)
    watched = Watched(*skus)
    deliver(watched.changed())
    first, real = watched.changed(lambda: buy(skus[0], 1)), summaries.read_stock
    beaten: list[bool] = []

    def beats(wanted: list[str]) -> Any:
        found = real(wanted)
        if not beaten:
            beaten.append(True)
            deliver(watched.changed(lambda: buy(skus[0], 1)))
        return found

    monkeypatch.setattr(summaries, "read_stock", beats)
    deliver(first)
    assert units(product_id)[skus[0]] == 18


def test_threads_that_tell_shards_in_any_order_end_at_the_stock(shop: Shop) -> None:
    product_id, skus = matrix(shop, 4, 30)
    assert change(shop, skus[0], {"shards": 4}).status == 200
    watched = Watched(*skus)
    deliver(watched.changed())

    def sell(seed: int) -> None:
        chance = random.Random(seed)
        for number in range(12):
            buy(chance.choice(skus), 1, f"ord_{seed}_{number}")
            sold = [_touched(sku) for sku in chance.sample(skus, 2)]
            deliver([each for records in sold for each in records] * 2)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(sell, range(6)))
    # The last word of each item comes last of it, whatever came before.
    for sku in random.sample(skus, len(skus)):
        deliver(_touched(sku))
    assert units(product_id) == {sku: shop.available(sku) for sku in skus}
    assert sum(units(product_id).values()) == 4 * 30 - 6 * 12


def _touched(sku: str) -> list[Record]:
    """Records as if the units of a SKU had changed a moment ago."""
    unseen = Watched(sku)
    return unseen.changed()


def test_a_change_of_price_over_shards_is_completed_after_a_crash(shop: Shop) -> None:
    product = shop.product(skus=[{"sku": fresh("HOT"), "stock": 40, "shards": 4}])
    sku = product["skus"][0]["sku"]
    watched = Watched(sku)
    watched.changed()
    # The transaction of a new price was written; the request died before the other shards.
    head = StockItem.key(sku)
    died = watched.changed(
        lambda: head.update([StockItem.points.set(999), StockItem.terms_version.set(2)])
    )
    deliver(died)
    seen = find_head(sku)
    assert seen is not None
    assert {item.points for item in read_shards(seen).values()} == {999}
    assert sum(item.available for item in read_shards(seen).values()) == 40


def test_shards_that_a_crash_left_to_be_emptied_are_emptied(shop: Shop) -> None:
    sku = hot(shop, 40, 4)
    watched = Watched(sku)
    watched.changed()
    actions = [
        StockItem.shards.set(2),
        StockItem.draining.set(4),
        StockItem.set_version.set(3),
    ]
    deliver(watched.changed(lambda: StockItem.key(sku).update(actions)))
    seen = find_head(sku)
    assert seen is not None
    assert not seen.draining
    assert {n: item.available for n, item in read_shards(seen).items()} == {0: 20, 1: 20}


def alerts(shop: Shop, sku: str) -> list[tuple[str, int, int]]:
    found = shop.api.listed("/v1/admin/stock-alerts", as_=shop.ops)
    return [
        (each["level"], each["available"], each["sku"]["stock"]["available"])
        for each in found
        if each["sku"]["sku"] == sku
    ]


def test_a_crossed_mark_is_told_once_until_the_stock_came_back(
    shop: Shop, published: list[Any]
) -> None:
    sku = shop.sku()
    assert change(shop, sku, {"low_mark": 45, "high_mark": 60}).status == 200
    watched = Watched(sku)
    deliver(watched.changed())
    assert alerts(shop, sku) == []
    deliver(watched.changed(lambda: buy(sku, 6)))
    assert alerts(shop, sku) == [("low", 44, 44)]
    lower = watched.changed(lambda: buy(sku, 4))
    deliver(lower)
    deliver(lower)
    assert alerts(shop, sku) == [("low", 44, 40)]
    deliver(watched.changed(lambda: back(sku, 10)))
    assert alerts(shop, sku) == []
    deliver(watched.changed(lambda: back(sku, 40)))
    assert alerts(shop, sku) == [("high", 90, 90)]
    deliver(watched.changed(lambda: change(shop, sku, {"high_mark": None})))
    assert alerts(shop, sku) == []


def test_marks_are_of_all_shards_together(shop: Shop) -> None:
    sku = hot(shop, 40, 4)
    assert change(shop, sku, {"low_mark": 12}).status == 200
    watched = Watched(sku)
    deliver(watched.changed())
    deliver(watched.changed(lambda: [buy(sku, 3, f"ord_{n}") for n in range(9)]))
    assert alerts(shop, sku) == []
    deliver(watched.changed(lambda: buy(sku, 1)))
    assert alerts(shop, sku) == [("low", 12, 12)]


def test_a_pool_of_codes_that_runs_low_is_told(shop: Shop) -> None:
    sku = shop.virtual_sku([f"CODE-{fresh('X')}-{n}" for n in range(5)])
    assert change(shop, sku, {"low_mark": 3}).status == 200
    watched = Watched(sku)
    deliver(watched.changed())
    deliver(watched.changed(lambda: buy(sku, 2)))
    assert alerts(shop, sku) == [("low", 3, 3)]


def test_goods_off_the_shelf_and_goods_without_marks_alarm_nobody(shop: Shop) -> None:
    sku, draft = shop.sku(skus=[{"sku": fresh("CUP"), "stock": 1}]), shop.sku(status="draft")
    assert change(shop, draft, {"low_mark": 99}).status == 200
    for each in (sku, draft):
        deliver(Watched(each).changed())
        assert alerts(shop, each) == []


def test_alerts_are_counted_and_listed_for_the_staff(shop: Shop) -> None:
    sku = shop.sku()
    before = count_alerts().count
    assert change(shop, sku, {"low_mark": 50}).status == 200
    deliver(Watched(sku).changed())
    assert count_alerts().count in (before + 1, 100)
    assert shop.api.get("/v1/admin/stock-alerts", as_=shop.agent).status == 200
    assert shop.api.get("/v1/admin/stock-alerts", as_=shop.member).status == 403


def test_a_sum_that_moves_while_it_is_read_crosses_no_mark(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Units on their way between shards may be seen in none of them."""
    sku = hot(shop, 40, 4)
    assert change(shop, sku, {"low_mark": 12}).status == 200
    records, real = Watched(sku).changed(), reads.read_shards

    def moved(head: StockItem) -> Any:
        found = real(head)
        StockItem.key(sku).update([StockItem.epoch.add(1)])
        return {0: found[0]}

    with monkeypatch.context() as moving:
        moving.setattr(reads, "read_shards", moved)
        deliver(records)
    assert alerts(shop, sku) == []
    deliver(Watched(sku).changed())
    assert alerts(shop, sku) == []
