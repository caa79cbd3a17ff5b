"""Tasks: defined by ops, shown to members, claimed once each."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.earning import events
from chalicelib.earning.actions import claims
from chalicelib.earning.actions.claims import Asked
from chalicelib.kernel import clock, ids
from tests.api import Answer, Api, new_key, token
from tests.conftest import Time
from tests.earning.shop import entries_of
from tests.earning.tasks import TITLE, act, create, draft, published
from tests.facts import made
from tests.members.people import at_once
from tests.world import World

ADMIN = "/v1/admin/tasks"
NAME = {"fields": ["nickname"]}
SHARE = {"kind": "share", "points": 3, "limits": {"day": 1}}


@pytest.fixture(autouse=True)
def noon(time: Time) -> None:
    time.advance_to_noon()


def ops() -> str:
    return token(ids.new_id("mbr"), "ops")


def claim(api: Api, member: str, task: str, key: str | None = None) -> Answer:
    return api.post(f"/v1/me/tasks/{task}/claims", as_=token(member), key=key or new_key())


def shown(api: Api, member: str, task: str) -> dict[str, Any] | None:
    found = api.get("/v1/me/tasks", as_=token(member)).body["data"]
    return next((each for each in found if each["id"] == task), None)


def status(api: Api, member: str, task: str) -> str | None:
    found = shown(api, member, task)
    return found and found["status"]


def called(api: Api, member: str, name: str = "小满") -> None:
    assert api.request("PATCH", "/v1/me", {"nickname": name}, as_=token(member)).status == 200


def code_of(api: Api, member: str) -> str:
    code: str = api.get("/v1/me", as_=token(member)).body["referral_code"]
    return code


def opened(api: Api, opener: str, task: str, code: str) -> int:
    return api.request("PUT", f"/v1/me/opened-shares/{task}/{code}", as_=token(opener)).status


def test_a_task_is_a_draft_until_it_is_published_and_over_once_retired(
    api: Api, world: World
) -> None:
    member = world.member()
    task = create(api, **NAME).body
    assert (task["status"], task["version"], task["limits"]["total"]) == ("draft", 1, 1)
    assert shown(api, member, task["id"]) is None
    refused = act(api, task, "retire")
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    with published(api, **NAME) as task:
        assert status(api, member, task["id"]) == "open"
        twice = act(api, task, "publish")
        assert (twice.status, twice.body["code"]) == (409, "not_allowed_in_this_state")
        assert act(api, {**task, "version": 1}, "retire").status == 412
        retired = act(api, task, "retire").body
        assert retired["status"] == "retired"
        assert shown(api, member, task["id"]) is None
        called(api, member)
        closed = claim(api, member, task["id"])
        assert (closed.status, closed.body["code"]) == (409, "task_closed")


def test_publishing_a_task_retires_the_one_of_its_kind(api: Api) -> None:
    with published(api, **NAME) as first, published(api, **NAME) as second:
        found = api.get(f"{ADMIN}/{first['id']}", as_=ops()).body
        assert (found["status"], second["status"]) == ("retired", "published")
        listed = api.listed(f"{ADMIN}?status=published", as_=ops())
        ids_ = [each["id"] for each in listed]
        assert second["id"] in ids_
        assert first["id"] not in ids_


def test_the_built_in_check_in_can_be_changed_like_any_task(api: Api, world: World) -> None:
    seen = api.get(f"{ADMIN}/check_in", as_=ops()).body
    assert (seen["status"], seen["points"], seen["version"]) == ("published", 1, 1)
    with published(api, kind="check_in", points=9):
        seen = api.get(f"{ADMIN}/check_in", as_=ops()).body
        assert (seen["status"], seen["version"]) == ("retired", 2)
        path, version = f"{ADMIN}/check_in", {"If-Match": "2"}
        changed = api.request("PATCH", path, {"points": 4}, as_=ops(), headers=version)
        assert (changed.status, changed.body["points"]) == (200, 4)
        assert api.request("PATCH", path, {}, as_=ops(), headers=version).status == 412


def test_a_retry_of_a_created_task_returns_the_same_task(api: Api) -> None:
    who, key = ops(), new_key()
    first = api.post(ADMIN, draft(**NAME), as_=who, key=key)
    again = api.post(ADMIN, draft(**NAME), as_=who, key=key)
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = api.post(ADMIN, draft(points=1, **NAME), as_=who, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(("given", "field"), [
    ({"points": 0, "fields": ["email"]}, "points"),
    ({"fields": []}, "fields"),
    ({"kind": "survey"}, "link"),
    ({"kind": "review", "link": "/a"}, "link"),
    ({"kind": "share", "check_in": {"bonuses": []}}, "check_in"),
    ({"kind": "check_in", "check_in": {"bonuses": [{"days": 7, "points": 1}] * 2}},
     "check_in.bonuses"),
    ({"kind": "check_in", "check_in": {"make_up": {"days_back": 29}}},
     "check_in.make_up.days_back"),
    ({"kind": "review", "lots": {"expires": {"kind": "days"}}}, "lots.expires"),
    ({"kind": "review", "valid": {"from": "2026-12-02T00:00:00Z",
                                  "until": "2026-12-01T00:00:00Z"}}, "valid.until"),
    ({"kind": "lottery"}, "kind"),
    ({"link": "javascript:alert(1)"}, "link"),
])  # fmt: skip
def test_a_task_that_does_not_hold_together_is_refused_by_its_field(
    api: Api, given: dict[str, Any], field: str
) -> None:
    refused = create(api, **given)
    assert refused.status == 400
    assert [each["field"] for each in refused.body["errors"]] == [field]


def test_ops_and_admins_write_tasks_agents_read_them_and_nobody_else(api: Api) -> None:
    for role, expected in (("agent", (200, 403)), ("finance", (403, 403)), ("member", (403, 403))):
        who = token(ids.new_id("mbr"), role)
        read = api.get(ADMIN, as_=who).status
        assert (read, api.post(ADMIN, draft(), as_=who, key=new_key()).status) == expected


def test_a_task_is_open_within_its_window_alone(api: Api, world: World, time: Time) -> None:
    def at(days: int) -> str:
        return clock.rfc3339(clock.now() + clock.timedelta(days=days))

    member = world.member()
    called(api, member)
    with published(api, valid={"from": at(1), "until": at(3)}, **NAME) as task:
        assert shown(api, member, task["id"]) is None
        assert claim(api, member, task["id"]).body["code"] == "task_closed"
        time.advance(days=2)
        assert claim(api, member, task["id"]).status == 201
        time.advance(days=2)
        assert shown(api, member, task["id"]) is None


def test_a_complete_profile_is_claimed_once(api: Api, world: World) -> None:
    member = world.member()
    with published(api, points=20, **NAME) as task:
        early = claim(api, member, task["id"])
        assert (early.status, early.body["code"]) == (409, "nothing_to_claim")
        assert early.body["detail"] == "Still missing: nickname"
        assert shown(api, member, task["id"])["next"] == "Still missing: nickname"
        called(api, member)
        assert status(api, member, task["id"]) == "claimable"
        key = new_key()
        done, again = claim(api, member, task["id"], key), claim(api, member, task["id"], key)
        assert (done.status, done.body["points"]) == (201, 20)
        assert (again.status, again.body) == (201, done.body)
        assert again.headers["Idempotent-Replayed"] == "true"
        twice = claim(api, member, task["id"])
        assert (twice.status, twice.body["code"]) == (409, "task_already_claimed")
        assert status(api, member, task["id"]) == "claimed"
        assert (world.available(member), entries_of(member)) == (20, 1)


def test_thirty_claims_at_once_under_thirty_keys_pay_once(api: Api, world: World) -> None:
    member = world.member()
    called(api, member)
    with published(api, **NAME) as task:

        def one(_: int) -> str:
            claims.claim(Asked(ids.new_id("clm"), b"", member, task["id"]), clock.now())
            return "paid"

        outcomes = at_once(30, one)
    assert (outcomes.count("paid"), len(set(outcomes))) == (1, 2)
    assert (world.available(member), entries_of(member)) == (20, 1)


def test_registering_pays_who_registered_since_the_task_was_published(
    api: Api, world: World, time: Time
) -> None:
    old = world.member()
    time.advance(seconds=5)
    with published(api, kind="register", points=50) as task:
        new = world.member()
        assert (status(api, new, task["id"]), status(api, old, task["id"])) == ("claimable", None)
        assert claim(api, new, task["id"]).status == 201
        assert claim(api, old, task["id"]).body["code"] == "nothing_to_claim"
        assert (world.available(new), world.available(old)) == (50, 0)


def shown_review(member: str, review: str) -> None:
    data = {"member_id": member, "review_id": review}
    events.pay_review(made("x", "earning.review_shown", "", data))


def test_a_published_review_pays_once_also_if_it_is_published_again(
    api: Api, world: World, time: Time
) -> None:
    member, review = world.member(), ids.new_id("rvw")
    shown_review(member, review)
    assert entries_of(member) == 0  # no task asks for reviews
    with published(api, kind="review", points=5, limits={"day": 2}) as task:
        for each in (review, review, ids.new_id("rvw"), ids.new_id("rvw")):
            shown_review(member, each)
        assert world.available(member) == 10  # no more than two a day
        assert status(api, member, task["id"]) == "done"
        time.advance(days=1)
        shown_review(member, review)
        assert (world.available(member), status(api, member, task["id"])) == (10, "open")
        refused = claim(api, member, task["id"])
        assert (refused.status, refused.body["code"]) == (409, "nothing_to_claim")


def test_a_share_pays_once_for_each_other_member_who_opened_it(
    api: Api, world: World, time: Time
) -> None:
    sharer, friend, another = (world.member() for _ in range(3))
    code = code_of(api, sharer)
    with published(api, **SHARE) as task:
        assert opened(api, sharer, task["id"], code) == 204  # one's own counts nothing
        assert claim(api, sharer, task["id"]).body["code"] == "nothing_to_claim"
        assert [opened(api, friend, task["id"], code) for _ in range(3)] == [204] * 3
        assert opened(api, another, task["id"], code) == 204
        assert claim(api, sharer, task["id"]).status == 201
        limited = claim(api, sharer, task["id"])
        assert (limited.status, limited.body["limit"]) == (409, "day")
        time.advance(days=1)
        assert claim(api, sharer, task["id"]).status == 201
        time.advance(days=1)
        assert claim(api, sharer, task["id"]).body["code"] == "nothing_to_claim"
        assert opened(api, friend, task["id"], code) == 204  # again, a day later
        assert claim(api, sharer, task["id"]).status == 409
        assert world.available(sharer) == 6
        assert opened(api, friend, task["id"], "NOSUCHCODE") == 404
    assert opened(api, friend, "check_in", code) == 404


def test_a_survey_pays_who_a_partner_says_has_answered_it(api: Api, world: World) -> None:
    member = world.member()
    link = {"kind": "survey", "link": "https://survey.example.com/s/1"}
    with published(api, **link) as task:
        assert shown(api, member, task["id"])["link"] == link["link"]
        assert claim(api, member, task["id"]).status == 409
        answered = {
            "id": f"survey-{new_key()}",
            "type": "custom.survey_completed",
            "occurred_at": clock.rfc3339(clock.now()),
            "member": {"member_id": member},
            "data": {"attributes": {"task": task["id"]}},
        }
        for event in (answered, answered, {**answered, "id": f"survey-{new_key()}"}):
            assert world.event(event).status == 200
        assert claim(api, member, task["id"]).status == 201
        assert claim(api, member, task["id"]).body["code"] == "task_already_claimed"
        assert world.available(member) == 20


def test_a_claim_of_no_task_or_without_a_key_is_refused(api: Api, world: World) -> None:
    member = world.member()
    assert claim(api, member, "tsk_none").status == 404
    assert claim(api, member, "PUBLISHED%23check_in").status == 404
    keyless = api.post("/v1/me/tasks/check_in/claims", as_=token(member))
    assert (keyless.status, keyless.body["code"]) == (400, "idempotency_key_required")


def test_the_list_speaks_the_members_language_and_tells_of_the_check_in(
    api: Api, world: World
) -> None:
    member = world.member()
    assert status(api, member, "check_in") == "open"
    api.post("/v1/me/check-ins", as_=token(member))
    found = shown(api, member, "check_in")
    assert found
    assert (found["status"], found["next"]) == ("done", "1 day in a row")
    chinese = api.get("/v1/me/tasks", as_=token(member), headers={"Accept-Language": "zh-CN"}).body[
        "data"
    ]
    assert TITLE["zh-CN"] != chinese[0]["title"] == "每日签到"
