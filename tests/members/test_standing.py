"""The staff's acts on a member's accounts: each once, each audited, large ones by two people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.ledger import Account
from tests.api import Answer, new_key, token
from tests.ledger.books import sound
from tests.world import World

REASON = {"reason": "盗号申诉"}


@pytest.fixture
def other(world: World) -> str:
    """The token of a second person of the staff."""
    return token(ids.new_id("mbr"), "ops")


def act(world: World, member: str, what: str, body: Any, **other: Any) -> Answer:
    given = {"as_": world.ops, "key": new_key(), **other}
    return world.api.post(f"/v1/admin/members/{member}/{what}", body, **given)


def adjust(world: World, member: str, points: Any, **other: Any) -> Answer:
    key = {name: other.pop(name) for name in ("key", "as_") if name in other}
    body = {"points": points, "reason": "补发活动积分", **other}
    return act(world, member, "points/adjustments", body, **key)


def account(member: str, unit: str = "points") -> Account:
    return sound(ledger.account_of(member, unit))


def audited(world: World, member: str) -> list[Any]:
    answer = world.api.get(f"/v1/admin/audit?subject={member}", as_=world.ops)
    acts: list[Any] = answer.body["data"]
    return acts


def test_a_frozen_member_spends_nothing_and_still_receives(world: World) -> None:
    member, sku = world.member(500), world.sku(points=100, kind="service", stock=3)
    booking = {"booking": {"at": "2030-01-01T00:00:00Z"}}
    frozen = act(world, member, "freeze", REASON)
    assert (frozen.status, frozen.body["status"]) == (200, "frozen")
    before = account(member)
    refused = world.order(member, sku, **booking)
    assert (refused.status, refused.body["code"]) == (409, "account_frozen")
    assert account(member) == before
    assert world.stock(sku) == 3
    world.give(member, 5)
    assert account(member).posted == 505
    assert world.api.get("/v1/me/points", as_=token(member)).body["status"] == "frozen"
    assert act(world, member, "unfreeze", {"reason": "已核实本人"}).body["status"] == "active"
    assert world.order(member, sku, **booking).status == 201
    assert [
        (a["action"], a["before"], a["after"], a["reason"]) for a in audited(world, member)
    ] == [
        ("account.unfreeze", {"status": "frozen"}, {"status": "active"}, "已核实本人"),
        ("account.freeze", {"status": "active"}, {"status": "frozen"}, "盗号申诉"),
    ]


def test_a_freeze_covers_every_unit_even_without_an_account(world: World) -> None:
    member = world.member()
    assert act(world, member, "freeze", REASON).status == 200
    statuses = {unit: account(member, unit).status for unit in ledger.UNITS}
    assert set(statuses.values()) == {"frozen"}
    assert adjust(world, member, 7).status == 201
    assert account(member).posted == 7
    assert act(world, member, "unfreeze", REASON).status == 200
    assert account(member).status == "active"


def test_a_repeated_freeze_has_one_effect(world: World) -> None:
    member, key = world.member(5), new_key()
    first = act(world, member, "freeze", REASON, key=key)
    act(world, member, "unfreeze", REASON)
    again = act(world, member, "freeze", REASON, key=key)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (first.status, "true")
    assert again.body["status"] == "active"
    reused = act(world, member, "freeze", {"reason": "another"}, key=key)
    assert (reused.status, reused.body["code"]) == (409, "idempotency_key_reused")
    assert len(audited(world, member)) == 2
    same = act(world, member, "unfreeze", REASON)
    assert (same.status, same.body["current_status"]) == (409, "active")


def test_a_small_adjustment_is_applied_at_once(world: World) -> None:
    member, key = world.member(), new_key()
    made = adjust(world, member, 500, key=key)
    assert (made.status, made.body["status"], made.body["decided_by"]) == (201, "applied", None)
    assert (account(member).posted, account(member).adjusted) == (500, 500)
    again = adjust(world, member, 500, key=key)
    assert (again.status, again.body) == (201, made.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    reused = adjust(world, member, 501, key=key)
    assert (reused.status, reused.body["code"]) == (409, "idempotency_key_reused")
    assert account(member).posted == 500
    taken = adjust(world, member, -200)
    assert (taken.status, account(member).posted) == (201, 300)
    [last, first] = audited(world, member)
    assert (first["after"]["available"], last["after"]["available"]) == (500, 300)
    entry = world.api.get("/v1/me/points/entries", as_=token(member)).body["data"][0]
    assert (entry["type"], entry["points"]) == ("adjustment", -200)
    assert "补发" not in str(entry)


def test_adjusted_points_lapse_at_the_given_time(world: World, time: Any) -> None:
    member = world.member()
    at = clock.rfc3339(clock.now().replace(microsecond=0) + timedelta(days=2))
    assert adjust(world, member, 5, expires_at=at).body["expires_at"] == at
    assert world.available(member) == 5
    time.advance(days=3)
    assert world.available(member) == 0


def test_a_large_adjustment_waits_for_a_second_person(world: World, other: str) -> None:
    member = world.member()
    made = adjust(world, member, 20_000)
    assert (made.status, made.body["status"]) == (202, "waiting")
    assert account(member).posted == 0
    listed = world.api.listed("/v1/admin/adjustments", as_=world.ops)
    assert made.body["id"] in [each["id"] for each in listed]
    path, key = f"/v1/admin/adjustments/{made.body['id']}/approve", new_key()
    own = world.api.post(path, as_=world.ops, key=new_key())
    assert (own.status, own.body["code"]) == (409, "second_person_required")
    assert account(member).posted == 0
    approved = world.api.post(path, as_=other, key=key)
    assert (approved.status, approved.body["status"]) == (200, "applied")
    assert account(member).posted == 20_000
    again = world.api.post(path, as_=other, key=key)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (200, "true")
    twice = world.api.post(path, as_=other, key=new_key())
    assert (twice.status, twice.body["current_status"]) == (409, "applied")
    assert account(member).posted == 20_000
    listed = world.api.listed("/v1/admin/adjustments", as_=world.ops)
    assert made.body["id"] not in [each["id"] for each in listed]
    assert [a["action"] for a in audited(world, member)] == [
        "points.adjust.approve",
        "points.adjust",
    ]


def test_staff_cannot_adjust_their_own_account_alone(world: World, other: str) -> None:
    member = world.member()
    own = token(member, "ops")
    small = adjust(world, member, 1, as_=own)
    assert (small.status, small.body["status"]) == (202, "waiting")
    large = adjust(world, member, 20_000, as_=other)
    for made in (small, large):
        path = f"/v1/admin/adjustments/{made.body['id']}/approve"
        refused = world.api.post(path, as_=own, key=new_key())
        assert (refused.status, refused.body["code"]) == (409, "second_person_required")
        assert account(member).posted == 0
    assert world.api.post(path, as_=world.ops, key=new_key()).status == 200
    assert account(member).posted == 20_000


def test_a_rejected_adjustment_changes_nothing(world: World, other: str) -> None:
    member = world.member(5)
    made = adjust(world, member, -20_000).body
    path = f"/v1/admin/adjustments/{made['id']}"
    refused = world.api.post(f"{path}/approve", as_=other, key=new_key())
    assert (refused.status, refused.body["code"]) == (409, "insufficient_points")
    dropped = world.api.post(f"{path}/reject", REASON, as_=other, key=new_key())
    assert (dropped.status, dropped.body["status"]) == (200, "rejected")
    late = world.api.post(f"{path}/approve", as_=other, key=new_key())
    assert (late.status, late.body["current_status"]) == (409, "rejected")
    assert account(member).posted == 5


def test_the_staff_is_told_how_much_one_person_adjusts_alone(world: World) -> None:
    answer = world.api.get("/v1/admin/adjustments/limits", as_=token("mbr_staff", "agent"))
    assert (answer.status, answer.body) == (200, {"points": 10_000, "rebate_given": 0})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"points": 0}, "points"), ({"points": 1.5}, "points"), ({"points": True}, "points"),
        ({"points": 10**12 + 1}, "points"), ({"points": -(10**12) - 1}, "points"),
        ({"points": "5"}, "points"), ({"points": 5, "reason": ""}, "reason"),
        ({"points": 5, "unit": "gold"}, "unit"),
        ({"points": 5, "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"points": -5, "expires_at": "2099-01-01T00:00:00Z"}, "expires_at"),
    ],
)  # fmt: skip
def test_an_invalid_adjustment_names_its_field(world: World, body: Any, field: str) -> None:
    member = world.member(5)
    answer = act(world, member, "points/adjustments", {"reason": "x", **body})
    assert answer.status == 400
    assert [error["field"] for error in answer.body["errors"]] == [field]
    assert account(member).posted == 5


def test_an_adjustment_cannot_exceed_the_balance(world: World) -> None:
    member = world.member(5)
    refused = adjust(world, member, -6)
    assert (refused.status, refused.body["code"]) == (409, "insufficient_points")
    assert refused.body["missing_points"] == 1
    assert account(member).posted == 5
    assert audited(world, member) == []


def test_the_accounts_of_an_unknown_member_are_not_found(world: World) -> None:
    nobody = ids.new_id("mbr")
    for what in ("freeze", "unfreeze"):
        assert act(world, nobody, what, REASON).status == 404
    assert adjust(world, nobody, 5).status == 404
    path = "/v1/admin/adjustments/adj_none/approve"
    assert world.api.post(path, as_=world.ops, key=new_key()).status == 404


@pytest.mark.parametrize("unit", ["growth", "rebate_cash"])
def test_every_unit_has_an_account_of_its_own(world: World, other: str, unit: str) -> None:
    member = world.member(5)
    made = adjust(world, member, 9, unit=unit).body
    assert made["unit"] == unit
    if made["status"] == "waiting":
        path = f"/v1/admin/adjustments/{made['id']}/approve"
        assert world.api.post(path, as_=other, key=new_key()).status == 200
    assert (account(member).posted, account(member, unit).posted) == (5, 9)


def test_any_gift_of_rebate_cash_needs_a_second_person(world: World, other: str) -> None:
    member = world.member()
    made = adjust(world, member, 1, unit="rebate_cash")
    assert (made.status, made.body["status"]) == (202, "waiting")
    assert account(member, "rebate_cash").posted == 0
    path = f"/v1/admin/adjustments/{made.body['id']}/approve"
    refused = world.api.post(path, as_=world.ops, key=new_key())
    assert (refused.status, refused.body["code"]) == (409, "second_person_required")
    assert account(member, "rebate_cash").posted == 0
    assert world.api.post(path, as_=other, key=new_key()).status == 200
    assert account(member, "rebate_cash").posted == 1
    taken = adjust(world, member, -1, unit="rebate_cash")
    assert (taken.status, account(member, "rebate_cash").posted) == (201, 0)
