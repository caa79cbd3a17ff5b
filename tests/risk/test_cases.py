"""Cases of risk over HTTP: facts lead to a level, the level to what a member may do, and back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import Unavailable
from chalicelib.ledger.actions import sweeps
from chalicelib.risk.actions import cases, uses
from chalicelib.risk.queries import cases as queries
from chalicelib.risk.queries.rules import forget_rules, rules_in_force
from chalicelib.risk.rules.scores import Levels
from chalicelib.risk.tables import CURRENT, RULES, RulesItem
from tests.api import new_key, token
from tests.conftest import Time
from tests.risk.deciding import PATH, account, decide, listed, shown
from tests.risk.people import on_one_device, signs_in
from tests.world import World

SLOT = {"at": "2030-01-01T00:00:00Z"}


@pytest.mark.usefixtures("strict")
def test_many_members_on_a_device_are_reviewed_and_told_so(world: World) -> None:
    member, *_ = on_one_device(world, 9, points=300)
    case = cases.assess(member, clock.now())
    assert case
    assert (case.level, case.score) == ("review", 85)
    view = shown(world, member)
    assert (view["state"], view["does"]) == ("open", "under_review")
    assert view["reasons"] == [
        {
            "kind": "members_on_a_device",
            "count": 8,
            "score": 85,
            "text": "8 other members used the same device within 30 days",
        }
    ]
    assert member in listed(world, "open")
    before = account(member)
    refused = world.order(member, world.sku(points=100, kind="service", stock=3), booking=SLOT)
    assert (refused.status, refused.body["code"]) == (409, "under_review")
    gift = {"to": {"member_id": world.member()}, "points": 1}
    refused = world.api.post("/v1/me/points/transfers", gift, as_=token(member), key=new_key())
    assert (refused.status, refused.body["code"]) == (409, "under_review")
    assert account(member) == before
    assert world.api.get("/v1/me/points", as_=token(member)).body["status"] == "under_review"


@pytest.mark.usefixtures("strict")
def test_a_false_alarm_gives_back_all_that_waited_in_one_act(world: World) -> None:
    member, *_ = on_one_device(world, 9, points=300)
    cases.assess(member, clock.now())
    world.give(member, 50)
    assert (account(member).posted, account(member).pending) == (300, 50)
    key = new_key()
    done = decide(world, member, "clear", key=key)
    assert (done.status, done.body["state"], done.body["level"]) == (200, "cleared", "none")
    after = account(member)
    assert (after.posted, after.pending, after.status) == (350, 0, "active")
    again = decide(world, member, "clear", key=key)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (200, "true")
    other = decide(world, member, "clear", key=key, body={"reason": "另一个理由"})
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert account(member) == after
    refused = decide(world, member, "clear")
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    # The same evidence is no case again.
    assert cases.assess(member, clock.now()) == queries.get_case(member)
    assert shown(world, member)["state"] == "cleared"
    acts = world.api.get(f"/v1/admin/audit?subject={member}", as_=world.ops).body["data"]
    assert [each["action"] for each in acts] == ["risk.clear"]
    assert acts[0]["before"] == {"state": "open", "level": "review", "score": 85}


@pytest.mark.usefixtures("strict")
def test_pending_level_lets_spend_and_makes_new_points_wait(world: World, time: Time) -> None:
    member, *_ = on_one_device(world, 8, points=300)
    case = cases.assess(member, clock.now())
    assert case
    assert case.level == "pending"
    world.give(member, 50)
    assert (account(member).posted, account(member).pending) == (300, 50)
    sku = world.sku(points=100, kind="service", stock=3)
    assert world.order(member, sku, booking=SLOT).status == 201
    time.advance(days=15)
    sweeps.end_waiting(clock.now())
    assert account(member).pending == 0


@pytest.mark.usefixtures("strict")
def test_confirmed_abuse_freezes_until_the_staff_clears_it(world: World) -> None:
    member, *_ = on_one_device(world, 8, points=300)
    cases.assess(member, clock.now())
    assert decide(world, member, "confirm").body["does"] == "frozen"
    assert account(member).status == "frozen"
    assert member in listed(world, "confirmed")
    assert decide(world, member, "confirm").status == 409
    assert decide(world, member, "clear").body["state"] == "cleared"
    assert account(member).status == "active"


def test_without_published_rules_nobody_is_kept_from_their_points(world: World) -> None:
    member, *_ = on_one_device(world, 9, points=300)
    case = cases.assess(member, clock.now())
    assert case
    assert (case.level, account(member).status) == ("watch", "active")


def test_members_of_whom_something_is_new_are_assessed_once(world: World, time: Time) -> None:
    member = world.member()
    signs_in(member, new_key())
    time.advance(minutes=3)
    failed: list[Exception] = []
    assert cases.sweep(clock.now(), failed) >= 1
    assert failed == []
    assert queries.find_due(member) is None
    assert queries.find_case(member) is None


@pytest.mark.usefixtures("strict")
def test_what_only_watches_or_waits_ends_when_its_evidence_is_old(world: World, time: Time) -> None:
    member, *_ = on_one_device(world, 8, points=300)
    time.advance(minutes=3)
    cases.sweep(clock.now(), [])
    assert shown(world, member)["level"] == "pending"
    world.give(member, 50)
    time.advance(days=1, minutes=1)
    cases.sweep(clock.now(), [])
    assert (account(member).status, account(member).pending) == ("credits_pending", 50)
    time.advance(days=10)
    world.give(member, 7)
    # Nobody signs in or earns: the case is looked at each day.
    time.advance(days=20)
    cases.sweep(clock.now(), [])
    assert queries.get_case(member).state == "closed"
    assert account(member).status == "active"
    assert (account(member).pending, account(member).posted) == (0, 357)


def test_news_during_an_assessment_is_looked_at_by_the_next(world: World, time: Time) -> None:
    member = world.member()
    uses.ask(member, clock.now())
    seen = queries.find_due(member)
    assert seen
    uses.ask(member, clock.now())
    uses.end_ask(seen, member)
    assert queries.find_due(member)


def test_a_member_who_cannot_be_assessed_keeps_nobody_waiting(
    world: World, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = world.member(), world.member()
    for each in (bad, good):
        signs_in(each, new_key())
    time.advance(minutes=3)
    assess = cases.assess

    def failing(member_id: str, now: datetime) -> Any:
        if member_id == bad:
            raise Unavailable()
        return assess(member_id, now)

    monkeypatch.setattr(cases, "assess", failing)
    failed: list[Exception] = []
    cases.sweep(clock.now(), failed)
    assert len(failed) == 1
    assert queries.find_due(good) is None
    later = queries.find_due(bad)
    assert later
    assert later.due_at
    assert later.due_at > clock.now().timestamp() + 500


@pytest.mark.usefixtures("strict")
def test_assessments_at_once_make_one_case(world: World) -> None:
    member, *_ = on_one_device(world, 9, points=300)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: cases.assess(member, clock.now()), range(16)))
    assert {case.version for case in found if case} == {1}
    assert queries.get_case(member).version == 1
    assert account(member).status == "under_review"


def test_a_member_without_a_case_is_not_found(world: World) -> None:
    member = world.member()
    assert world.api.get(f"{PATH}/{member}", as_=world.ops).status == 404
    for what in ("clear", "confirm"):
        assert decide(world, member, what).status == 404
    assert queries.find_case(member) is None


@pytest.mark.parametrize("role", ["agent", "finance", "member"])
def test_only_ops_decide_and_publish(world: World, role: str) -> None:
    who = token(ids.new_id("mbr"), role)
    member = world.member()
    assert decide(world, member, "clear", as_=who).status == 403
    body = {"rules": [], "levels": {}}
    answer = world.api.put("/v1/admin/risk/rules", body, as_=who, headers={"If-Match": "0"})
    assert answer.status == 403
    assert (world.api.get(PATH, as_=who).status == 403) == (role == "member")


def test_published_rules_are_versioned_and_audited(world: World) -> None:
    path = "/v1/admin/risk/rules"
    first = world.api.get(path, as_=world.ops).body
    assert (first["version"], first["levels"]["review"]) == (0, None)
    body = {"rules": first["rules"], "levels": {"watch": 500}}
    made = world.api.put(path, body, as_=world.ops, headers={"If-Match": "0"})
    assert (made.status, made.body["version"]) == (200, 1), made.body
    try:
        assert rules_in_force().terms.levels == Levels(watch=500)
        stale = world.api.put(path, body, as_=world.ops, headers={"If-Match": "0"})
        assert (stale.status, stale.body["code"]) == (412, "stale_version")
        wrong = {**body, "levels": {"watch": 50, "review": 40}}
        refused = world.api.put(path, wrong, as_=world.ops, headers={"If-Match": "1"})
        assert [each["field"] for each in refused.body["errors"]] == ["levels.review"]
        unknown = {**body, "rules": [{"kind": "hair_colour", "at_least": 1, "score": 1}]}
        refused = world.api.put(path, unknown, as_=world.ops, headers={"If-Match": "1"})
        assert (refused.status, refused.body["errors"][0]["field"]) == (400, "rules[0].kind")
        twice = {**body, "rules": [first["rules"][0], {**first["rules"][0], "score": 1}]}
        refused = world.api.put(path, twice, as_=world.ops, headers={"If-Match": "1"})
        assert [(each["field"], each["code"]) for each in refused.body["errors"]] == [
            ("rules[1].at_least", "duplicate")
        ]
        assert world.api.get(path, as_=world.ops).body["version"] == 1
        old = world.api.get(f"{path}?version=0", as_=world.ops).body
        assert (old["version"], old["levels"]) == (0, first["levels"])
        assert world.api.get(f"{path}?version=1", as_=world.ops).body == made.body
        assert world.api.get(f"{path}?version=2", as_=world.ops).status == 404
    finally:
        RulesItem(RULES, CURRENT).delete()
        forget_rules()
    acts = world.api.get("/v1/admin/audit?subject=risk-rules", as_=world.ops).body["data"]
    assert acts[0]["after"]["levels.watch"] == 500
