"""The staff takes SKUs and their stock as a CSV file, in parts."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from chalicelib.kernel.web.http import NEXT_CURSOR
from tests.api import token
from tests.catalog.shop import Shop
from tests.second_engine import SecondEngine

PATH = "/v1/admin/exports/skus"


@pytest.fixture
def alone(second_engine: SecondEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two SKUs would be hundreds beside the goods of all tests before."""
    second_engine.empty("catalog")
    second_engine.lead_here(monkeypatch)


def test_a_file_has_each_sku_once_with_its_stock(alone: None, shop: Shop) -> None:
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
    assert len(found) == len({row["sku"] for row in found}) == 3
    rows = {row["sku"]: row for row in found}
    for product in mine:
        for sku in product["skus"]:
            row = rows[sku["sku"]]
            assert row["available"] == str(sku["stock"])
            assert row["product_id"] == product["id"]


def test_a_member_gets_no_file(shop: Shop) -> None:
    assert shop.api.get(PATH, as_=token("mbr_x")).status == 403
