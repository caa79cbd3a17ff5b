"""Devices: listed, signed out one by one or all at once; who gets in at all."""

from __future__ import annotations

import pytest

from tests.api import Api, token
from tests.conftest import Time
from tests.members.people import People, new_phone, refresh


def test_signing_out_one_device_keeps_the_others(api: Api, people: People) -> None:
    here = people.sign_in()
    there = people.sign_in(here.phone)
    for _ in range(2):
        answer = api.delete("/v1/auth/sessions/current", as_=here.token)
        assert (answer.status, answer.body) == (204, "")
    assert refresh(api, here.refresh_token).status == 401
    assert refresh(api, there.refresh_token).status == 200


def test_signing_out_everywhere_keeps_other_members(api: Api, people: People) -> None:
    mine = [
        people.sign_in(),
    ]
    mine.append(people.sign_in(mine[0].phone))
    other = people.sign_in()
    assert api.delete("/v1/auth/sessions", as_=mine[0].token).status == 204
    assert [refresh(api, who.refresh_token).status for who in mine] == [401, 401]
    assert refresh(api, other.refresh_token).status == 200


def test_sessions_are_listed_newest_first_by_pages(api: Api, people: People, time: Time) -> None:
    who = people.sign_in()
    for _ in range(2):
        time.advance(minutes=1)
        who = people.sign_in(who.phone)
    first = api.get("/v1/me/sessions?limit=2", as_=who.token).body
    rest = api.get(f"/v1/me/sessions?limit=2&cursor={first['next_cursor']}", as_=who.token).body
    listed = first["data"] + rest["data"]
    assert [session["current"] for session in listed] == [True, False, False]
    assert [s["created_at"] for s in listed] == sorted(
        (s["created_at"] for s in listed), reverse=True
    )
    assert rest["next_cursor"] is None
    other = people.sign_in()
    stolen = api.get(f"/v1/me/sessions?cursor={first['next_cursor']}", as_=other.token)
    assert (stolen.status, stolen.body["code"]) == (400, "invalid_cursor")


def test_expired_sessions_are_not_listed(api: Api, people: People, time: Time) -> None:
    who = people.sign_in()
    time.advance(days=31)
    now = people.sign_in(who.phone)
    assert len(api.get("/v1/me/sessions", as_=now.token).body["data"]) == 1


def test_a_session_shows_a_short_user_agent(api: Api, people: People) -> None:
    challenge_id, code = people.challenge(new_phone())
    body = {"grant": "otp", "challenge_id": challenge_id, "code": code}
    login = api.post("/v1/auth/sessions", body, headers={"User-Agent": "Phone\t" + "x" * 500})
    listed = api.get("/v1/me/sessions", as_=login.body["access_token"]).body["data"]
    assert listed[0]["user_agent"] == "Phone" + "x" * 195


def test_a_device_can_sign_out_another(api: Api, people: People) -> None:
    here = people.sign_in()
    there = people.sign_in(here.phone)
    listed = api.get("/v1/me/sessions", as_=here.token).body["data"]
    gone = next(session["id"] for session in listed if not session["current"])
    assert api.delete(f"/v1/me/sessions/{gone}", as_=here.token).status == 204
    assert refresh(api, there.refresh_token).status == 401
    assert api.delete(f"/v1/me/sessions/{gone}", as_=here.token).status == 404
    assert refresh(api, here.refresh_token).status == 200


def test_anothers_session_and_an_invalid_id_are_not_found(api: Api, people: People) -> None:
    mine, other = people.sign_in(), people.sign_in()
    session = api.get("/v1/me/sessions", as_=other.token).body["data"][0]["id"]
    for id_ in (session, "x", "ses_" + "a" * 26, "%E6%96%87", "a" * 300):
        assert api.delete(f"/v1/me/sessions/{id_}", as_=mine.token).status == 404
    assert refresh(api, other.refresh_token).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/auth/sessions/current"),
        ("DELETE", "/v1/auth/sessions"),
        ("GET", "/v1/me"),
        ("PATCH", "/v1/me"),
        ("GET", "/v1/me/sessions"),
        ("DELETE", "/v1/me/sessions/ses_x"),
        ("GET", "/v1/me/identities"),
        ("POST", "/v1/me/identities"),
        ("DELETE", "/v1/me/identities/idn_x"),
        ("GET", "/v1/me/addresses"),
        ("POST", "/v1/me/addresses"),
        ("GET", "/v1/me/addresses/adr_x"),
        ("PATCH", "/v1/me/addresses/adr_x"),
        ("DELETE", "/v1/me/addresses/adr_x"),
    ],
)
def test_a_call_without_a_token_or_with_another_role_is_refused(
    api: Api, method: str, path: str
) -> None:
    body = {} if method in ("POST", "PATCH") else None
    assert api.request(method, path, body).status == 401
    assert api.request(method, path, body, as_="not.a.token").status == 401
    only_ops = token("mbr_" + "a" * 26, "ops")
    assert api.request(method, path, body, as_=only_ops, key="12345678").status == 403
