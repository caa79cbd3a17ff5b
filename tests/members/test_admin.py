"""Members as the staff see them: found exactly, shown whole but masked, their history paged."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.kernel import clock, ids
from chalicelib.kernel.web.auth import MEMBER, STAFF_ROLES
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of
from tests.api import Answer, token
from tests.members.people import new_email
from tests.world import World, new_phone

PATHS = (
    "/v1/admin/members?id={}",
    "/v1/admin/members/{}",
    "/v1/admin/members/{}/points",
    "/v1/admin/members/{}/points/entries",
)


def get(world: World, path: str, role: str = "agent") -> Answer:
    return world.api.get(path, as_=token("mbr_staff", role))


def ids_found(world: World, query: str) -> list[str]:
    answer = get(world, f"/v1/admin/members?{query}")
    assert (answer.status, answer.body.get("next_cursor", "")) == (200, None), answer.body
    return [each["id"] for each in answer.body["data"]]


def test_a_member_is_shown_with_points_and_masked_addresses(world: World) -> None:
    phone = new_phone()
    member = enrol(destination_of(phone=phone), roles=["agent"], now=clock.now())
    world.give(member, 500)
    answer = get(world, f"/v1/admin/members/{member}")
    mine = world.api.get("/v1/me/points", as_=token(member)).body
    me = world.api.get("/v1/me", as_=token(member)).body
    del me["consent"], me["birthday"], me["referral_code"]
    nobody = {"merged_into": None, "merged_from": []}
    told = {**me, "status": "active", "points": mine, **nobody}
    assert (answer.status, answer.body) == (200, told)
    assert answer.body["points"]["available"] == 500
    assert answer.body["roles"] == ["agent", "member"]
    assert phone not in str(answer.body)


def test_a_member_is_found_by_phone_e_mail_or_id(world: World) -> None:
    phone, email = new_phone(), new_email()
    by_phone = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    by_email = enrol(destination_of(email=email), roles=(), now=clock.now())
    for spelled in (phone, phone.removeprefix("+86"), f"{phone[:6]} {phone[6:]}"):
        assert ids_found(world, f"phone={quote(spelled, safe='')}") == [by_phone]
    for spelled in (email, email.upper()):
        assert ids_found(world, f"email={quote(spelled, safe='')}") == [by_email]
    assert ids_found(world, f"id={by_phone}") == [by_phone]
    found = get(world, f"/v1/admin/members?id={by_phone}").body["data"]
    assert found == [get(world, f"/v1/admin/members/{by_phone}").body]


def test_an_unknown_phone_finds_no_member(world: World) -> None:
    phone = quote(new_phone(), safe="")
    for query in (f"phone={phone}", f"email={new_email()}", f"id={ids.new_id('mbr')}", "id=x"):
        assert ids_found(world, query) == []
    # A search creates no member.
    assert ids_found(world, f"phone={phone}") == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "exactly_one"),
        ("phone=13800138000&id=mbr_1", "exactly_one"),
        ("phone=13800138000&email=a%40example.com", "exactly_one"),
        ("phone=12345", "invalid_phone"),
        ("email=nobody", "invalid_email"),
        ("phone=", "too_short"),
        ("id=", "blank"),
        (f"email={'x' * 255}", "too_long"),
        ("nickname=x", "unknown_field"),
        ("id=mbr_1&id=mbr_2", "duplicate"),
    ],
)
def test_a_bad_search_is_refused_by_its_parameter(world: World, query: str, code: str) -> None:
    answer = get(world, f"/v1/admin/members?{query}")
    assert (answer.status, answer.body["errors"][0]["code"]) == (400, code)


@pytest.mark.parametrize("path", PATHS[1:])
@pytest.mark.parametrize("unknown", [f"mbr_{'a' * 26}", "mbr_x", "PROFILE"])
def test_an_unknown_member_is_not_found(world: World, path: str, unknown: str) -> None:
    answer = get(world, path.format(unknown))
    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_the_staff_sees_a_members_history_like_the_member(world: World) -> None:
    member = world.member()
    for points in (100, 200, 300):
        world.give(member, points)
    world.address(member)
    assert world.order(member, world.sku(points=50)).status == 201
    path = f"/v1/admin/members/{member}/points/entries"

    def both(query: str) -> Any:
        staffs = get(world, f"{path}?{query}")
        own = world.api.get(f"/v1/me/points/entries?{query}", as_=token(member))
        assert (staffs.status, staffs.body) == (own.status, own.body)
        return staffs.body

    first = both("limit=3")
    assert [entry["type"] for entry in first["data"]] == ["redemption", "accrual", "accrual"]
    rest = both(f"limit=3&cursor={first['next_cursor']}")
    assert ([entry["points"] for entry in rest["data"]], rest["next_cursor"]) == ([100], None)
    assert [entry["points"] for entry in both("type=redemption")["data"]] == [-50]
    at = quote(first["data"][0]["recorded_at"], safe="")
    since, before = (both(f"{bound}={at}")["data"] for bound in ("from", "to"))
    assert (since[0]["type"], len(since) + len(before)) == ("redemption", 4)


def test_a_history_without_entries_is_empty(world: World) -> None:
    path = f"/v1/admin/members/{world.member()}/points/entries"
    assert get(world, path).body == {"data": [], "next_cursor": None}


@pytest.mark.parametrize(
    "query", ["type=gift", "from=yesterday", "limit=0", "limit=101", "cursor=x", "member=x"]
)
def test_a_bad_history_query_is_refused(world: World, query: str) -> None:
    path = f"/v1/admin/members/{world.member()}/points/entries?{query}"
    assert get(world, path).status == 400


def test_a_cursor_works_for_one_members_history_only(world: World) -> None:
    one, other = world.member(100), world.member(100)
    world.give(one, 100)
    path = "/v1/admin/members/{}/points/entries?limit=1"
    cursor = get(world, path.format(one)).body["next_cursor"]
    answer = get(world, f"{path.format(other)}&cursor={cursor}")
    assert (answer.status, answer.body["code"]) == (400, "invalid_cursor")


def test_the_staff_sees_the_balance_of_each_unit_like_the_member(world: World) -> None:
    member = world.member()
    world.give(member, 300)
    path = f"/v1/admin/members/{member}/points"
    for query in ("", "?unit=rebate_cash", "?unit=growth", "?at=2020-01-01T00:00:00Z"):
        mine = world.api.get(f"/v1/me/points{query}", as_=token(member))
        theirs = get(world, f"{path}{query}")
        assert (theirs.status, theirs.body) == (200, mine.body)
    assert get(world, path).body["available"] == 300
    for query in ("?unit=gold", "?at=2999-01-01T00:00:00Z"):
        assert get(world, f"{path}{query}").status == 400


@pytest.mark.parametrize("path", PATHS)
def test_every_staff_role_reads_members_and_members_do_not(world: World, path: str) -> None:
    member = world.member()
    for role in STAFF_ROLES:
        assert get(world, path.format(member), role).status == 200
    answer = world.api.get(path.format(member), as_=token(member, MEMBER))
    assert (answer.status, answer.body["code"]) == (403, "forbidden")
    assert world.api.get(path.format(member)).status == 401
