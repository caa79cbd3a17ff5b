"""Members see the campaigns that are for them, in words, with prices beside the list's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.queries import campaigns as queries
from chalicelib.kernel import clock
from tests.api import token
from tests.campaigns.drafting import DOUBLE, REDUCTION, live, tagged
from tests.world import World

PATH = "/v1/campaigns"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


def listed(world: World, member: str, query: str = "", language: str = "en") -> dict[str, Any]:
    headers = {"Accept-Language": language}
    found = world.api.get(f"{PATH}{query}", as_=token(member), headers=headers)
    assert found.status == 200, found.body
    return {each["id"]: each for each in found.body["data"]}


def flash(sku: str, **other: Any) -> Any:
    return {
        "kind": "flash_sale",
        "title": {"zh-CN": "闪购", "en": "Flash sale"},
        "effect": {"flash_sale": {"prices": [{"sku": sku, "points": 600}]}},
        "budget": {"points": 50000, "takers": 100},
        "per_member": 1,
        **other,
    }


def at(hours: int) -> str:
    return clock.rfc3339(clock.now() + timedelta(hours=hours))


def test_a_campaign_is_told_in_both_languages(world: World) -> None:
    member = world.member()
    with live(world, REDUCTION, DOUBLE) as (reduction, double):
        found = listed(world, member)
        assert found[reduction["id"]]["text"] == "100 points off from 1,000 points."
        assert found[double["id"]]["text"] == "2 times the points."
        assert listed(world, member, language="zh-CN")[reduction["id"]]["text"] == (
            "满 1,000 积分减 100 积分。"
        )
        assert found[reduction["id"]]["status"] == "running"
    assert reduction["id"] not in listed(world, member)


def test_a_flash_sale_shows_its_price_beside_the_lists(world: World) -> None:
    member, product = world.member(), world.product(points=1000, stock=7)
    sku = product["skus"][0]["sku"]
    with live(world, flash(sku, valid={"from": at(2), "until": at(4)})) as (campaign,):
        shown = world.api.get(f"{PATH}/{campaign['id']}", as_=token(member)).body
        assert (shown["status"], shown["orders_left"], shown["takers_left"]) == (
            "upcoming",
            1,
            100,
        )
        (price,) = shown["prices"]
        assert (price["points"], price["list_points"], price["available"]) == (600, 1000, 7)
        of_goods = listed(world, member, f"?product={product['id']}")
        assert of_goods[campaign["id"]]["prices"] == [price]
        other = world.product()["id"]
        assert campaign["id"] not in listed(world, member, f"?product={other}")
    gone = world.api.get(f"{PATH}/{campaign['id']}", as_=token(member))
    assert (gone.status, gone.body["code"]) == (404, "not_found")


def test_a_campaign_is_shown_to_its_audience_alone(world: World) -> None:
    member = world.member()
    with live(world, {**REDUCTION, "audience": {"tags": ["vip"]}}) as (campaign,):
        assert campaign["id"] not in listed(world, member)
        one = world.api.get(f"{PATH}/{campaign['id']}", as_=token(member))
        assert one.status == 404
        tagged(world, member, "vip")
        assert campaign["id"] in listed(world, member)


def test_what_begins_in_more_than_a_week_or_is_over_is_not_shown(world: World) -> None:
    member = world.member()
    late = {**REDUCTION, "valid": {"from": at(24 * 9)}}
    over = {**REDUCTION, "valid": {"from": at(-5), "until": at(1)}}
    with live(world, late, over) as (first, second):
        found = listed(world, member)
        assert first["id"] not in found
        assert second["id"] in found


def test_a_visitor_signs_in_first(world: World) -> None:
    assert world.api.get(PATH).status == 401
