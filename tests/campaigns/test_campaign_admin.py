"""The staff drafts, publishes, approves and ends campaigns; each act is audited."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns.queries import campaigns as queries
from chalicelib.kernel import ids
from tests.api import new_key, token
from tests.campaigns.drafting import (
    DOUBLE,
    PATH,
    REDUCTION,
    act,
    changed,
    drafted,
    live,
    shown,
    staff,
)
from tests.world import World


def test_a_draft_is_made_once_and_is_not_live(world: World) -> None:
    key = new_key()
    first = world.api.post(PATH, REDUCTION, as_=world.ops, key=key)
    assert (first.status, first.body["status"], first.body["version"]) == (201, "draft", 1)
    again = world.api.post(PATH, REDUCTION, as_=world.ops, key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = world.api.post(PATH, DOUBLE, as_=world.ops, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert first.body["id"] not in live_ids()


def live_ids() -> set[str]:
    return {each.id for each in queries.read_live().values}


def test_a_campaign_is_live_from_its_publishing_until_it_ends(world: World) -> None:
    with live(world, REDUCTION) as (campaign,):
        assert (campaign["version"], campaign["live"]["version"]) == (2, 2)
        assert campaign["budget_left"] == {"points": 50000, "cash": None, "takers": None}
        assert (campaign["most_cost"], campaign["needs_approval"]) == (50000, False)
        assert campaign["id"] in live_ids()
        assert campaign["id"] in {each.campaign.id for each in queries.live().campaigns}
    after = shown(world, campaign)
    assert (after["status"], after["live"], len(after["versions"])) == ("ended", None, 1)
    assert campaign["id"] not in live_ids()
    for name in ("publish", "end", "approve"):
        refused = act(world, after, name)
        assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    assert changed(world, after, priority=1).body["code"] == "not_allowed_in_this_state"
    assert shown(world, campaign) == after


def test_a_live_campaign_is_changed_by_its_next_version(world: World) -> None:
    with live(world, REDUCTION) as (campaign,):
        new = changed(world, campaign, budget={"points": 60000}, priority=5).body
        assert (new["status"], new["has_changes"], new["version"]) == ("live", True, 3)
        assert new["live"]["terms"] == campaign["terms"]
        stale = changed(world, campaign, priority=6)
        assert (stale.status, stale.body["code"]) == (412, "stale_version")
        assert shown(world, campaign) == new
        again = act(world, new, "publish").body
        assert (again["live"]["version"], again["budget_left"]["points"]) == (4, 60000)
        smaller = changed(world, again, budget={"points": 100}).body
        assert act(world, smaller, "publish").body["budget_left"]["points"] == 100
        assert [each["version"] for each in shown(world, campaign)["versions"]] == [6, 4, 2]


def test_above_the_configured_cost_somebody_else_approves(world: World) -> None:
    first, second = ids.new_id("mbr"), ids.new_id("mbr")
    campaign = drafted(world, budget={"points": 100_001})
    assert (campaign["most_cost"], campaign["needs_approval"]) == (100_001, True)
    asked = act(world, campaign, "publish", as_=token(first, "ops"))
    assert (asked.status, asked.body["status"]) == (202, "waiting_for_approval")
    assert (asked.body["live"], asked.body["asked_by"]) == (None, first)
    assert campaign["id"] not in live_ids()
    again = act(world, campaign, "publish", as_=token(first, "ops"))
    assert (again.status, again.body) == (202, asked.body)
    own = act(world, asked.body, "approve", as_=token(first, "ops"))
    assert (own.status, own.body["code"]) == (409, "second_person_required")
    assert shown(world, campaign) == asked.body
    done = act(world, asked.body, "approve", as_=token(second, "admin"))
    assert (done.status, done.body["status"], done.body["approved_by"]) == (200, "live", second)
    replay = act(world, asked.body, "approve", as_=token(second, "admin"))
    assert (replay.status, replay.body) == (200, done.body)
    assert act(world, done.body, "end").status == 200


def test_a_rejected_campaign_is_a_draft_again_and_a_change_asks_anew(world: World) -> None:
    campaign = drafted(world, budget=None)
    assert (campaign["most_cost"], campaign["needs_approval"]) == (None, True)
    asked = act(world, campaign, "publish").body
    back = act(world, asked, "reject").body
    assert (back["status"], back["asked_by"], back["live"]) == ("draft", None, None)
    asked = act(world, back, "publish").body
    new = changed(world, asked, budget={"points": 10}).body
    assert (new["status"], new["needs_approval"]) == ("draft", False)
    assert act(world, new, "approve").body["code"] == "not_allowed_in_this_state"
    assert shown(world, campaign) == new


def test_campaigns_are_listed_by_their_status_the_newest_first(world: World) -> None:
    made = [drafted(world)["id"] for _ in range(3)]
    found = world.api.listed(f"{PATH}?status=draft", as_=world.ops)
    assert [each["id"] for each in found if each["id"] in made] == made[::-1]
    page = world.api.get(f"{PATH}?status=draft&limit=2", as_=world.ops).body
    bad = world.api.get(f"{PATH}?status=live&cursor={page['next_cursor']}", as_=world.ops)
    assert (bad.status, bad.body["code"]) == (400, "invalid_cursor")


WRONG = {
    "ends before it begins": (
        {"valid": {"from": "2027-02-02T00:00:00Z", "until": "2027-02-01T00:00:00Z"}},
        "valid.until",
        "ends_before_it_begins",
    ),
    "has another kind's effect": (
        {"effect": {"multiplier": {"percent": 200}}},
        "effect.multiplier",
        "exactly_one",
    ),
    "is for nobody": ({"audience": {"all": False}}, "audience", "nobody"),
    "has a budget of nothing": ({"budget": {"points": 0}}, "budget.points", "zero"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_campaign_is_refused_at_its_place_and_changes_nothing(
    world: World, case: str
) -> None:
    given, at, code = WRONG[case]
    refused = world.api.post(PATH, {**REDUCTION, **given}, as_=world.ops, key=new_key())
    assert refused.status == 400, refused.body
    assert (at, code) in [(each["field"], each["code"]) for each in refused.body["errors"]]
    campaign = drafted(world)
    assert changed(world, campaign, **given).status == 400
    assert shown(world, campaign) == campaign


def test_a_multiplier_asks_for_nothing_that_an_earning_rule_does_not_know(world: World) -> None:
    draft = {**DOUBLE, "audience": {"tags": ["vip"]}, "per_member": 1}
    refused = world.api.post(PATH, draft, as_=world.ops, key=new_key())
    assert [each["field"] for each in refused.body["errors"]] == ["audience.tags", "per_member"]


def test_goods_that_are_sold_below_their_cost_are_told_in_numbers(world: World) -> None:
    cost = {"amount": 900, "currency": "CNY"}
    sku = world.sku(points=1000, cost=cost)
    effect = {"price": {"prices": [{"sku": sku, "points": 600}]}}
    campaign = drafted(world, kind="price", effect=effect)
    (warning,) = [each for each in campaign["warnings"] if each["code"] == "below_cost"]
    assert "sells at CNY 6.00 and costs CNY 9.00" in warning["message"]


def test_each_act_is_audited(world: World) -> None:
    with live(world, REDUCTION) as (campaign,):
        changed(world, campaign, priority=3)
    path = f"/v1/admin/audit?subject={campaign['id']}"
    acts = world.api.get(path, as_=staff("admin")).body["data"]
    named = ["end", "change", "publish", "create"]
    assert [each["action"] for each in acts] == [f"campaign.{name}" for name in named]


@pytest.mark.parametrize("role", ["member", "agent"])
def test_only_ops_change_campaigns(world: World, role: str) -> None:
    campaign = drafted(world)
    as_ = staff(role)
    refused = [
        world.api.post(PATH, REDUCTION, as_=as_, key=new_key()),
        act(world, campaign, "publish", as_=as_),
        act(world, campaign, "approve", as_=as_),
        act(world, campaign, "reject", as_=as_),
        act(world, campaign, "end", as_=as_),
    ]
    assert {each.status for each in refused} == {403}
    assert world.api.get(PATH, as_=as_).status == (403 if role == "member" else 200)
    assert shown(world, campaign) == campaign


def test_a_multiplier_is_an_earning_rule_while_it_is_live(world: World) -> None:
    def rules() -> dict[str, Any]:
        listed = world.api.get("/v1/earning-rules").body["data"]
        return {each["rule_id"]: each for each in listed}

    with live(world, DOUBLE) as (campaign,):
        rule_id = campaign["rule_id"]
        assert rules()[rule_id]["title"] == "Double points"
        path = f"/v1/admin/earning-rules/{rule_id}"
        rule = world.api.get(path, as_=world.ops).body
        assert (rule["budget_left"], rule["status"]) == (10000, "published")
        for name in ("retire", "publish"):
            headers = {"If-Match": str(rule["version"])}
            own = world.api.post(f"{path}/{name}", as_=world.ops, headers=headers)
            assert (own.status, own.body["code"]) == (409, "not_allowed_in_this_state")
        assert world.api.get(path, as_=world.ops).body == rule
    assert rule_id not in rules()
    assert world.api.get(path, as_=world.ops).body["status"] == "retired"
