"""Lotteries by ops over HTTP: drafts, publishing, the end, codes set aside, results."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.actions.lotteries import sweep_lotteries
from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import rfc3339
from tests.api import Api, new_key, token
from tests.campaigns.drawing import TITLE, Office, Player, draft, points_prize, prizes
from tests.conftest import Time
from tests.world import World


@pytest.fixture
def office(api: Api) -> Office:
    return Office(api)


def _code_prize(sku: str, stock: int = 2) -> dict[str, Any]:
    return {"kind": "code", "title": TITLE, "odds": 1_000_000, "stock": stock, "sku": sku}


def test_a_draft_is_made_once_for_a_key(office: Office) -> None:
    body, key = draft(), new_key()
    first = office.api.post("/v1/admin/lotteries", body, as_=office.ops, key=key)
    again = office.api.post("/v1/admin/lotteries", body, as_=office.ops, key=key)
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (first.body["status"], first.body["commitment"]) == ("draft", None)
    other = office.api.post(
        "/v1/admin/lotteries", {**body, "price_points": 9}, as_=office.ops, key=key
    )
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"prizes": [points_prize(999_999), points_prize(1)]}, "prizes"),
        ({"prizes": prizes(points_prize(1))[1:]}, "prizes"),
        ({"prizes": prizes({**points_prize(5), "stock": None})}, "prizes[0].stock"),
        ({"prizes": prizes({**points_prize(5), "odds": 1_000_001})}, "prizes[0].odds"),
        ({"price_points": 0}, "free_per_day"),
        ({"guarantee": {"after": 3, "prize": "p2"}}, "guarantee.prize"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    office: Office, change: dict[str, Any], field: str
) -> None:
    refused = office.create(**change)
    assert refused.status == 400
    assert field in [each["field"] for each in refused.body["errors"]]


def test_a_draft_changes_by_its_version(office: Office) -> None:
    made = office.create().body
    path = f"/v1/admin/lotteries/{made['id']}"

    def change(body: Any, version: int) -> Any:
        headers = {"If-Match": str(version)}
        return office.api.patch(path, body, as_=office.ops, headers=headers)

    changed = change({"price_points": 20, "look": "scratch"}, 1)
    assert (changed.status, changed.body["version"]) == (200, 2)
    assert (changed.body["price_points"], changed.body["look"]) == (20, "scratch")
    assert change({"price_points": 30}, 1).status == 412
    assert change({"prizes": [points_prize(5), points_prize(6)]}, 2).status == 400
    assert office.api.get(path, as_=office.ops).body == changed.body
    office.act(changed.body, "publish")
    late = change({"price_points": 1}, 3)
    assert (late.status, late.body["code"]) == (409, "not_allowed_in_this_state")


def test_publishing_shows_a_hash_and_each_act_is_audited(office: Office) -> None:
    made = office.create().body
    published = office.act(made, "publish")
    assert (published.status, published.body["status"]) == (200, "published")
    assert len(published.body["commitment"]) == 64
    assert office.act(made, "publish").status == 412
    assert office.act(published.body, "publish").body["code"] == "not_allowed_in_this_state"
    ended = office.act(published.body, "end")
    assert (ended.body["status"], ended.body["version"]) == ("ended", 3)
    assert office.act(ended.body, "end").body["code"] == "not_allowed_in_this_state"
    found = office.api.get(
        f"/v1/admin/audit?subject={made['id']}", as_=token(ids.new_id("mbr"), "admin")
    ).body["data"]
    assert [each["action"] for each in found] == [
        "lottery.end",
        "lottery.publish",
        "lottery.create",
    ]


def test_what_would_be_over_at_once_is_not_published(office: Office, time: Time) -> None:
    made = office.create().body
    time.advance(days=4)
    refused = office.act(made, "publish")
    assert refused.status == 400
    assert refused.body["errors"][0]["field"] == "valid.until"


def test_only_ops_write_and_the_staff_reads(world: World, office: Office) -> None:
    made = office.create().body
    path, member = f"/v1/admin/lotteries/{made['id']}", token(world.member())
    agent, finance = (token(ids.new_id("mbr"), role) for role in ("agent", "finance"))
    match = {"If-Match": "1"}
    for who in (agent, member, finance):
        made_by = world.api.post("/v1/admin/lotteries", draft(), as_=who, key=new_key())
        changed = world.api.patch(path, {"price_points": 1}, as_=who, headers=match)
        acts = [
            world.api.post(f"{path}/{act}", as_=who, headers=match) for act in ("publish", "end")
        ]
        assert [each.status for each in (made_by, changed, *acts)] == [403] * 4
    for read in ("/v1/admin/lotteries", path, f"{path}/results"):
        assert world.api.get(read, as_=agent).status == 200
        assert world.api.get(read, as_=member).status == 403
    assert world.api.get(f"{path}x", as_=agent).status == 404


def test_lists_come_by_state(office: Office) -> None:
    made, other = office.create().body, office.published()
    drafts = office.api.listed("/v1/admin/lotteries?status=draft", as_=office.ops)
    listed = [each["id"] for each in drafts]
    assert made["id"] in listed
    assert other["id"] not in listed


def test_codes_are_set_aside_won_and_given_back(world: World, office: Office) -> None:
    sku = world.sku(kind="virtual", stock=0)
    world.codes(sku, ["CODE-1", "CODE-2", "CODE-3"])
    lottery = office.published(prizes=[_code_prize(sku), _thanks()])
    assert world.stock(sku) == 1
    player = Player(world.api, world.member(points=100))
    drawn = player.draw(lottery).body
    assert (drawn["status"], drawn["prize"]["kind"]) == ("given", "code")
    assert drawn["code"] in ("CODE-1", "CODE-2", "CODE-3")
    assert player.sees(lottery, "/draws")["data"][0]["code"] == drawn["code"]
    office.act(lottery, "end")
    assert world.stock(sku) == 2


def _thanks() -> dict[str, Any]:
    return {"kind": "thanks", "title": TITLE, "odds": 0}


def test_a_lottery_with_more_codes_than_there_are_is_not_published(
    world: World, office: Office
) -> None:
    sku = world.sku(kind="virtual", stock=0)
    world.codes(sku, ["ONE-CODE"])
    made = office.create(prizes=[_code_prize(sku), _thanks()]).body
    refused = office.act(made, "publish")
    assert (refused.status, refused.body["code"]) == (409, "out_of_stock")
    assert world.stock(sku) == 1
    path = f"/v1/admin/lotteries/{made['id']}"
    assert office.api.get(path, as_=office.ops).body["status"] == "draft"


def test_the_sweep_ends_what_is_over_once(world: World, office: Office, time: Time) -> None:
    now = clock.now()
    valid = {
        "from": rfc3339(now - timedelta(minutes=1)),
        "until": rfc3339(now + timedelta(hours=1)),
    }
    lottery = office.published(valid=valid)
    player = Player(world.api, world.member(points=100))
    player.draw(lottery)
    sweep_lotteries(clock.now())
    assert player.sees(lottery)["status"] == "running"
    time.advance(hours=1, seconds=1)
    assert not player.sees(lottery)["proof_ready"]
    sweep_lotteries(clock.now())
    assert player.sees(lottery)["proof_ready"]
    sweep_lotteries(clock.now())
    path = f"/v1/admin/lotteries/{lottery['id']}"
    ended = office.api.get(path, as_=office.ops).body
    assert (ended["status"], ended["version"]) == ("ended", 3)
