"""Ops define missions: drafts, versions, states."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.queries import missions as queries
from chalicelib.kernel import clock, ids
from tests.api import Answer, Api, new_key, token
from tests.campaigns.missions import MISSIONS, act, create, draft, ops


def test_a_retry_of_a_new_mission_returns_the_same_mission(api: Api) -> None:
    key = new_key()
    first = api.post(MISSIONS, draft(), as_=ops(), key=key)
    again = api.post(MISSIONS, draft(), as_=ops(), key=key)
    other = api.post(MISSIONS, draft(claimed=True), as_=ops(), key=key)
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_a_mission_is_published_and_ended_by_its_version_and_each_version_is_kept(
    api: Api,
) -> None:
    made = create(api)
    stale = act(api, {**made, "version": 9}, "publish")
    assert (stale.status, stale.body["code"]) == (412, "stale_version")
    live = act(api, made, "publish").body
    assert (live["status"], live["version"]) == ("live", 2)
    assert act(api, live, "publish").body["code"] == "not_allowed_in_this_state"
    ended = act(api, live, "end").body
    assert ended["status"] == "ended"
    assert [each.status for each in queries.versions_of(made["id"])] == ["draft", "live", "ended"]
    assert act(api, ended, "end").status == 409


def test_what_a_live_mission_counts_cannot_change(api: Api) -> None:
    live = act(api, create(api), "publish").body
    path, headers = f"{MISSIONS}/{live['id']}", {"If-Match": "2"}
    refused = api.patch(path, {"goal": {"metric": "spend", "count": 5}}, as_=ops(), headers=headers)
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "goal")
    text = {"zh-CN": "加油", "en": "Go on"}
    changed = api.patch(path, {"text": text, "takers": 5}, as_=ops(), headers=headers)
    assert (changed.status, changed.body["takers"]) == (200, 5)
    assert act(api, changed.body, "end").status == 200


def test_the_end_of_a_live_mission_moves_while_it_lies_ahead(api: Api, time: Any) -> None:
    def until(days: float) -> dict[str, Any]:
        return {"valid": {"until": clock.rfc3339(clock.now() + timedelta(days=days))}}

    mission = act(api, create(api, **until(2)), "publish").body
    path = f"{MISSIONS}/{mission['id']}"

    def move(days: float) -> Answer:
        version = str(api.get(path, as_=ops()).body["version"])
        return api.patch(path, until(days), as_=ops(), headers={"If-Match": version})

    assert move(3).status == 200
    for days in (-1, 0):
        early = move(days)
        assert (early.status, early.body["errors"][0]["code"]) == (400, "too_early")
    time.advance(days=3, seconds=1)
    late = move(9)
    assert (late.status, late.body["errors"][0]["code"]) == (400, "fixed")
    assert act(api, api.get(path, as_=ops()).body, "end").status == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"period": "fixed"}, "valid.until"),
        ({"reward": {"kind": "coupon"}}, "reward.template_id"),
        ({"goal": {"metric": "check_ins", "count": 32}}, "goal.count"),
        ({"goal": {"metric": "reviews", "count": 3, "least_cash": 5}}, "goal.least_cash"),
        (
            {"valid": {"from": "2027-01-02T00:00:00Z", "until": "2027-01-01T00:00:00Z"}},
            "valid.until",
        ),
    ],
)
def test_a_mission_that_contradicts_is_refused(
    api: Api, changes: dict[str, Any], field: str
) -> None:
    refused = api.post(MISSIONS, draft(**changes), as_=ops(), key=new_key())
    assert refused.status == 400
    assert [each["field"] for each in refused.body["errors"]] == [field]


def test_members_define_no_missions_and_agents_only_read(api: Api) -> None:
    agent = token(ids.new_id("mbr"), "agent")
    member = token(ids.new_id("mbr"))
    assert api.get(MISSIONS, as_=agent).status == 200
    assert api.post(MISSIONS, draft(), as_=agent, key=new_key()).status == 403
    assert api.get(MISSIONS, as_=member).status == 403
