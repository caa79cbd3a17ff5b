"""Further identities: linked by a code, never two members' at once, never the last one gone."""

from __future__ import annotations

import pytest

from chalicelib.kernel import clock, ids
from chalicelib.members import actions, find_member, queries
from chalicelib.members.tables.items import LinkedItem
from tests.api import Api, new_key
from tests.conftest import Time
from tests.members.people import People, SignedIn, at_once, new_email, new_phone, wrong


def listed(api: Api, who: SignedIn) -> list[tuple[str, str]]:
    rows = api.get("/v1/me/identities", as_=who.token).body["data"]
    return [(row["kind"], row["masked"]) for row in rows]


def test_a_linked_e_mail_signs_the_same_member_in(api: Api, people: People, time: Time) -> None:
    who = people.sign_in()
    time.advance(seconds=1)
    address = new_email()
    made = people.link(who, address, "email")
    assert made.status == 201
    assert (made.body["kind"], made.body["masked"]) == ("email", "p***@example.com")
    assert listed(api, who) == [
        ("email", "p***@example.com"),
        ("phone", f"+86138****{who.phone[-4:]}"),
    ]
    login = people.login(*people.challenge(address.upper(), "email"))
    assert (login.body["member"]["id"], login.body["created"]) == (who.id, False)


def test_a_retry_of_a_link_returns_the_linked_identity(api: Api, people: People) -> None:
    who = people.sign_in()
    challenge_id, code = people.challenge(new_email(), "email")
    body = {"challenge_id": challenge_id, "code": code}
    key = new_key()
    first = api.post("/v1/me/identities", body, as_=who.token, key=key)
    again = api.post("/v1/me/identities", body, as_=who.token, key=key)
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(listed(api, who)) == 2


def test_a_key_used_for_another_link_is_refused(api: Api, people: People) -> None:
    who = people.sign_in()
    key = new_key()
    assert people.link(who, new_email(), "email", key).status == 201
    answer = people.link(who, new_email(), "email", key)
    assert (answer.status, answer.body["code"]) == (409, "idempotency_key_reused")
    assert len(listed(api, who)) == 2


def test_a_link_needs_a_key_and_the_right_code(api: Api, people: People) -> None:
    who = people.sign_in()
    challenge_id, code = people.challenge(new_email(), "email")
    body = {"challenge_id": challenge_id, "code": code}
    keyless = api.post("/v1/me/identities", body, as_=who.token)
    assert (keyless.status, keyless.body["code"]) == (400, "idempotency_key_required")
    bad = {**body, "code": wrong(code)}
    refused = api.post("/v1/me/identities", bad, as_=who.token, key=new_key())
    assert (refused.status, refused.body["code"]) == (401, "otp_invalid")
    assert len(listed(api, who)) == 1


def test_anothers_phone_is_refused_and_stays_theirs(api: Api, people: People) -> None:
    mine, other = people.sign_in(), people.sign_in()
    answer = people.link(mine, other.phone, "sms")
    assert (answer.status, answer.body["code"]) == (409, "identity_taken")
    assert len(listed(api, mine)) == 1
    assert find_member(phone=other.phone) == other.id


def test_linking_ones_own_phone_again_is_refused(api: Api, people: People) -> None:
    who = people.sign_in()
    answer = people.link(who, who.phone, "sms")
    assert (answer.status, answer.body["code"]) == (409, "identity_already_linked")
    assert len(listed(api, who)) == 1


def test_only_one_of_two_concurrent_members_links_an_address(people: People) -> None:
    members = [people.sign_in() for _ in range(2)]
    address = new_email()
    proofs = [people.challenge(address, "email") for _ in range(2)]

    def link(number: int) -> str:
        linked, _ = actions.link_identity(
            members[number].id, ids.new_id("idn"), b"x", *proofs[number], clock.now()
        )
        return linked.id

    results = at_once(2, link)
    assert results.count("identity_taken") == 1
    winner = next(n for n, result in enumerate(results) if result != "identity_taken")
    assert find_member(email=address) == members[winner].id


def test_a_member_has_ten_identities_at_most(api: Api, people: People) -> None:
    who = people.sign_in()
    for _ in range(9):
        assert people.link(who, new_email(), "email").status == 201
    answer = people.link(who, new_email(), "email")
    assert (answer.status, answer.body["code"]) == (409, "too_many_identities")
    assert len(listed(api, who)) == 10


def test_identities_are_listed_by_pages(api: Api, people: People) -> None:
    who = people.sign_in()
    for _ in range(2):
        people.link(who, new_email(), "email")
    first = api.get("/v1/me/identities?limit=2", as_=who.token).body
    rest = api.get(f"/v1/me/identities?cursor={first['next_cursor']}", as_=who.token).body
    assert [len(first["data"]), len(rest["data"]), rest["next_cursor"]] == [2, 1, None]
    assert len({row["id"] for row in first["data"] + rest["data"]}) == 3
    stolen = api.get(f"/v1/me/addresses?cursor={first['next_cursor']}", as_=who.token)
    assert (stolen.status, stolen.body["code"]) == (400, "invalid_cursor")


def test_an_unlinked_phone_is_free_for_a_new_member(api: Api, people: People, time: Time) -> None:
    who = people.sign_in()
    people.link(who, new_email(), "email")
    rows = api.get("/v1/me/identities", as_=who.token).body["data"]
    phone_id = next(row["id"] for row in rows if row["kind"] == "phone")
    assert api.delete(f"/v1/me/identities/{phone_id}", as_=who.token).status == 204
    assert api.delete(f"/v1/me/identities/{phone_id}", as_=who.token).status == 404
    assert api.get("/v1/me", as_=who.token).body["phone"] is None
    assert find_member(phone=who.phone) is None
    assert people.sign_in(who.phone).id != who.id


def test_the_last_identity_cannot_be_unlinked(api: Api, people: People) -> None:
    who = people.sign_in()
    only = api.get("/v1/me/identities", as_=who.token).body["data"][0]["id"]
    answer = api.delete(f"/v1/me/identities/{only}", as_=who.token)
    assert (answer.status, answer.body["code"]) == (409, "last_identity")
    assert find_member(phone=who.phone) == who.id


def test_concurrent_unlinks_keep_one_identity(api: Api, people: People) -> None:
    who = people.sign_in()
    people.link(who, new_email(), "email")
    rows = api.get("/v1/me/identities", as_=who.token).body["data"]
    results = at_once(2, lambda n: actions.unlink_identity(who.id, rows[n]["id"], clock.now()))
    assert sorted(map(str, results)) == ["None", "last_identity"]
    assert len(listed(api, who)) == 1


def test_anothers_identity_is_not_found(api: Api, people: People) -> None:
    mine, other = people.sign_in(), people.sign_in()
    people.link(other, new_email(), "email")
    rows = api.get("/v1/me/identities", as_=other.token).body["data"]
    for id_ in (rows[0]["id"], "idn_x", "x"):
        assert api.delete(f"/v1/me/identities/{id_}", as_=mine.token).status == 404
    assert len(listed(api, other)) == 2


def test_the_phone_linked_last_receives_the_messages(people: People, api: Api, time: Time) -> None:
    who = people.sign_in()
    time.advance(seconds=1)
    later = new_phone()
    people.link(who, later, "sms")
    assert api.get("/v1/me", as_=who.token).body["phone"] == f"+86138****{later[-4:]}"
    row = next(iter(LinkedItem.query(f"MBR#{who.id}", LinkedItem.sk.startswith("IDN#"))))
    assert later not in repr(row.to_dynamodb_dict())


def test_a_login_during_an_unlinking_does_not_enter_the_old_member(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = people.sign_in()
    people.link(who, new_email(), "email")
    phone_row = next(row for row in queries.identities(who.id) if row.kind == "phone")
    challenge = people.challenge(who.phone)
    read = queries.member_with

    def read_just_before_it_is_unlinked(identity: str) -> str | None:
        monkeypatch.setattr(queries, "member_with", read)
        found = read(identity)
        actions.unlink_identity(who.id, phone_row.id, clock.now())
        return found

    monkeypatch.setattr(queries, "member_with", read_just_before_it_is_unlinked)
    answer = people.login(*challenge)
    assert (answer.status, answer.body["created"]) == (201, True)
    assert answer.body["member"]["id"] != who.id
    assert find_member(phone=who.phone) == answer.body["member"]["id"]
