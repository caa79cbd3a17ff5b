"""Sessions: the first login registers, refresh tokens rotate, devices are signed out."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.web import auth
from chalicelib.members import actions, queries, rules
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import SessionItem
from tests.api import Api
from tests.conftest import Time
from tests.members.people import People, at_once, new_phone, refresh

DEVICE = actions.Device("en", "tests")


def test_the_first_login_registers_and_the_next_one_does_not(people: People, time: Time) -> None:
    phone = new_phone()
    first = people.login(*people.challenge(phone))
    second = people.login(*people.challenge(phone))
    assert (first.status, first.body["created"]) == (201, True)
    assert (second.status, second.body["created"]) == (201, False)
    assert first.body["member"]["id"] == second.body["member"]["id"]
    assert first.body["member"]["phone"] == f"+86138****{phone[-4:]}"
    assert first.body["expires_in"] == 900
    caller = auth.verify(first.body["access_token"], clock.now())
    assert (caller.member_id, caller.roles) == (first.body["member"]["id"], {"member"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"grant": "weibo", "challenge_id": "otp_1", "code": "123456"}, "grant"),
        ({"grant": "otp", "code": "123456"}, "challenge_id"),
        ({"grant": "otp", "challenge_id": "otp_1", "code": 123456}, "code"),
        ({"grant": "otp", "challenge_id": "otp_1", "code": ""}, "code"),
        ({"grant": "otp", "challenge_id": "o" * 65, "code": "123456"}, "challenge_id"),
        (
            {"grant": "otp", "challenge_id": "o", "code": "1", "consent": {"terms": "1"}},
            "consent.privacy",
        ),
    ],
)
def test_a_bad_login_names_the_field(api: Api, body: Any, field: str) -> None:
    answer = api.post("/v1/auth/sessions", body)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, field)


def test_consent_is_kept_with_its_time(people: People, time: Time) -> None:
    phone = new_phone()
    consent = {"terms": "2026-01", "privacy": "2026-02"}
    first = people.login(*people.challenge(phone), consent=consent).body["member"]["consent"]
    assert {**consent, "agreed_at": first["agreed_at"]} == first
    again = people.login(*people.challenge(phone)).body["member"]["consent"]
    assert again == first
    later = people.login(*people.challenge(phone), consent={**consent, "terms": "2027-01"})
    assert later.body["member"]["consent"]["terms"] == "2027-01"


def test_two_concurrent_first_logins_make_one_member(people: People) -> None:
    for _ in range(5):
        phone = new_phone()
        challenges = [people.challenge(phone) for _ in range(2)]
        logins = at_once(
            2, lambda n, c=challenges: actions.log_in(*c[n], DEVICE, None, clock.now())
        )
        made = [login for login in logins if isinstance(login, actions.Login)]
        assert len({login.member_id for login in made}) == 1
        assert sorted(login.created for login in made) == [False, True]


def test_a_refresh_token_works_once_and_a_reused_one_ends_the_family(
    api: Api, people: People
) -> None:
    who = people.sign_in()
    other = people.sign_in(who.phone)
    first = refresh(api, who.refresh_token)
    second = refresh(api, first.body["refresh_token"])
    assert (first.status, second.status) == (200, 200)
    assert api.get("/v1/me", as_=second.body["access_token"]).status == 200
    reused = refresh(api, who.refresh_token)
    assert (reused.status, reused.body["code"]) == (401, "refresh_token_invalid")
    assert refresh(api, second.body["refresh_token"]).status == 401
    assert refresh(api, other.refresh_token).status == 200


@pytest.mark.parametrize("text", ["x", "a.b.c.d", "文.文.文.文", "....", "a" * 300])
def test_a_token_of_others_is_refused(api: Api, text: str) -> None:
    assert refresh(api, text).body["code"] == "refresh_token_invalid"


def test_a_sessions_id_alone_cannot_end_it(api: Api, people: People) -> None:
    who = people.sign_in()
    member_id, session_id, _, mac = who.refresh_token.split(".")
    forged = ".".join((member_id, session_id, "guess", mac))
    assert refresh(api, forged).status == 401
    assert refresh(api, who.refresh_token).status == 200


def test_only_one_of_concurrent_refreshes_wins_and_the_family_ends(
    api: Api, people: People
) -> None:
    who = people.sign_in()
    results = at_once(8, lambda _: actions.refresh(who.refresh_token, clock.now()))
    won = [login for login in results if not isinstance(login, str)]
    assert len(won) == 1
    assert refresh(api, won[0].refresh_token).status == 401


def test_a_session_unused_for_thirty_days_ends(api: Api, people: People, time: Time) -> None:
    kept, left = people.sign_in(), people.sign_in()
    time.advance(days=29, hours=23)
    renewed = refresh(api, kept.refresh_token)
    assert renewed.status == 200
    time.advance(hours=1)
    assert refresh(api, left.refresh_token).status == 401
    assert refresh(api, renewed.body["refresh_token"]).status == 200


def test_no_session_outlives_ninety_days(api: Api, people: People, time: Time) -> None:
    current = people.sign_in().refresh_token
    for _ in range(4):
        time.advance(days=22)
        current = refresh(api, current).body["refresh_token"]
    time.advance(days=2)
    assert refresh(api, current).body["code"] == "refresh_token_invalid"


def test_an_access_token_ends_after_fifteen_minutes(api: Api, people: People, time: Time) -> None:
    who = people.sign_in()
    time.advance(minutes=15)
    assert api.get("/v1/me", as_=who.token).status == 401
    renewed = refresh(api, who.refresh_token).body["access_token"]
    assert api.get("/v1/me", as_=renewed).status == 200


def test_a_retry_of_a_rotation_with_a_lost_answer_is_no_reuse(people: People) -> None:
    from chalicelib.members.actions import rotations

    who = people.sign_in()
    old = seals.read_refresh_token(who.refresh_token)
    assert old is not None
    new = seals.new_refresh_token(old.member_id, old.session_id)
    now_ms = clock.to_ms(clock.now())
    rotations._rotate(old, new, now_ms)
    rotations._rotate(old, new, now_ms)
    assert actions.refresh(new.text, clock.now()).member_id == who.id


def test_a_new_role_is_in_the_next_token(api: Api, people: People) -> None:
    who = people.sign_in()
    destination = rules.phone_destination(who.phone, "phone")
    actions.enrol(destination, roles=["ops"], now=clock.now())
    first = refresh(api, who.refresh_token).body
    assert auth.verify(first["access_token"], clock.now()).roles == {"member", "ops"}
    actions.revoke_role(who.id, "ops")
    second = refresh(api, first["refresh_token"]).body
    assert auth.verify(second["access_token"], clock.now()).roles == {"member"}


def test_a_stored_session_does_not_hold_its_token(people: People) -> None:
    who = people.sign_in()
    session = next(iter(queries.sessions(who.id, 0)))
    assert isinstance(session, SessionItem)
    secret = who.refresh_token.split(".")[2]
    assert secret not in repr(session.to_dynamodb_dict())


def test_signing_in_without_a_code_gives_working_tokens(api: Api, people: People) -> None:
    phone = new_phone()
    made = actions.sign_in_as(phone=phone, roles=["ops", "admin"], now=clock.now())
    found = actions.sign_in_as(phone=phone, now=clock.now())
    assert (made.created, found.created) == (True, False)
    assert made.member_id == found.member_id
    me = api.get("/v1/me", as_=found.access_token).body
    assert me["roles"] == ["admin", "member", "ops"]
    assert refresh(api, made.refresh_token).status == 200
