"""The profile: members see and change their own data."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import ids
from chalicelib.members.tables.items import MembersItem
from tests.api import Api, token
from tests.members.people import People, new_email


def test_a_profile_shows_phone_and_e_mail_masked(api: Api, people: People) -> None:
    who = people.sign_in()
    address = new_email()
    people.link(who, address, "email")
    me = api.get("/v1/me", as_=who.token)
    assert me.status == 200
    assert me.body["id"] == who.id
    assert me.body["phone"] == f"+86138****{who.phone[-4:]}"
    assert me.body["email"] == "p***@example.com"
    assert me.body["roles"] == ["member"]
    assert who.phone not in str(me.body)


def test_a_nickname_is_changed_and_cleared(api: Api, people: People) -> None:
    who = people.sign_in()
    both = api.patch("/v1/me", {"nickname": " 小满 ", "birthday": "02-29"}, as_=who.token)
    assert (both.body["nickname"], both.body["birthday"]) == ("小满", "02-29")
    one = api.patch("/v1/me", {"nickname": None}, as_=who.token)
    assert (one.body["nickname"], one.body["birthday"]) == (None, "02-29")
    same = api.patch("/v1/me", b"{}", as_=who.token)
    assert (same.status, same.body) == (200, one.body)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"nickname": ""}, "nickname"),
        ({"nickname": "　"}, "nickname"),
        ({"nickname": "x" * 41}, "nickname"),
        ({"nickname": "two\nlines"}, "nickname"),
        ({"nickname": 1}, "nickname"),
        ({"avatar": "http://example.com/a.png"}, "avatar"),
        ({"avatar": "https://example.com/a.png"}, "avatar"),
        ({"avatar": "javascript:alert(1)"}, "avatar"),
        ({"avatar": "https://example.com/" + "a" * 300}, "avatar"),
        ({"phone": "+8613800138000"}, "phone"),
        ({"roles": ["admin"]}, "roles"),
    ],
)
def test_a_bad_change_names_the_field_and_changes_nothing(
    api: Api, people: People, body: Any, field: str
) -> None:
    who = people.sign_in()
    answer = api.patch("/v1/me", body, as_=who.token)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, field)
    me = api.get("/v1/me", as_=who.token).body
    assert (me["nickname"], me["avatar"], me["roles"]) == (None, None, ["member"])


def test_a_token_of_an_unknown_member_registers_no_member(api: Api) -> None:
    ghost = ids.new_id("mbr")
    for method, path, body in (
        ("GET", "/v1/me", None),
        ("PATCH", "/v1/me", {"nickname": "x"}),
        ("GET", "/v1/me/identities", None),
        ("GET", "/v1/me/addresses", None),
    ):
        answer = api.request(method, path, body, as_=token(ghost))
        assert (answer.status, answer.body["code"]) == (401, "unauthenticated")
    assert not list(MembersItem.query(f"MBR#{ghost}"))


def test_stored_items_of_a_member_show_neither_phone_nor_e_mail(api: Api, people: People) -> None:
    who = people.sign_in()
    address = new_email()
    people.link(who, address, "email")
    client = MembersItem._get_connection().connection.client
    stored = repr(client.scan(TableName=MembersItem.Meta.table_name)["Items"])
    assert who.phone[3:] not in stored
    assert address.partition("@")[0] not in stored
