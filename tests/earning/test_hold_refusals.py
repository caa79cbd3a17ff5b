"""Refusals of a till, by code and field, without any change; and its look-up of members."""

from __future__ import annotations

import time as machine
from typing import Any

import pytest

from tests.earning.shop import account_of, register
from tests.earning.till import HOLDS, asked, end, freeze, place, show, state
from tests.world import World, new_phone


def test_a_bad_signature_is_refused(world: World) -> None:
    member = world.member(1000)
    hold = asked(member)
    place(world, hold)
    before = account_of(member)
    for signing, code in (
        ({"secret": "guess"}, "signature_invalid"),
        ({"partner": "nobody"}, "signature_invalid"),
        ({"at_s": int(machine.time()) - 301}, "signature_expired"),
        ({"at_s": int(machine.time()) + 302}, "signature_expired"),
    ):
        for answer in (
            place(world, asked(member), **signing),
            place(world, {"not": "a hold"}, **signing),
            end(world, hold, "capture", **signing),
            end(world, hold, "release", **signing),
            show(world, hold, **signing),
            world.partner("GET", f"/v1/partner/members?member_id={member}", **signing),
        ):
            assert (answer.status, answer.body["code"]) == (401, code)
    assert world.api.post(HOLDS, asked(member)).body["code"] == "signature_invalid"
    assert account_of(member) == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": 0}, "points"),
        ({"points": -1}, "points"),
        ({"points": 1.5}, "points"),
        ({"points": True}, "points"),
        ({"points": "1"}, "points"),
        ({"points": 10**12 + 1}, "points"),
        ({"expires_in_seconds": 59}, "expires_in_seconds"),
        ({"expires_in_seconds": 604_801}, "expires_in_seconds"),
        ({"id": ""}, "id"),
        ({"id": "x" * 65}, "id"),
        ({"id": "a/b"}, "id"),
        ({"id": ".."}, "id"),
        ({"id": "a\n"}, "id"),
        ({"id": "a:end"}, "id"),
        ({"member": {}}, "member"),
        ({"member": {"phone": "12"}}, "member.phone"),
        ({"member": {"email": "nobody"}}, "member.email"),
        ({"member": {"card": "x"}}, "member.card"),
        ({"note": "x"}, "note"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_the_field(
    world: World, change: Any, field: str
) -> None:
    member = world.member(5)
    before = account_of(member)
    answer = place(world, {**asked(member, points=1), **change})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, field)
    assert account_of(member) == before


@pytest.mark.parametrize("points", [0, -1, 1.5, True, 10**12 + 1, "3"])
def test_a_capture_takes_a_positive_integer(world: World, points: Any) -> None:
    member = world.member(1000)
    hold = asked(member)
    place(world, hold)
    answer = end(world, hold, "capture", {"points": points})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "points")
    assert state(member) == (700, 300)


def test_a_release_with_a_field_is_refused(world: World) -> None:
    member = world.member(1000)
    hold = asked(member)
    place(world, hold)
    answer = end(world, hold, "release", {"points": 1})
    assert (answer.status, answer.body["code"]) == (400, "unknown_field")
    assert state(member) == (700, 300)


def test_a_shop_reads_a_members_balance(world: World) -> None:
    phone = new_phone()
    member = register(phone)
    world.give(member, 500)
    place(world, asked(member, 200))
    for query in (f"member_id={member}", f"phone=%2B{phone[1:]}"):
        answer = world.partner("GET", f"/v1/partner/members?{query}")
        assert (answer.status, answer.body["member_id"]) == (200, member)
        points = answer.body["points"]
        assert (points["available"], points["held"], answer.body["status"]) == (300, 200, "active")
    freeze(member)
    asked_again = world.partner("GET", f"/v1/partner/members?member_id={member}")
    assert asked_again.body["status"] == "frozen"


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 400, "member_id"),
        ("?phone=12", 400, "phone"),
        ("?email=nobody", 400, "email"),
        ("?member_id=mbr_x&email=a@b.cn", 400, "member_id"),
        ("?name=x", 400, "name"),
        ("?member_id=mbr_nobody", 404, "member_id"),
        ("?email=nobody@example.com", 404, "email"),
    ],
)
def test_a_malformed_or_unknown_member_is_refused_by_its_field(
    world: World, query: str, status: int, field: str
) -> None:
    answer = world.partner("GET", f"/v1/partner/members{query}")
    assert (answer.status, answer.body["errors"][0]["field"]) == (status, field)
