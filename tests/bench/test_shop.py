"""The malls that are compared hold copies that the application reads as its own."""

from __future__ import annotations

from infra.bench import shop
from infra.bench.shop_tasks import REQUESTS


def test_each_request_is_answered_beside_many_goods_and_beside_few() -> None:
    found = shop.measure(shop.Size(goods=60, orders=80), repetitions=1, warm_up=1)
    assert [each.use_case for each in found.ratios] == list(REQUESTS)
    assert "| a product |" in shop.of_shop(found)
