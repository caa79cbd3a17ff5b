"""Drafts of products, and the products that are made and changed of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.catalog.rules import changes
from chalicelib.catalog.rules.drafts import (
    Description,
    ProductChange,
    ProductDraft,
    SkuDraft,
    Title,
)
from chalicelib.catalog.rules.products import Limits, Price, Product
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import Money

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
FEN = Money(500, "CNY")


def draft(**other: Any) -> ProductDraft:
    given: dict[str, Any] = {
        "title": Title("杯", "Cup"),
        "description": Description("好", "Good"),
        "kind": "physical",
        "category": "home",
        "brand": "B",
        "scene": ["s"],
        "pictures": ["p"],
        "price": Price(points=100),
        "cost": Money(70, "CNY"),
        "limits": Limits(per_member=2),
        "status": "on_sale",
        "skus": [SkuDraft("CUP", {"色": "红"}, 5)],
    } | other
    return ProductDraft(**given)


def made(**other: Any) -> Product:
    return changes.new_product(draft(**other), "prd_1", NOW)


def changed(seen: Product | None = None, **change: Any) -> Product:
    return changes.changed_product(seen or made(), ProductChange(**change), LATER)


def wrong(act: Any, **given: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        act(**given)
    return [(field.field, field.code) for field in refused.value.fields]


def words(act: Any, **given: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        act(**given)
    return refused.value.fields[0].message.zh, refused.value.fields[0].message.en


def both(field: str, code: str, zh: str, en: str, **given: Any) -> None:
    """A draft and a change are refused alike."""
    for act in (made, changed):
        assert wrong(act, **given) == [(field, code)]
        assert words(act, **given) == (zh, en)
