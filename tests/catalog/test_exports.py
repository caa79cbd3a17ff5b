"""The staff takes SKUs and their stock as a CSV file, in parts."""

from __future__ import annotations

import csv
import io
from typing import Any

from chalicelib.kernel.web.http import NEXT_CURSOR
from tests.api import token
from tests.catalog.shop import Shop

PATH = "/v1/admin/exports/skus"


def test_a_file_has_each_sku_once_with_its_stock(shop: Shop) -> None:
    mine = [shop.product() for _ in range(3)]
    text, cursor = "", ""
    while True:
        answer: Any = shop.api.get(f"{PATH}?limit=2{cursor}", as_=token("mbr_ops", "ops"))
        assert answer.status == 200, answer.body
        text += answer.body
        if NEXT_CURSOR not in answer.headers:
            break
        cursor = f"&cursor={answer.headers[NEXT_CURSOR]}"
    found = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    skus = [row["sku"] for row in found]
    for product in mine:
        for sku in product["skus"]:
            assert skus.count(sku["sku"]) == 1
            row = found[skus.index(sku["sku"])]
            assert row["available"] == str(sku["stock"])
            assert row["product_id"] == product["id"]


def test_a_member_gets_no_file(shop: Shop) -> None:
    assert shop.api.get(PATH, as_=token("mbr_x")).status == 403
