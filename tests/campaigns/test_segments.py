"""Segments and lists: a job tells members' facts who belongs, page by page, and goes on after a
stop."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.actions import segments as acts
from chalicelib.campaigns.actions.segments import sweep_audiences
from chalicelib.campaigns.queries import people
from chalicelib.kernel import clock, ids
from chalicelib.ledger import points_account
from chalicelib.ledger.tables import ACCOUNT, AccountItem, account_key
from tests.api import Answer, new_key
from tests.campaigns.drafting import staff, tagged
from tests.world import World

PATH = "/v1/admin/audiences"
TITLE = {"zh-CN": "测试人群", "en": "Test audience"}


def ordered(world: World, **given: Any) -> Answer:
    return world.api.post(PATH, {"title": TITLE, **given}, as_=staff(), key=new_key())


def shown(world: World, audience_id: str) -> Any:
    return world.api.get(f"{PATH}/{audience_id}", as_=staff()).body


def test_a_list_is_told_to_its_members(world: World) -> None:
    members = [ids.new_id("mbr") for _ in range(3)]
    made = ordered(world, member_ids=[*members, members[0]])
    assert (made.status, made.body["status"], made.body["kind"]) == (202, "running", "list")
    sweep_audiences(clock.now(), lambda: False)
    after = shown(world, made.body["id"])
    assert (after["status"], after["members"]) == ("done", 3)
    for member in members:
        assert people.facts_of(member).lists == {made.body["id"]}


def test_a_segment_has_those_whom_its_query_finds_and_loses_others(world: World) -> None:
    tag = new_key()[:12]
    inside, poor, other = world.member(500), world.member(10), world.member(500)
    for member in (inside, poor):
        tagged(world, member, tag)
    made = ordered(world, query={"tags": [tag], "points_at_least": 100}).body
    sweep_audiences(clock.now(), lambda: False)
    assert shown(world, made["id"])["members"] == 1
    assert people.facts_of(inside).segments == {made["id"]}
    for member in (poor, other):
        assert made["id"] not in people.facts_of(member).segments
    tagged(world, inside)
    again = world.api.post(f"{PATH}/{made['id']}/evaluate", as_=staff())
    assert (again.status, again.body["status"]) == (202, "running")
    sweep_audiences(clock.now(), lambda: False)
    assert shown(world, made["id"])["members"] == 0
    assert people.facts_of(inside).segments == set()


def test_a_member_with_an_unreadable_account_keeps_nobody_else_out(world: World) -> None:
    tag = new_key()[:12]
    inside, spoilt = world.member(500), world.member(500)
    for member in (inside, spoilt):
        tagged(world, member, tag)
    made = ordered(world, query={"tags": [tag], "points_at_least": 100}).body
    key = account_key(points_account(spoilt))
    whole = AccountItem.find(key, ACCOUNT)
    AccountItem(key, ACCOUNT).update([AccountItem.lots.remove()])
    try:
        sweep_audiences(clock.now(), lambda: False)
    finally:
        whole.save()
    told = shown(world, made["id"])
    assert (told["status"], told["members"]) == ("done", 1)
    assert people.facts_of(inside).segments == {made["id"]}
    assert people.facts_of(spoilt).segments == set()


def test_a_job_that_stops_goes_on_where_it_was(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(acts, "IDS_A_PART", 2)
    members = [ids.new_id("mbr") for _ in range(5)]
    made = ordered(world, member_ids=members).body
    asked = iter([False, True, *[False] * 100])
    sweep_audiences(clock.now(), lambda: next(asked))
    told = [made["id"] in people.facts_of(each).lists for each in members]
    assert (told, shown(world, made["id"])["status"]) == ([True] * 2 + [False] * 3, "running")
    sweep_audiences(clock.now(), lambda: False)
    assert shown(world, made["id"])["members"] == 5
    assert all(made["id"] in people.facts_of(each).lists for each in members)


def test_what_finds_nobody_is_refused(world: World) -> None:
    for given, at in (
        ({"query": {}}, "query"),
        ({"query": {"points_at_least": 5, "points_at_most": 4}}, "query.points_at_most"),
        ({"query": {"tiers": ["gold"]}, "member_ids": [ids.new_id("mbr")]}, "query"),
        ({}, "query"),
    ):
        refused = ordered(world, **given)
        assert refused.status == 400, refused.body
        assert refused.body["errors"][0]["field"] == at
    assert world.api.post(PATH, {"title": TITLE}, as_=staff("agent"), key=new_key()).status == 403
