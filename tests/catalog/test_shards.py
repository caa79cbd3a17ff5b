"""Stock in shards: raised and lowered while it sells, sold to the last unit, never twice."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.catalog import OutOfStock, sold_out, want_offers
from chalicelib.catalog.actions import shards
from chalicelib.catalog.queries import offers
from chalicelib.catalog.queries.offers import find_head
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel.errors import JifenError
from chalicelib.kernel.store.reads import ReadSet
from tests.catalog.sharded import back, buy, change, hot, left
from tests.catalog.shop import Shop, codes_of, fresh
from tests.kernel.wire import faults

pytestmark = pytest.mark.usefixtures("forgetful")


def test_a_new_sku_has_its_units_in_equal_parts(shop: Shop) -> None:
    sku = hot(shop, 10, 4)
    assert left(sku) == {0: 3, 1: 3, 2: 2, 3: 2}
    shown = shop.get(f"skus/{sku}").body
    assert (shown["shards"], shown["stock"]["available"]) == (4, 10)


def test_shards_are_raised_and_lowered_and_lose_no_unit(shop: Shop) -> None:
    sku = hot(shop, 100, 1)
    for number in (16, 64, 4, 7, 1):
        changed = change(shop, sku, {"shards": number})
        assert (changed.status, changed.body["shards"]) == (200, number)
        assert len(left(sku)) == number
        assert sum(left(sku).values()) == 100
        head = find_head(sku)
        assert head is not None
        assert not head.draining


def test_marks_are_set_and_lifted_and_leave_the_shards(shop: Shop) -> None:
    sku = hot(shop, 30, 3)
    set_ = change(shop, sku, {"low_mark": 40, "high_mark": 90}).body
    assert (set_["shards"], set_["low_mark"], set_["high_mark"]) == (3, 40, 90)
    assert set_["stock"] == {"status": "low", "available": 30}
    lifted = change(shop, sku, {"low_mark": None}).body
    assert (lifted["shards"], lifted["low_mark"], lifted["high_mark"]) == (3, None, 90)
    assert lifted["stock"]["status"] == "in_stock"


def test_a_stale_change_of_shards_is_refused(shop: Shop) -> None:
    sku = hot(shop, 9, 1)
    assert change(shop, sku, {"shards": 3}, 1).status == 200
    assert change(shop, sku, {"shards": 5}, 1).status == 412
    assert len(left(sku)) == 3


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"shards": 0}, ("shards", "out_of_range")),
        ({"shards": 65}, ("shards", "out_of_range")),
        ({"low_mark": -1}, ("low_mark", "out_of_range")),
        ({"low_mark": 5, "high_mark": 5}, ("high_mark", "not_above_low_mark")),
    ],
)
def test_a_bad_setting_is_refused(shop: Shop, body: object, wrong: tuple[str, str]) -> None:
    sku = hot(shop, 9, 2)
    refused = change(shop, sku, body)
    assert (refused.status, codes_of(refused)) == (400, [wrong])
    assert shop.get(f"skus/{sku}").body["low_mark"] is None
    assert len(left(sku)) == 2


def test_only_ops_change_shards(shop: Shop) -> None:
    sku = hot(shop, 9, 1)
    for role, status in ((shop.agent, 403), (shop.member, 403)):
        answer = shop.api.patch(
            f"/v1/admin/skus/{sku}", {"shards": 2}, as_=role, headers={"If-Match": "1"}
        )
        assert answer.status == status
    assert change(shop, fresh("NO"), {"shards": 2}, 1).status == 404
    assert len(left(sku)) == 1


def test_buyers_draw_on_all_shards_once_their_number_is_known(shop: Shop) -> None:
    sku = hot(shop, 400, 4)
    buy(sku)
    for _ in range(60):
        assert buy(sku) == "bought"
    assert sum(left(sku).values()) == 339
    assert all(units < 100 for units in left(sku).values())


@pytest.mark.parametrize("number", [1, 4, 16])
def test_buyers_at_once_get_each_unit_and_no_more(shop: Shop, number: int) -> None:
    sku = hot(shop, 23, number)
    with ThreadPoolExecutor(8) as threads:
        outcomes = Counter(threads.map(lambda _: buy(sku), range(40)))
    assert outcomes == {"bought": 23, "out_of_stock": 17}
    assert sum(left(sku).values()) == 0


def test_the_last_units_are_sold_together_though_they_lie_in_many_shards(shop: Shop) -> None:
    sku = hot(shop, 16, 16)
    assert buy(sku, 11) == "bought"
    assert buy(sku, 6) == "out_of_stock"
    assert buy(sku, 5) == "bought"
    assert sum(left(sku).values()) == 0


def test_a_refusal_after_the_sale_reads_one_item_and_writes_nothing(shop: Shop) -> None:
    sku = hot(shop, 4, 4)
    while buy(sku) == "bought":
        pass
    with faults("*") as sent:
        assert buy(sku) == "out_of_stock"
    keys = [
        key for request in sent for each in request["RequestItems"].values() for key in each["Keys"]
    ]
    assert keys == [{"pk": {"S": f"SKU#{sku}"}, "sk": {"S": "SHARD#00"}}]


def test_a_returned_unit_is_sold_again_at_once(shop: Shop) -> None:
    sku = hot(shop, 4, 4)
    while buy(sku) == "bought":
        pass
    back(sku)
    assert [buy(sku), buy(sku)] == ["bought", "out_of_stock"]
    assert shop.post(f"skus/{sku}/restock", {"quantity": 8, "reason": "x"}).status == 201
    assert left(sku) == dict.fromkeys(range(4), 2)
    assert [buy(sku) for _ in range(9)] == ["bought"] * 8 + ["out_of_stock"]


def test_sold_out_is_not_remembered_once_a_unit_has_come(shop: Shop) -> None:
    sku = hot(shop, 2, 2)
    assert buy(sku, 2) == "bought"
    reads = ReadSet()
    find = want_offers(reads, [sku], consistent=True)
    reads.read()
    empty = find()[sku]
    assert empty.empty_in is not None
    back(sku)
    with pytest.raises(JifenError) as moved:
        sold_out(empty)
    assert not isinstance(moved.value, OutOfStock)
    assert buy(sku) == "bought"


def test_a_new_price_is_that_of_all_shards_when_it_is_answered(shop: Shop) -> None:
    made = shop.product(skus=[{"sku": fresh("HOT"), "stock": 30, "shards": 8}])
    sku = made["skus"][0]["sku"]
    assert shop.patch(f"products/{made['id']}", {"price": {"points": 5}}, version=1).status == 200
    for shard in range(8):
        item = StockItem.find(*StockItem.key_of(sku, shard))
        assert (item.points, item.terms_version) == (5, 2)
    changed = change(shop, sku, {"shards": 12})
    assert changed.body["points"] == 5
    assert StockItem.find(*StockItem.key_of(sku, 11)).points == 5


def test_units_whose_terms_are_behind_after_a_crash_are_sold_on_the_new_terms(shop: Shop) -> None:
    made = shop.product(skus=[{"sku": fresh("HOT"), "stock": 8, "shards": 4}])
    sku = made["skus"][0]["sku"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "complete_terms", lambda _: None)
        shop.patch(f"products/{made['id']}", {"price": {"points": 5}}, version=1)
    offers._known.clear()
    assert StockItem.find(*StockItem.key_of(sku, 1)).points == 800
    assert buy(sku, 8) == "bought"
    assert sum(left(sku).values()) == 0
    assert StockItem.find(*StockItem.key_of(sku, 1)).points == 5


def test_units_of_dropped_shards_are_for_sale_though_a_crash_left_them(shop: Shop) -> None:
    sku = hot(shop, 8, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "spread", lambda _: None)
        assert change(shop, sku, {"shards": 1}).status == 200
    assert shop.available(sku) == 8
    assert [buy(sku) for _ in range(9)] == ["bought"] * 8 + ["out_of_stock"]
    back(sku, 3)
    shards.spread(sku)
    assert left(sku) == {0: 3}
    assert StockItem.find(*StockItem.key_of(sku, 3)) is None


def test_buyers_returns_and_changes_of_shards_at_once_lose_no_unit(shop: Shop) -> None:
    """Once it is quiet every unit is sold."""
    sku, dice = hot(shop, 40, 4), random.Random(7)
    held: list[int] = []

    def act(number: int) -> None:
        if number % 12 == 0:
            change(shop, sku, {"shards": dice.choice((1, 2, 5, 9))})
        elif number % 3 == 0 and held:
            back(sku, held.pop())
        elif buy(sku, quantity := dice.choice((1, 1, 2, 3))) == "bought":
            held.append(quantity)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(act, range(120)))
    assert sum(left(sku).values()) + sum(held) == 40
    rest = sum(left(sku).values())
    assert Counter(buy(sku) for _ in range(rest + 2)) == Counter(bought=rest, out_of_stock=2)


def test_corrections_and_restocks_reach_every_shard(shop: Shop) -> None:
    sku = hot(shop, 16, 8)
    fewer = shop.post(f"skus/{sku}/correct", {"quantity": -13, "reason": "盘点"})
    assert (fewer.status, fewer.body["available"]) == (201, 3)
    none = shop.post(f"skus/{sku}/correct", {"quantity": -4, "reason": "盘点"})
    assert (none.status, none.body["code"], none.body["available"]) == (409, "out_of_stock", 3)
    assert shop.available(sku) == 3
