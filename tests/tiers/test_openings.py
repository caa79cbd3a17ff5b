"""Goods that some tiers have before others: shown to all, with who may have them when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.catalog.queries import openings
from chalicelib.catalog.tables.openings import OpeningsItem
from chalicelib.kernel import clock
from chalicelib.tiers import queries
from chalicelib.tiers.tables import LADDER, TiersItem
from tests.api import new_key, token
from tests.conftest import Time
from tests.tiers.ladder_routes import TITLE, put
from tests.world import World

PLUS = {"zh-CN": "黑金", "en": "Black"}


def _forget() -> None:
    for item in TiersItem.query(LADDER):
        item.delete()
    OpeningsItem(*OpeningsItem.key()).delete()
    queries.REMEMBERED.clear()
    openings.forget()


@pytest.fixture(autouse=True)
def ladder(world: World) -> Iterator[None]:
    """Gold has goods a day before others, black two days."""
    _forget()
    levels = [{"key": "normal", "title": TITLE}]
    for key, title, spend, hours in (("gold", TITLE, 500, 24), ("black", PLUS, 900, 48)):
        benefits = {"early_access_hours": hours}
        more = {"thresholds": {"spend": spend}, "benefits": benefits}
        levels.append({"key": key, "title": title, **more})
    made = put(world, {"levels": levels}, 0)
    assert made.status == 200, made.body
    yield
    _forget()


def soon(hours: float) -> str:
    at = clock.now().replace(microsecond=0) + timedelta(hours=hours)
    return at.isoformat().replace("+00:00", "Z")


def shelf(world: World) -> list[Any]:
    found: list[Any] = world.api.get(f"/v1/products?category={world.category}").body["data"]
    return found


def test_goods_are_shown_once_the_first_tier_may_have_them(world: World, time: Time) -> None:
    begins = soon(50)
    made = world.product(on_sale_from=begins)
    page = f"/v1/products/{made['id']}"
    assert world.api.get(page).status == 404
    assert made["id"] not in {each["id"] for each in shelf(world)}
    time.advance(hours=3)
    shown = world.api.get(page)
    assert shown.status == 200
    opening = shown.body["opening"]
    assert opening["from"] == begins
    assert [(each["tier"], each["title"]) for each in opening["early"]] == [
        ("black", "Black"),
        ("gold", "Member"),
    ]
    (row,) = [each for each in shelf(world) if each["id"] == made["id"]]
    assert row["opening"] == opening
    time.advance(hours=48)
    assert world.api.get(page).body["opening"] is None
    assert all(each["opening"] is None for each in shelf(world))


def test_a_price_for_a_time_tells_who_has_it_sooner(world: World) -> None:
    price = {"from": soon(5), "until": soon(9), "points": 60}
    made = world.product(timed_prices=[price])
    told = world.api.get(f"/v1/products/{made['id']}").body
    assert told["opening"] is None
    early = told["timed_price"]["opening"]["early"]
    assert [each["tier"] for each in early] == ["black", "gold"]
    assert clock.now() > clock.datetime.fromisoformat(early[1]["from"])


def test_what_is_shown_early_is_still_refused_to_those_who_may_not_have_it(world: World) -> None:
    made = world.product(points=1, on_sale_from=soon(20))
    member = world.member(points=10)
    body = {"items": [{"sku": made["skus"][0]["sku"], "quantity": 1}]}
    refused = world.api.post("/v1/orders/quote", body, as_=token(member), key=new_key())
    assert (refused.status, refused.body["code"]) == (409, "not_on_sale")
