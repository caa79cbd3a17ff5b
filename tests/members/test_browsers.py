"""Sessions in a browser: the refresh token is a cookie, and a lost answer signs nobody out."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.kernel.web import auth
from chalicelib.members import actions, queries
from infra.cli import operators
from infra.cli.main import main
from tests.api import Api
from tests.conftest import Time
from tests.members.browsing import REFRESH, SESSIONS, Browser
from tests.members.people import People, at_once, new_phone

DAY_S = 24 * 3600
OF_OTHERS = ("cross-site", "same-site", "none")


@pytest.fixture
def browser(api: Api, people: People) -> Browser:
    return Browser(api, people)


def held(member_id: str) -> list[tuple[str, bytes, int]]:
    """What the member's sessions hold."""
    found = queries.sessions(member_id, 0)
    return [(session.id, session.refresh_hash, session.last_used_at) for session in found]


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status, answer.body["code"]


def test_a_login_in_a_browser_keeps_its_refresh_token_in_a_cookie(browser: Browser) -> None:
    login = browser.sign_in()
    assert list(login) == ["access_token", "token_type", "expires_in", "member", "created"]
    assert browser.cookie is not None
    assert browser.cookie.startswith(login["member"]["id"])
    assert browser.said == [
        "HttpOnly",
        "Secure",
        "SameSite=Strict",
        "Path=/v1/auth",
        f"Max-Age={30 * DAY_S}",
    ]


@pytest.mark.parametrize("body", [None, {}])
def test_a_browser_refreshes_by_its_cookie(api: Api, browser: Browser, body: Any) -> None:
    browser.sign_in()
    first = browser.cookie
    answer = browser.send("POST", REFRESH, body)
    assert answer.status == 200
    assert list(answer.body) == ["access_token", "token_type", "expires_in", "member_id"]
    assert api.get("/v1/me", as_=answer.body["access_token"]).status == 200
    assert browser.cookie != first


def test_a_cookie_lives_as_long_as_its_token(browser: Browser, time: Time) -> None:
    browser.sign_in()
    for _ in range(3):
        time.advance(days=25)
        assert browser.refresh().status == 200
    assert browser.said[-1] in {f"Max-Age={15 * DAY_S - late}" for late in range(60)}
    time.advance(days=15)
    assert code_of(browser.refresh()) == (401, "refresh_token_invalid")


def test_a_browser_without_a_cookie_is_told_so(browser: Browser) -> None:
    assert code_of(browser.refresh()) == (401, "refresh_token_missing")
    assert code_of(browser.refresh(cookie="nonsense")) == (401, "refresh_token_invalid")


def test_a_browsers_token_is_not_taken_from_a_body(browser: Browser) -> None:
    member = browser.sign_in()["member"]["id"]
    before = held(member)
    answer = browser.send("POST", REFRESH, {"refresh_token": browser.cookie})
    assert code_of(answer) == (400, "unknown_field")
    assert answer.body["errors"][0]["field"] == "refresh_token"
    assert held(member) == before


def test_a_cookie_without_the_header_is_not_looked_at(api: Api, browser: Browser) -> None:
    member = browser.sign_in()["member"]["id"]
    before = held(member)
    headers = {"Cookie": f"jifen_refresh={browser.cookie}"}
    for body, code in (({}, "invalid_request"), (None, "invalid_json")):
        assert code_of(api.post(REFRESH, body, headers=headers)) == (400, code)
    assert held(member) == before


def test_without_the_header_no_cookie_is_set(api: Api, people: People) -> None:
    login = people.login(*people.challenge(new_phone()))
    body = {"refresh_token": login.body["refresh_token"]}
    refreshed = api.post(REFRESH, body, headers={"Sec-Fetch-Site": "cross-site"})
    ended = api.delete(SESSIONS, as_=refreshed.body["access_token"])
    assert [answer.status for answer in (login, refreshed, ended)] == [201, 200, 204]
    assert not any("Set-Cookie" in answer.headers for answer in (login, refreshed, ended))
    assert list(login.body)[3:] == ["refresh_token", "member", "created"]
    assert list(refreshed.body)[3:] == ["refresh_token", "member_id"]


@pytest.mark.parametrize("path", [SESSIONS, f"{SESSIONS}/current"])
def test_signing_out_ends_the_session_and_clears_the_cookie(browser: Browser, path: str) -> None:
    token = browser.sign_in()["access_token"]
    old = browser.cookie
    assert browser.send("DELETE", path, as_=token).status == 204
    assert (browser.cookie, browser.said[-2:]) == (None, ["Path=/v1/auth", "Max-Age=0"])
    assert code_of(browser.refresh(cookie=old)) == (401, "refresh_token_invalid")


def test_a_refresh_tells_whose_session_it_goes_on_with(browser: Browser) -> None:
    first, second = browser.sign_in(), browser.sign_in()
    assert first["member"]["id"] != second["member"]["id"]
    assert browser.refresh().body["member_id"] == second["member"]["id"]


@pytest.mark.parametrize("path", [SESSIONS, f"{SESSIONS}/current"])
def test_signing_out_ends_the_session_of_another_member_whose_cookie_it_clears(
    browser: Browser, path: str
) -> None:
    first, second = browser.sign_in(), browser.sign_in()
    cookie = browser.cookie
    assert browser.send("DELETE", path, as_=first["access_token"]).status == 204
    assert browser.cookie is None
    assert held(first["member"]["id"]) == held(second["member"]["id"]) == []
    assert code_of(browser.refresh(cookie=cookie)) == (401, "refresh_token_invalid")


def test_a_cookie_that_is_no_token_does_not_hinder_a_sign_out(browser: Browser) -> None:
    login = browser.sign_in()
    browser.cookie = "nonsense"
    assert browser.send("DELETE", f"{SESSIONS}/current", as_=login["access_token"]).status == 204
    assert (held(login["member"]["id"]), browser.cookie) == ([], None)


def test_a_second_cookie_of_a_neighbouring_host_signs_nobody_else_in(browser: Browser) -> None:
    mine, others = browser.sign_in(), browser.sign_in()
    member, other = mine["member"]["id"], others["member"]["id"]
    browser.sign_in()
    before = held(member), held(other)
    planted = f"{browser.cookie}; jifen_refresh=planted"
    assert code_of(browser.refresh(cookie=planted)) == (401, "refresh_token_invalid")
    assert (held(member), held(other)) == before


@pytest.mark.parametrize("site", OF_OTHERS)
def test_a_page_of_another_site_changes_nothing(
    people: People, browser: Browser, site: str
) -> None:
    phone = new_phone()
    login = browser.sign_in(phone)
    member, token, cookie = login["member"]["id"], login["access_token"], browser.cookie
    challenge_id, code = people.challenge(phone)
    body = {"grant": "otp", "challenge_id": challenge_id, "code": code}
    before = held(member)
    for method, path, sent in (
        ("POST", SESSIONS, body),
        ("POST", REFRESH, None),
        ("DELETE", f"{SESSIONS}/current", None),
        ("DELETE", SESSIONS, None),
    ):
        answer = browser.send(method, path, sent, as_=token, Sec_Fetch_Site=site)
        assert code_of(answer) == (403, "cross_site_request")
        assert "Set-Cookie" not in answer.headers
    assert (held(member), browser.cookie) == (before, cookie)
    assert people.login(challenge_id, code).status == 201  # the code is not used up


@pytest.mark.parametrize("client", ["Web", "ios", ""])
def test_another_client_is_refused(browser: Browser, client: str) -> None:
    member = browser.sign_in()["member"]["id"]
    before = held(member)
    answer = browser.refresh(Jifen_Client=client)
    assert code_of(answer) == (400, "invalid_request")
    assert answer.body["errors"][0] == {
        "field": "Jifen-Client",
        "code": "not_one_of",
        "message": "must be web",
    }
    assert held(member) == before


def test_an_old_browser_sends_no_fetch_metadata(api: Api, browser: Browser) -> None:
    browser.sign_in()
    headers = {"Jifen-Client": "web", "Cookie": f"jifen_refresh={browser.cookie}"}
    assert api.post(REFRESH, headers=headers).status == 200


def test_a_lost_answer_of_a_refresh_is_given_again(browser: Browser, time: Time) -> None:
    member = browser.sign_in()["member"]["id"]
    first = browser.cookie
    browser.refresh()
    second = browser.cookie
    # A test of midnights moves the clock on by up to ten seconds besides.
    time.advance(seconds=45)
    before = held(member)
    assert (browser.refresh(cookie=first).status, browser.cookie) == (200, second)
    assert (browser.refresh(cookie=second).status, browser.cookie) == (200, second)
    assert held(member) == before
    time.advance(seconds=20)
    assert browser.refresh().status == 200
    assert browser.cookie != second


def test_a_browser_that_comes_back_late_with_a_used_token_ends_the_session(
    browser: Browser, time: Time
) -> None:
    member = browser.sign_in()["member"]["id"]
    first = browser.cookie
    browser.refresh()
    second = browser.cookie
    time.advance(seconds=61)
    assert code_of(browser.refresh(cookie=first)) == (401, "refresh_token_invalid")
    assert code_of(browser.refresh(cookie=second)) == (401, "refresh_token_invalid")
    assert held(member) == []


def test_a_token_whose_successor_was_used_ends_the_session(browser: Browser, time: Time) -> None:
    member = browser.sign_in()["member"]["id"]
    first = browser.cookie
    browser.refresh()
    time.advance(seconds=61)
    browser.refresh()
    assert code_of(browser.refresh(cookie=first)) == (401, "refresh_token_invalid")
    assert held(member) == []


def test_a_body_has_no_grace(api: Api, browser: Browser) -> None:
    member = browser.sign_in()["member"]["id"]
    first = browser.cookie
    browser.refresh()
    answer = api.post(REFRESH, {"refresh_token": first})
    assert code_of(answer) == (401, "refresh_token_invalid")
    assert held(member) == []


@pytest.mark.parametrize("lost", [(auth, "issue"), (WriteSet, "commit"), (queries, "find_profile")])
def test_a_refresh_that_fails_anywhere_can_be_tried_again(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, lost: tuple[Any, str]
) -> None:
    def fails(*_: Any) -> Any:
        raise Unavailable

    browser.sign_in()
    with monkeypatch.context() as patch:
        patch.setattr(*lost, fails)
        assert browser.refresh().status == 503
    assert browser.refresh().status == 200
    assert browser.refresh().status == 200


def test_concurrent_refreshes_with_one_cookie_agree(browser: Browser) -> None:
    member = browser.sign_in()["member"]["id"]
    cookie = str(browser.cookie)
    logins = at_once(8, lambda _: actions.refresh(cookie, clock.now(), in_browser=True))
    assert {getattr(login, "member_id", login) for login in logins} == {member}
    [following] = {getattr(login, "refresh_token", login) for login in logins}
    assert following != cookie
    assert browser.refresh(cookie=following).status == 200


def test_a_session_of_an_earlier_release_goes_on_in_a_browser(
    people: People, browser: Browser
) -> None:
    who = people.sign_in()
    assert browser.refresh(cookie=who.refresh_token).status == 200
    assert [session_id for session_id, _, _ in held(who.id)] == [who.refresh_token.split(".")[1]]


def test_a_stolen_token_does_not_foretell_its_successor(browser: Browser) -> None:
    browser.sign_in()
    first = str(browser.cookie).split(".")
    browser.refresh()
    second = str(browser.cookie).split(".")
    assert (first[:2], len(first[2])) == (second[:2], len(second[2]))
    assert first[2] != second[2]


def test_a_member_whom_the_command_line_gave_a_role_signs_in_with_it(
    api: Api, people: People, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operators, "_identity", lambda: {"Arn": "arn:aws:iam::1:user/alice"})
    phone = new_phone()
    for role in ("ops", "finance"):
        assert main(["members", "grant", "--phone", phone, "--role", role]) == 0
    login = browser.sign_in(phone)
    token = browser.refresh().body["access_token"]
    assert login["member"]["roles"] == ["finance", "member", "ops"]
    assert api.get("/v1/me", as_=token).body["roles"] == ["finance", "member", "ops"]
    for each in (login["access_token"], token):
        found = api.get(f"/v1/admin/members?phone=%2B{phone[1:]}", as_=each)
        assert (found.status, found.body["data"][0]["id"]) == (200, login["member"]["id"])
