"""Movements of stock: each once, however often and in whatever batches the stream tells them."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

import pytest

from chalicelib.catalog.actions import movements
from chalicelib.catalog.queries.chains import prove_movements
from chalicelib.catalog.rules.movements import Gap
from chalicelib.catalog.tables.movements import MovementItem
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel.store import streams
from tests.catalog.sharded import back, buy, change, hot
from tests.catalog.shop import Shop, codes_of, fresh
from tests.catalog.streamed import Record, Watched, deliver

pytestmark = pytest.mark.usefixtures("forgetful")


def listed(shop: Shop, sku: str, query: str = "") -> list[dict[str, Any]]:
    """All movements, the latest first, a few a page."""
    found, cursor = [], ""
    while True:
        page = shop.get(f"skus/{sku}/movements?limit=3{query}{cursor}")
        assert page.status == 200, page
        found += page.body["data"]
        if page.body["next_cursor"] is None:
            return found
        cursor = f"&cursor={page.body['next_cursor']}"


def told(rows: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(row["why"], row["before"], row["after"]) for row in rows]


def a_life(shop: Shop, sku: str) -> list[Record]:
    """What the stream tells of a SKU's opening, restock, sale, return and correction."""
    watched = Watched(sku)
    records = watched.changed()
    counted = {"quantity": -1, "reason": "一只破损"}
    for act in (
        lambda: shop.post(f"skus/{sku}/restock", {"quantity": 5, "reason": "到货"}),
        lambda: buy(sku, 3),
        lambda: back(sku, 2),
        lambda: shop.post(f"skus/{sku}/correct", counted),
    ):
        records += watched.changed(act)
    return records


LIFE = [
    ("correction", 54, 53),
    ("cancelled", 52, 54),
    ("sale", 55, 52),
    ("restock", 50, 55),
    ("created", 0, 50),
]


def test_each_change_of_stock_is_a_movement_and_tells_who_and_why(shop: Shop) -> None:
    sku = shop.sku()
    assert deliver(a_life(shop, sku)) == {"batchItemFailures": []}
    rows = listed(shop, sku)
    assert told(rows) == LIFE
    correction, back_, sale, restock, created = rows
    assert (correction["by"], correction["reason"]) == ("mbr_ops", "一只破损")
    assert (restock["by"], restock["reason"]) == ("mbr_ops", "到货")
    assert (sale["by"], sale["reference"][:4]) == (None, "ord_")
    assert (back_["reference"], created["reference"]) == ("ord_1", None)
    assert [row["change"] for row in rows] == [-1, 2, -3, 5, 50]
    assert sum(row["change"] for row in rows) == shop.available(sku)
    assert prove_movements(sku) == (5, [])


@pytest.mark.parametrize("seed", range(5))
def test_batches_that_come_again_in_any_cut_change_nothing(shop: Shop, seed: int) -> None:
    sku, chance = shop.sku(), random.Random(seed)
    records = a_life(shop, sku)
    for _ in range(6):
        start = chance.randrange(len(records))
        deliver(records[start : start + chance.randint(1, 4)] * 2)
    deliver(records)
    assert told(listed(shop, sku)) == LIFE


def test_a_batch_goes_on_after_a_crash_in_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    sku = shop.sku()
    records = a_life(shop, sku)

    def dies(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as dying:
        dying.setattr(movements, "refresh", dies)
        [failure] = deliver(records)["batchItemFailures"]
    assert failure["itemIdentifier"] == records[0]["dynamodb"]["SequenceNumber"]
    deliver(records)
    assert told(listed(shop, sku)) == LIFE
    assert prove_movements(sku) == (5, [])


def test_shards_are_proven_whatever_comes_first(shop: Shop) -> None:
    sku = hot(shop, 8, 4)
    watched = Watched(sku)
    records = watched.changed()
    for number in range(6):
        records += watched.changed(lambda number=number: buy(sku, 1, f"ord_{number}"))
    records += watched.changed(lambda: change(shop, sku, {"shards": 2}))
    by_shard: dict[str, list[Record]] = {}
    for each in records:
        by_shard.setdefault(each["dynamodb"]["Keys"]["sk"]["S"], []).append(each)
    for shard in reversed(by_shard):
        deliver(by_shard[shard])
    rows = listed(shop, sku)
    assert len({row["shard"] for row in rows}) == 4
    assert sum(row["change"] for row in rows) == shop.available(sku) == 2
    assert prove_movements(sku)[1] == []


def test_a_movement_that_is_missing_is_noticed(shop: Shop) -> None:
    sku = shop.sku()
    deliver(a_life(shop, sku))
    StockItem.key(sku).update([StockItem.available.set(9)])
    assert prove_movements(sku)[1] == [Gap(0, 53, 9)]


def test_movements_are_found_by_why_and_time(shop: Shop) -> None:
    sku = shop.sku()
    deliver(a_life(shop, sku))
    assert told(listed(shop, sku, "&why=restock")) == [LIFE[3]]
    assert listed(shop, sku, "&why=refund") == []
    at = listed(shop, sku)[2]["at"]
    assert told(listed(shop, sku, f"&from={at}")) == LIFE[:3]
    assert told(listed(shop, sku, f"&to={at}")) == LIFE[3:]
    for never in ("to=0455-08-22T17:48:07Z", "from=7087-05-03T00:38:25Z"):
        assert listed(shop, sku, f"&{never}") == [], never
    refused = shop.get(f"skus/{sku}/movements?from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z")
    assert (refused.status, codes_of(refused)) == (400, [("to", "invalid_span")])
    assert shop.get(f"skus/{sku}/movements?why=magic").status == 400


def test_movements_go_to_a_file(shop: Shop) -> None:
    sku = shop.sku()
    deliver(a_life(shop, sku))
    lines = shop.get(f"skus/{sku}/movements.csv").body.splitlines()
    assert len(lines) == 6
    assert ",why,reference,by,reason," in lines[0]
    assert "correction" in lines[1]


def test_movements_are_for_the_staff(shop: Shop) -> None:
    sku = shop.sku()
    path = f"/v1/admin/skus/{sku}/movements"
    assert shop.api.get(path, as_=shop.agent).status == 200
    assert shop.api.get(path, as_=shop.member).status == 403
    assert shop.api.get(path).status == 401
    assert shop.get(f"skus/{fresh('NO')}/movements").status == 404


def test_a_movement_is_kept_as_long_as_the_setting_says(shop: Shop) -> None:
    sku = shop.sku()
    deliver(Watched(sku).changed())
    [item] = MovementItem.query(MovementItem.lane_of(sku, 0))
    assert item.ttl == item.at + 400 * 86_400
    assert MovementItem.of(item.value(), None).ttl is None


def test_a_record_that_cannot_be_read_is_parked_and_the_others_go_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    parked: list[Any] = []
    monkeypatch.setattr(streams, "park", lambda record, _: parked.append(record) or "key")
    sku = shop.sku()
    # Each image on its own: one record holds the other's.
    records = [deepcopy(each) for each in a_life(shop, sku)]
    records[1]["dynamodb"]["NewImage"]["available"] = {"N": "many"}
    assert deliver(records) == {"batchItemFailures": []}
    assert len(parked) == 1
    assert told(listed(shop, sku)) == [*LIFE[:3], LIFE[4]]
