"""The reader of the stock's stream makes only calls that its policy allows."""

from __future__ import annotations

from chalicelib.catalog.tables.movements import AlertItem
from chalicelib.catalog.tables.stock import StockItem
from tests.api import Api
from tests.catalog.sharded import buy, change, hot
from tests.catalog.shop import Shop
from tests.catalog.streamed import Watched, deliver
from tests.infra.permissions import Guard


def test_the_relay_may_record_movements_summaries_and_alerts_and_finish_changes(
    guard: Guard, api: Api
) -> None:
    shop = Shop(api)
    sku = hot(shop, 40, 4)
    assert change(shop, sku, {"low_mark": 39}).status == 200
    watched = Watched(sku)
    with guard.acting_as("StockRelay"):
        deliver(watched.changed())
    sold = watched.changed(lambda: buy(sku, 1))
    with guard.acting_as("StockRelay"):
        deliver(sold)
    assert AlertItem.find("ALERTS", sku).level == "low"
    actions = [StockItem.terms_version.set(2), StockItem.shards.set(2)]
    actions += [StockItem.draining.set(4), StockItem.set_version.set(9)]
    cut = watched.changed(lambda: StockItem.key(sku).update(actions))
    with guard.acting_as("StockRelay"):
        assert deliver(cut) == {"batchItemFailures": []}
