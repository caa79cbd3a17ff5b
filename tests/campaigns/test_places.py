"""Places over HTTP: made by ops, seen by whom they are for, counted by day."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.campaigns.queries import places as queries
from chalicelib.campaigns.tables.places import PlaceItem
from chalicelib.kernel import ids
from tests.api import Answer, new_key, token
from tests.world import World

PICTURE = "/pictures/upl_5c3bqbzkmvnl2hwmbkqk5pnjhm.jpg"


def body(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "announcement",
        "title": {"zh-CN": "春节发货安排", "en": "Shipping in the holidays"},
        "text": {"zh-CN": "2 月 15 日起停发", "en": "No parcels from 15 February"},
        "status": "published",
        **fields,
    }


def made(world: World, **fields: Any) -> dict[str, Any]:
    answer = world.api.post("/v1/admin/places", body(**fields), as_=world.ops, key=new_key())
    assert answer.status == 201, answer.body
    return dict(answer.body)


def announced(answer: Answer) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in answer.body["announcements"]}


def test_a_published_place_is_seen_in_the_readers_language(world: World) -> None:
    place = made(world)
    chinese = world.api.get("/v1/places", headers={"Accept-Language": "zh-CN"})
    assert announced(chinese)[place["id"]]["title"] == "春节发货安排"
    member = world.api.get("/v1/me/places", as_=token("mbr_reader", "member"))
    assert announced(member)[place["id"]]["text"] == "No parcels from 15 February"
    draft = made(world, status="draft")
    assert draft["id"] not in announced(world.api.get("/v1/places"))


def test_a_place_for_members_is_not_told_to_visitors(world: World) -> None:
    place = made(world, readers={"to": "members"})
    assert place["id"] not in announced(world.api.get("/v1/places"))
    assert place["id"] in announced(world.api.get("/v1/me/places", as_=token("mbr_r", "member")))
    gold = made(world, readers={"to": "members", "members": {"tiers": ["gold"]}})
    assert gold["id"] not in announced(world.api.get("/v1/me/places", as_=token("mbr_r", "member")))


def test_a_retry_makes_one_place_and_another_body_is_refused(world: World) -> None:
    key = new_key()
    first, again = (
        world.api.post("/v1/admin/places", body(), as_=world.ops, key=key) for _ in range(2)
    )
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = world.api.post("/v1/admin/places", body(rank=1), as_=world.ops, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_a_place_changes_by_its_version_and_the_act_is_audited(world: World) -> None:
    place = made(world)
    path = f"/v1/admin/places/{place['id']}"
    stale = world.api.patch(path, {"rank": 5}, as_=world.ops, headers={"If-Match": "9"})
    assert stale.status == 412
    assert world.api.get(path, as_=world.ops).body["rank"] == 0
    changed = world.api.patch(path, {"status": "retired"}, as_=world.ops, headers={"If-Match": "1"})
    assert (changed.status, changed.body["version"]) == (200, 2)
    assert place["id"] not in announced(world.api.get("/v1/places"))
    acts = world.api.get(
        f"/v1/admin/audit?subject={place['id']}", as_=token("mbr_admin", "admin")
    ).body["data"]
    assert {each["action"] for each in acts} == {"place.create", "place.change"}
    unknown = world.api.patch(
        "/v1/admin/places/plc_none", {"rank": 1}, as_=world.ops, headers={"If-Match": "1"}
    )
    assert unknown.status == 404


def test_views_and_clicks_are_counted_by_day(world: World) -> None:
    place = made(world)
    told = {"views": [place["id"], "plc_unknown"], "clicks": [place["id"]]}
    for _ in range(3):
        assert world.api.post("/v1/places/counts", told).status == 204
    path = f"/v1/admin/places/{place['id']}/counts"
    found = world.api.get(path, as_=world.ops).body
    assert (found["views"], found["clicks"], len(found["days"])) == (3, 3, 1)
    many = world.api.post("/v1/places/counts", {"views": ["plc_x"] * 21})
    assert (many.status, many.body["errors"][0]["field"]) == (400, "views")


def test_counts_of_a_place_that_another_process_has_just_published_are_kept(world: World) -> None:
    like = queries.find_place_item(made(world, status="draft")["id"]).place
    before = {each.id for each in queries.published_places()}
    place, draft = ids.new_id("plc"), ids.new_id("plc")
    PlaceItem.of(replace(like, id=place, status="published"), b"").save()
    PlaceItem.of(replace(like, id=draft), b"").save()
    told = {"views": [place, draft], "clicks": [place, draft]}
    assert world.api.post("/v1/places/counts", told).status == 204
    assert {each.id for each in queries.published_places()} == before
    for place_id, seen in ((place, 1), (draft, 0)):
        found = world.api.get(f"/v1/admin/places/{place_id}/counts", as_=world.ops).body
        assert (found["views"], found["clicks"]) == (seen, seen)


def test_lists_are_of_a_kind_or_a_status(world: World) -> None:
    entry = made(world, kind="entry", link="/pages/tasks/list", status="draft")
    found = world.api.listed("/v1/admin/places?kind=entry&status=draft", as_=world.ops)
    assert entry["id"] in {each["id"] for each in found}
    assert {each["kind"] for each in found} == {"entry"}


@pytest.mark.parametrize("role", ["agent", "finance"])
def test_only_ops_write_places(world: World, role: str) -> None:
    place = made(world)
    other = token("mbr_other", role)
    path = f"/v1/admin/places/{place['id']}"
    assert world.api.post("/v1/admin/places", body(), as_=other, key=new_key()).status == 403
    change = world.api.patch(path, {"rank": 1}, as_=other, headers={"If-Match": "1"})
    assert change.status == 403
    assert world.api.get(path, as_=other).body["rank"] == 0
    member = token("mbr_member", "member")
    assert world.api.get("/v1/admin/places", as_=member).status == 403


def test_there_are_only_so_many_places(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.campaigns.actions.places.MOST_PLACES", 0)
    refused = world.api.post("/v1/admin/places", body(), as_=world.ops, key=new_key())
    assert (refused.status, refused.body["code"]) == (409, "too_many_places")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    queries.forget_places()
