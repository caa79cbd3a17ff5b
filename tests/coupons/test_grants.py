"""Ops give coupons to members, once each."""

from __future__ import annotations

import pytest

from chalicelib.coupons.actions.sweeping import run_job
from chalicelib.coupons.queries.coupons import all_of
from chalicelib.coupons.queries.jobs import find_job
from chalicelib.coupons.rules.templates import Template
from chalicelib.kernel import clock, ids
from tests.api import Answer, Api, new_key, token
from tests.coupons.giving import given, template
from tests.privacy.merging import merge
from tests.world import World

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def ops() -> str:
    return token(ids.new_id("mbr"), "ops")


def grant(api: Api, ops: str, made: Template, members: list[str], key: str | None = None) -> Answer:
    path = f"/v1/admin/coupon-templates/{made.id}/grants"
    return api.post(path, {"members": members}, as_=ops, key=key or new_key())


def test_members_have_their_coupons_at_once_and_each_refusal_is_told(api: Api, ops: str) -> None:
    made, world = template(total=2), World(api)
    first, second, third = (world.member() for _ in range(3))
    stranger = ids.new_id("mbr")
    started = grant(api, ops, made, [first, stranger, second, third])
    assert started.status == 202
    shown = api.get(f"/v1/admin/jobs/{started.body['job_id']}", as_=ops).body
    assert shown["status"] == "done"
    assert (shown["result"]["given"], shown["result"]["refused"]) == (2, 2)
    assert {each["code"] for each in shown["result"]["refusals"]} == {
        "member_not_found",
        "coupons_gone",
    }
    assert [len(list(all_of(each))) for each in (first, second, third)] == [1, 1, 0]


def test_a_merged_member_has_the_coupon_under_the_id_of_today(api: Api, ops: str) -> None:
    made, world = template(per_member=9), World(api)
    old, member = world.member(), world.member()
    merge(world, old, member)
    grant(api, ops, made, [old, member])
    assert given(made) == 1
    assert [len(list(all_of(each))) for each in (old, member)] == [0, 1]


def test_a_key_grants_once(api: Api, ops: str) -> None:
    made, member, key = template(per_member=9), World(api).member(), new_key()
    first, again = (grant(api, ops, made, [member], key) for _ in range(2))
    assert first.body == again.body
    assert given(made) == 1
    other = grant(api, ops, made, [member, World(api).member()], key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_a_long_list_goes_on_where_it_stopped(
    api: Api, ops: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.coupons.actions import grants
    from chalicelib.coupons.routes import grants as routes

    monkeypatch.setattr(routes, "AT_ONCE", 1)
    monkeypatch.setattr(grants, "MEMBERS_A_PART", 2)
    made, world = template(), World(api)
    members = [world.member() for _ in range(5)]
    started = grant(api, ops, made, members).body["job_id"]
    job = find_job(started)
    assert job is not None
    assert (given(made), job.finished_ms) == (0, None)
    grants.go_on(job, clock.now())
    # As a run that a crash cut off before it was counted.
    grants.go_on(find_job(started) or job, clock.now())
    assert given(made) == 4
    assert run_job(started, clock.now())
    assert given(made) == 5
    assert not run_job(started, clock.now())


@pytest.mark.parametrize("body", [{"members": []}, {"members": ["x"]}, {"members": None}])
def test_a_wrong_list_is_refused(api: Api, ops: str, body: dict[str, object]) -> None:
    path = f"/v1/admin/coupon-templates/{template().id}/grants"
    assert api.post(path, body, as_=ops, key=new_key()).status == 400


def test_a_member_named_twice_is_refused(api: Api, ops: str) -> None:
    member = World(api).member()
    refused = grant(api, ops, template(), [member, member])
    assert (refused.status, refused.body["errors"][0]["code"]) == (400, "duplicate")


def test_a_draft_cannot_be_granted(api: Api, ops: str) -> None:
    refused = grant(api, ops, template(status="draft"), [World(api).member()])
    assert (refused.status, refused.body["code"]) == (409, "coupon_not_offered")


def test_agents_and_members_grant_nothing(api: Api) -> None:
    for role in ("agent", "member", "finance"):
        assert grant(api, token(ids.new_id("mbr"), role), template(), ["mbr_x1"]).status == 403
