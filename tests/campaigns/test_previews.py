"""A preview says what a member and a cart would get, why not, and changes nothing."""

from __future__ import annotations

from typing import Any

from tests.campaigns.drafting import PATH, act, drafted, shown, staff
from tests.world import World


def previewed(
    world: World, campaign: Any, member: str, *items: tuple[str, int], **other: Any
) -> Any:
    body = {
        "member_id": member,
        "items": [{"sku": sku, "quantity": quantity} for sku, quantity in items],
        **other,
    }
    return world.api.post(f"{PATH}/{campaign['id']}/preview", body, as_=staff())


def test_a_draft_is_tried_on_a_cart_and_says_why_not(world: World) -> None:
    member, sku = world.member(), world.sku(points=600)
    campaign = drafted(world)
    few = previewed(world, campaign, member, (sku, 1)).body
    assert (few["points"], few["list_points"]) == (600, 600)
    (step,) = [each for each in few["steps"] if each["id"] == campaign["id"]]
    assert (step["applied"], step["reason"], step["missing"]) == (False, "below_threshold", 400)
    assert step["reason_text"] == "takes 1,000 points: 400 points more"
    more = previewed(world, campaign, member, (sku, 2)).body
    assert (more["points"], more["list_points"]) == (1100, 1200)
    (step,) = [each for each in more["steps"] if each["id"] == campaign["id"]]
    assert (step["applied"], step["points"]) == (True, 100)
    assert shown(world, campaign) == campaign


def test_a_draft_for_other_goods_says_so(world: World) -> None:
    member, sku = world.member(), world.sku(points=2000)
    campaign = drafted(world, scope={"skus": [world.sku()]})
    told = previewed(world, campaign, member, (sku, 1)).body
    (step,) = [each for each in told["steps"] if each["id"] == campaign["id"]]
    assert (step["applied"], step["reason"], told["points"]) == (False, "not_in_scope", 2000)


def test_a_preview_is_of_a_moment(world: World) -> None:
    member, sku = world.member(), world.sku(points=1000)
    campaign = drafted(world, valid={"from": "2040-01-01T00:00:00+08:00"})
    now = previewed(world, campaign, member, (sku, 1)).body
    then = previewed(world, campaign, member, (sku, 1), at="2040-01-02T00:00:00+08:00").body
    assert (now["points"], then["points"]) == (1000, 900)


def test_a_moment_at_the_end_of_the_calendar_is_refused(world: World) -> None:
    member, sku, campaign = world.member(), world.sku(), drafted(world)
    refused = previewed(world, campaign, member, (sku, 1), at="9999-12-31T23:59:59Z")
    told = [(each["field"], each["code"]) for each in refused.body["errors"]]
    assert (refused.status, told) == (400, [("at", "out_of_range")])


def test_goods_that_there_are_not_and_goods_named_twice_are_refused(world: World) -> None:
    member, sku, campaign = world.member(), world.sku(), drafted(world)
    for items, at, code in (
        ([(sku, 1), ("NOTHING-1", 1)], "items[1].sku", "unknown_sku"),
        ([(sku, 1), (sku, 2)], "items[1].sku", "duplicate"),
    ):
        refused = previewed(world, campaign, member, *items)
        assert refused.status == 400, refused.body
        assert [(each["field"], each["code"]) for each in refused.body["errors"]] == [(at, code)]
    assert act(world, campaign, "publish").status == 200
    assert act(world, shown(world, campaign), "end").status == 200
