"""The address book: 20 at most, one default, sealed, small enough for an order."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from chalicelib.kernel import clock, ids
from chalicelib.members import actions, default_address
from chalicelib.members.queries import find_address
from chalicelib.members.rules import Address
from chalicelib.members.tables.items import MembersItem
from tests.api import Answer, Api, new_key
from tests.conftest import Time
from tests.members.people import People, SignedIn, at_once

PATH = "/v1/me/addresses"
BODY = {
    "recipient": "王小满",
    "phone": "138 0013 8000",
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "street": "文三路 100 号",
    "postal_code": "310012",
}


def add(api: Api, who: SignedIn, key: str | None = None, **changes: Any) -> Answer:
    return api.post(PATH, {**BODY, **changes}, as_=who.token, key=key or new_key())


def listed(api: Api, who: SignedIn) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api.get(f"{PATH}?limit=100", as_=who.token).body["data"]
    return rows


def defaults(api: Api, who: SignedIn) -> list[str]:
    return [row["id"] for row in listed(api, who) if row["is_default"]]


def test_an_address_is_stored_and_the_first_is_the_default(api: Api, people: People) -> None:
    who = people.sign_in()
    made = add(api, who)
    assert made.status == 201
    expected = {**BODY, "phone": "+8613800138000", "country": "CN", "is_default": True}
    expected["division_code"] = None
    assert {**expected, "id": made.body["id"], "created_at": made.body["created_at"]} == made.body
    shown = api.get(f"{PATH}/{made.body['id']}", as_=who.token)
    assert (shown.status, shown.body) == (200, made.body)
    assert listed(api, who) == [made.body]


def test_a_retry_with_the_same_key_makes_one_address(api: Api, people: People) -> None:
    who, key = people.sign_in(), new_key()
    first = add(api, who, key)
    assert api.patch(f"{PATH}/{first.body['id']}", {"city": "宁波市"}, as_=who.token).status == 200
    again = add(api, who, key)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.body == {**first.body, "city": "宁波市"}
    other = add(api, who, key, city="温州市")
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert len(listed(api, who)) == 1


def test_a_retry_is_answered_even_with_twenty_addresses(api: Api, people: People) -> None:
    who, key = people.sign_in(), new_key()
    first = add(api, who, key)
    for _ in range(19):
        assert add(api, who).status == 201
    full = add(api, who)
    assert (full.status, full.body["code"]) == (409, "address_book_full")
    assert add(api, who, key).body == first.body
    assert len(listed(api, who)) == 20
    assert api.delete(f"{PATH}/{first.body['id']}", as_=who.token).status == 204
    assert add(api, who).status == 201


def test_concurrent_additions_stop_at_twenty_addresses(people: People) -> None:
    who = people.sign_in()
    address = Address("王", "+8613800138000", "CN", "浙江省", "杭州市", None, "路", None)

    def add_one(_: int) -> str:
        id_ = ids.new_id("adr")
        actions.add_address(who.id, id_, b"x", address, is_default=False, now=clock.now())
        return id_

    results = at_once(16, add_one) + at_once(16, add_one)
    assert results.count("address_book_full") == 12
    assert default_address(who.id) == address


def test_concurrent_requests_under_one_key_make_one_address(people: People) -> None:
    who, id_ = people.sign_in(), ids.new_id("adr")
    address = Address("王", "+8613800138000", "CN", "浙江省", "杭州市", None, "路", None)
    results = at_once(
        10,
        lambda _: actions.add_address(who.id, id_, b"x", address, is_default=True, now=clock.now())[
            1
        ],
    )
    assert sorted(map(str, results)) == ["False"] + ["True"] * 9


def test_another_default_unsets_the_old_one(api: Api, people: People) -> None:
    who = people.sign_in()
    first, second = add(api, who).body, add(api, who).body
    assert (first["is_default"], second["is_default"]) == (True, False)
    third = add(api, who, is_default=True).body
    assert defaults(api, who) == [third["id"]]
    changed = api.patch(f"{PATH}/{second['id']}", {"is_default": True}, as_=who.token)
    assert changed.body == {**second, "is_default": True}
    assert defaults(api, who) == [second["id"]]


def test_a_default_is_replaced_only_by_another(api: Api, people: People) -> None:
    who = people.sign_in()
    first, second = add(api, who).body, add(api, who).body
    refused = api.patch(f"{PATH}/{first['id']}", {"is_default": False}, as_=who.token)
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "is_default")
    allowed = api.patch(f"{PATH}/{second['id']}", {"is_default": False}, as_=who.token)
    assert allowed.status == 200
    assert defaults(api, who) == [first["id"]]


def test_a_removed_default_is_replaced_by_the_next_new_address(api: Api, people: People) -> None:
    who = people.sign_in()
    first, second = add(api, who).body, add(api, who).body
    assert api.delete(f"{PATH}/{first['id']}", as_=who.token).status == 204
    assert defaults(api, who) == []
    assert default_address(who.id) is None
    assert [row["id"] for row in listed(api, who)] == [second["id"]]
    third = add(api, who).body
    assert defaults(api, who) == [third["id"]]


def test_concurrent_defaults_leave_one(api: Api, people: People) -> None:
    who = people.sign_in()
    made = [add(api, who).body["id"] for _ in range(4)]
    at_once(4, lambda n: actions.change_address(who.id, made[n], {}, is_default=True))
    assert len(defaults(api, who)) == 1


def test_a_change_keeps_unnamed_fields_and_null_clears_one(api: Api, people: People) -> None:
    who = people.sign_in()
    made = add(api, who).body
    path = f"{PATH}/{made['id']}"
    changed = api.patch(path, {"street": " 新路 1 号 ", "district": None}, as_=who.token)
    assert changed.body == {**made, "street": "新路 1 号", "district": None}
    assert api.patch(path, b"{}", as_=who.token).body == changed.body


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recipient": "王" * 129}, "recipient"),
        ({"recipient": ""}, "recipient"),
        ({"recipient": "　"}, "recipient"),
        ({"recipient": "a\nb"}, "recipient"),
        ({"phone": "123"}, "phone"),
        ({"phone": "99999999999"}, "phone"),
        ({"country": "China"}, "country"),
        ({"country": "C"}, "country"),
        ({"country": "中国"}, "country"),
        ({"province": "省" * 86}, "province"),
        ({"city": None}, "city"),
        ({"district": "区" * 86}, "district"),
        ({"street": "路" * 201}, "street"),
        ({"street": 7}, "street"),
        ({"postal_code": "1" * 12}, "postal_code"),
        ({"is_default": "yes"}, "is_default"),
        ({"is_default": 1}, "is_default"),
        ({"id": "adr_x"}, "id"),
        ({"recipient": "\u200b\u2060\u3164\u2800"}, "recipient"),
        ({"street": "\U000e0041\u0301\ufe0f"}, "street"),
    ],
)
def test_a_bad_address_names_the_field_and_changes_nothing(
    api: Api, people: People, changes: Any, field: str
) -> None:
    who = people.sign_in()
    answer = add(api, who, **changes)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, field)
    assert listed(api, who) == []
    made = add(api, who).body
    patched = api.patch(f"{PATH}/{made['id']}", changes, as_=who.token)
    assert (patched.status, patched.body["errors"][0]["field"]) == (400, field)
    assert listed(api, who) == [made]


def test_an_address_needs_a_key(api: Api, people: People) -> None:
    answer = api.post(PATH, BODY, as_=people.sign_in().token)
    assert (answer.status, answer.body["code"]) == (400, "idempotency_key_required")


def test_anothers_address_is_not_found_and_is_kept(api: Api, people: People) -> None:
    mine, other = people.sign_in(), people.sign_in()
    theirs = add(api, other).body
    for id_ in (theirs["id"], "adr_x", "x"):
        path = f"{PATH}/{id_}"
        assert api.get(path, as_=mine.token).status == 404
        assert api.patch(path, {"city": "宁波市"}, as_=mine.token).status == 404
        assert api.patch(path, {"is_default": True}, as_=mine.token).status == 404
        assert api.delete(path, as_=mine.token).status == 404
    assert find_address(mine.id, theirs["id"]) is None
    assert listed(api, other) == [theirs]
    assert default_address(mine.id) is None


def test_addresses_are_listed_newest_first_by_pages(api: Api, people: People, time: Time) -> None:
    who = people.sign_in()
    made = []
    for _ in range(3):
        time.advance(seconds=1)
        made.append(add(api, who).body["id"])
    first = api.get(f"{PATH}?limit=2", as_=who.token).body
    rest = api.get(f"{PATH}?limit=2&cursor={first['next_cursor']}", as_=who.token).body
    assert [row["id"] for row in first["data"] + rest["data"]] == made[::-1]
    assert rest["next_cursor"] is None
    other = people.sign_in()
    assert api.get(f"{PATH}?cursor={first['next_cursor']}", as_=other.token).status == 400


def test_the_stored_address_is_sealed(api: Api, people: People) -> None:
    who = people.sign_in()
    street = f"秘密路{new_key()}"
    add(api, who, street=street)
    client = MembersItem._get_connection().connection.client
    stored = repr(client.scan(TableName=MembersItem.Meta.table_name)["Items"])
    assert street[3:] not in stored


@pytest.mark.parametrize("street", ["Rue de l'Église 1", "ул. Ленина, 1", "𠮷野家 1", "한국로 1"])
def test_an_address_in_any_script_is_read_back_unchanged(street: str) -> None:
    address = Address("A", "+12025550123", "US", "DC", "Washington", None, street, None)
    assert Address.decode(address.encode()) == address


def test_a_removal_between_two_pages_hides_no_address(api: Api, people: People, time: Time) -> None:
    who = people.sign_in()
    made = []
    for _ in range(3):
        time.advance(seconds=1)
        made.append(add(api, who).body["id"])
    first = api.get(f"{PATH}?limit=1", as_=who.token).body
    api.delete(f"{PATH}/{made[2]}", as_=who.token)
    rest = api.get(f"{PATH}?cursor={first['next_cursor']}", as_=who.token).body
    assert [row["id"] for row in rest["data"]] == [made[1], made[0]]


def test_an_address_keeps_the_code_of_its_place_until_it_moves(api: Api, people: People) -> None:
    who = people.sign_in()
    made = add(api, who, division_code="330106")
    assert (made.status, made.body["division_code"]) == (201, "330106")
    path = f"{PATH}/{made.body['id']}"
    same = api.patch(path, {"street": "文二路 1 号"}, as_=who.token)
    assert same.body["division_code"] == "330106"
    wrong = api.patch(path, {"division_code": "330105"}, as_=who.token)
    assert (wrong.status, wrong.body["errors"][0]["field"]) == (400, "district")
    assert "拱墅区" in wrong.body["errors"][0]["message"]
    moved = api.patch(path, {"district": "拱墅区"}, as_=who.token)
    assert moved.body["division_code"] is None
    known = api.patch(path, {"division_code": "330105"}, as_=who.token)
    assert (known.status, known.body["division_code"]) == (200, "330105")


@pytest.mark.parametrize("code", ["33010", "３３０１０６x", "abcdef", "999999", 330106])
def test_a_bad_code_is_refused(api: Api, people: People, code: Any) -> None:
    who = people.sign_in()
    refused = add(api, who, division_code=code)
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "division_code")
    assert listed(api, who) == []


def test_divisions_are_listed_level_by_level(api: Api) -> None:
    provinces = api.get("/v1/divisions").body["data"]
    assert len(provinces) == 31
    cities = api.get("/v1/divisions?parent=330000").body["data"]
    assert {"code": "330100", "name": "杭州市", "has_parts": True} in cities
    districts = api.get("/v1/divisions?parent=330100").body["data"]
    assert {"code": "330106", "name": "西湖区", "has_parts": False} in districts
    assert api.get("/v1/divisions?parent=330106").status == 404
    assert api.get("/v1/divisions?parent=33").status == 400


def test_neither_a_start_nor_an_address_without_a_code_loads_them() -> None:
    code = (
        "import sys, app; app.app.complete()"
        "; found = 'chalicelib.members.rules.divisions' in sys.modules; assert not found"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ})
