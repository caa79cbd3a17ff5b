"""A mall with an index of goods that a test builds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.catalog.actions import indexing
from chalicelib.catalog.queries import index
from chalicelib.kernel import clock
from tests.catalog import bucket
from tests.catalog.bucket import Bucket
from tests.catalog.shop import Shop


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch, engine: str) -> Iterator[Bucket]:
    yield bucket.installed(monkeypatch)
    index.forget()


def build() -> None:
    indexing.rebuild(clock.now())
    index.forget()


def found(shop: Shop, **query: Any) -> list[str]:
    return [each["id"] for each in asked(shop, **query)["data"]]


def asked(shop: Shop, **query: Any) -> dict[str, Any]:
    answer = shop.api.get(f"/v1/products?{urlencode({'category': shop.category, **query})}")
    assert answer.status == 200, answer
    body: dict[str, Any] = answer.body
    return body


def titled(shop: Shop, zh: str, en: str = "Thing", **changes: Any) -> str:
    made: str = shop.product(title={"zh-CN": zh, "en": en}, **changes)["id"]
    return made
