"""Sign-in by WeChat and QQ: one member for one person, each code and state good once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Answer, Api
from tests.conftest import Time
from tests.members.at_providers import (
    IDENTITIES,
    IN_WECHAT,
    INSIDE,
    PROVIDERS,
    RETURN,
    SESSIONS,
    Providers,
    app_of,
    counted,
    member_of,
    query_of,
    refused,
)
from tests.members.people import at_once, refresh


@PROVIDERS
def test_the_first_sign_in_in_a_browser_registers_and_later_ones_know_the_member(
    providers: Providers, api: Api, provider: str
) -> None:
    person = providers.somebody("小满")
    first, again = (providers.h5_login(person, provider) for _ in range(2))
    assert member_of(first) == member_of(again)
    assert (first.body["created"], again.body["created"]) == (True, False)
    assert first.body["member"]["nickname"] == "小满"
    shown = api.get(IDENTITIES, as_=first.body["access_token"]).body["data"]
    assert [(row["kind"], row["masked"]) for row in shown] == [(provider, "小满")]


@PROVIDERS
def test_a_mini_program_signs_in_without_a_state(
    providers: Providers, api: Api, provider: str
) -> None:
    person = providers.somebody()
    first = providers.mini_login(person, provider)
    assert member_of(first) == member_of(providers.mini_login(person, provider))
    assert refresh(api, first.body["refresh_token"]).status == 200
    shown = api.get(IDENTITIES, as_=first.body["access_token"]).body["data"]
    assert shown[0]["masked"].startswith("****")


@PROVIDERS
def test_a_unionid_joins_a_persons_apps(providers: Providers, provider: str) -> None:
    person = providers.somebody()
    logins = [
        providers.mini_login(person, provider),
        providers.h5_login(person, provider),
        providers.h5_login(person, provider, **IN_WECHAT),
    ]
    assert len({member_of(login) for login in logins}) == 1
    assert [login.body["created"] for login in logins] == [True, False, False]


def test_a_member_without_a_unionid_keeps_their_account_when_one_comes(
    providers: Providers,
) -> None:
    person = providers.somebody()
    providers.behave(no_unionid=True)
    known = member_of(providers.mini_login(person))
    assert member_of(providers.mini_login(person)) == known
    providers.behave()
    assert member_of(providers.mini_login(person)) == known
    assert member_of(providers.h5_login(person)) == known


def test_one_person_with_two_members_signs_in_as_each_app_knows_them(
    providers: Providers,
) -> None:
    person = providers.somebody()
    providers.behave(no_unionid=True)
    here, there = member_of(providers.mini_login(person)), member_of(providers.h5_login(person))
    assert here != there
    providers.behave()
    assert member_of(providers.mini_login(person)) == here
    assert member_of(providers.h5_login(person)) == there
    assert member_of(providers.h5_login(person, **IN_WECHAT)) == here


@pytest.mark.parametrize("without_unionid", [False, True])
def test_many_first_sign_ins_of_one_person_at_once_make_one_member(
    providers: Providers, without_unionid: bool
) -> None:
    person = providers.somebody()
    providers.behave(no_unionid=without_unionid)
    before = counted()
    made = at_once(6, lambda _: member_of(providers.mini_login(person)))
    assert len(set(made)) == 1
    assert counted() == before + (1 if without_unionid else 2)


def test_first_sign_ins_in_two_apps_at_once_make_one_member(providers: Providers) -> None:
    person = providers.somebody()
    logins = (providers.mini_login, providers.h5_login)
    made = at_once(4, lambda number: member_of(logins[number % 2](person)))
    assert len(set(made)) == 1


@PROVIDERS
def test_a_client_whose_answer_was_lost_gets_the_same_session_by_the_same_code(
    providers: Providers, api: Api, provider: str
) -> None:
    begun = providers.begin(provider)
    code = providers.agreed(begun, providers.somebody())
    body = {"app": "h5", "code": code, "state": begun.state}
    first, again = (providers.login(body, provider, begun.cookie) for _ in range(2))
    assert first.body["refresh_token"] == again.body["refresh_token"]
    assert first.body["member"] == again.body["member"]
    assert first.body["created"] is again.body["created"] is True
    sessions = api.get("/v1/me/sessions", as_=first.body["access_token"]).body["data"]
    assert len(sessions) == 1


@PROVIDERS
def test_a_code_used_twice_is_refused_to_anybody_else_and_later(
    providers: Providers, time: Time, api: Api, provider: str
) -> None:
    begun, other = providers.begin(provider), providers.begin(provider)
    code = providers.agreed(begun, providers.somebody())
    body = {"app": "h5", "code": code, "state": begun.state}
    assert providers.login(body, provider, begun.cookie).status == 201
    before = counted()
    stolen = providers.login({**body, "state": other.state}, provider, other.cookie)
    assert refused(stolen) == (401, "provider_code_invalid")
    time.advance(seconds=121)
    late = providers.login(body, provider, begun.cookie)
    assert refused(late) == (401, "sign_in_state_invalid")
    assert counted() == before


def test_a_used_session_is_given_to_nobody_by_its_code(providers: Providers, api: Api) -> None:
    body = {"app": "mini_program", "code": providers.code(providers.somebody())}
    first = providers.login(body)
    assert refresh(api, first.body["refresh_token"]).status == 200
    assert refused(providers.login(body)) == (401, "provider_code_invalid")


def test_one_code_at_once_opens_one_session(providers: Providers, api: Api) -> None:
    body = {"app": "mini_program", "code": providers.code(providers.somebody())}
    found = at_once(6, lambda _: providers.login(body))
    won = [each for each in found if isinstance(each, Answer) and each.status == 201]
    assert len({each.body["refresh_token"] for each in won}) == 1
    others = [each for each in found if each not in won]
    assert {refused(each) for each in others if isinstance(each, Answer)} <= {
        (401, "provider_code_invalid")
    }
    sessions = api.get("/v1/me/sessions", as_=won[0].body["access_token"]).body["data"]
    assert len(sessions) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda begun, _: {"state": "0" * 72, "cookie": begun.cookie},
        lambda begun, _: {"state": begun.state, "cookie": None},
        lambda begun, other: {"state": begun.state, "cookie": other.cookie},
        lambda begun, _: {"state": begun.state, "cookie": "jifen_sign_in=me"},
        lambda begun, _: {"state": None, "cookie": begun.cookie},
        lambda begun, _: {"state": begun.state, "cookie": begun.cookie, "app": "app"},
        lambda begun, _: {"state": begun.state, "cookie": begun.cookie, "grant": "qq"},
    ],
)  # fmt: skip
def test_a_state_that_this_browser_did_not_ask_for_is_refused(
    providers: Providers, spoil: Any
) -> None:
    begun, other = providers.begin(), providers.begin()
    sent = spoil(begun, other)
    body = {"app": sent.get("app", "h5"), "code": providers.agreed(begun, providers.somebody())}
    if sent["state"]:
        body["state"] = sent["state"]
    before = counted()
    answer = providers.login(body, sent.get("grant", "wechat"), sent["cookie"])
    assert refused(answer) == (401, "sign_in_state_invalid")
    assert counted() == before


def test_a_state_is_good_for_ten_minutes_and_once(providers: Providers, time: Time) -> None:
    person = providers.somebody()
    begun = providers.begin()
    first, second = (providers.agreed(begun, person) for _ in range(2))
    body = {"app": "h5", "state": begun.state}
    assert providers.login({**body, "code": first}, cookie=begun.cookie).status == 201
    again = providers.login({**body, "code": second}, cookie=begun.cookie)
    assert refused(again) == (401, "sign_in_state_invalid")
    old = providers.begin()
    time.advance(seconds=601)
    late = {"app": "h5", "state": old.state, "code": providers.agreed(old, person)}
    assert refused(providers.login(late, cookie=old.cookie)) == (401, "sign_in_state_invalid")


def test_a_browser_keeps_its_cookie_when_it_begins_again(providers: Providers) -> None:
    begun = providers.begin()
    again = providers.begin(Cookie=begun.cookie)
    assert (again.cookie, again.state != begun.state) == (begun.cookie, True)


def test_a_code_is_refused_when_the_provider_no_longer_takes_it(
    providers: Providers, time: Time
) -> None:
    unknown = providers.login({"app": "mini_program", "code": "081aBc"})
    assert refused(unknown) == (401, "provider_code_invalid")
    blocked = providers.mini_login("blocked")
    assert refused(blocked) == (403, "provider_refused")


def test_an_authorization_names_the_app_the_page_and_where_it_leads_back(
    providers: Providers, api: Api
) -> None:
    asked = query_of(providers.begin().url)
    assert asked["redirect_uri"] == RETURN
    assert asked["scope"] == "snsapi_login"
    inside = providers.begin(**IN_WECHAT).url
    assert "/connect/oauth2/authorize?" in inside
    assert inside.endswith("#wechat_redirect")
    assert query_of(inside)["appid"] == app_of("wechat", INSIDE)
    at_qq = query_of(providers.begin("qq").url)
    assert at_qq["client_id"] == app_of("qq", "website")
    assert len(at_qq["state"]) <= 128
    assert at_qq["state"].isalnum()


@pytest.mark.parametrize(
    "redirect",
    ["https://evil.test/pages/sign-in/return", f"{RETURN}/../x", f"{RETURN}?next=//evil.test",
     "//mall.test/pages/sign-in/return", "https://mall.test@evil.test/pages/sign-in/return"],
)  # fmt: skip
def test_a_provider_leads_back_to_no_page_but_the_allowed_ones(
    providers: Providers, api: Api, redirect: str
) -> None:
    answer = api.get(f"/v1/auth/wechat/authorization?app=h5&redirect={redirect}")
    assert refused(answer) == (400, "invalid_request")
    assert answer.body["errors"][0]["field"] == "redirect"


def test_an_unknown_provider_and_a_mini_program_begin_nothing(
    providers: Providers, api: Api
) -> None:
    assert api.get("/v1/auth/weibo/authorization?app=h5").status == 404
    assert api.get("/v1/auth/wechat/authorization?app=mini_program").status == 400


def test_an_unknown_grant_is_refused_with_those_there_are(api: Api, engine: str) -> None:
    answer = api.post(SESSIONS, {"grant": "weibo", "code": "1"})
    assert answer.status == 400
    assert "wechat" in answer.body["errors"][0]["message"]


def test_a_mobile_app_brings_the_state_that_it_compared_by_itself(
    providers: Providers, api: Api
) -> None:
    person = providers.somebody()
    begun = api.get("/v1/auth/wechat/authorization?app=app").body
    assert begun["url"] is None
    body = {"app": "app", "code": providers.code(person, kind="mobile"), "state": begun["state"]}
    assert member_of(providers.login(body)) == member_of(providers.mini_login(person))


def test_a_browser_keeps_its_session_in_a_cookie_after_wechat(
    providers: Providers, api: Api
) -> None:
    begun = providers.begin()
    code = providers.agreed(begun, providers.somebody())
    body = {"grant": "wechat", "app": "h5", "code": code, "state": begun.state}
    own = {"Jifen-Client": "web", "Sec-Fetch-Site": "same-origin"}
    answer = api.post(SESSIONS, body, headers={**own, "Cookie": begun.cookie})
    assert answer.status == 201
    assert "refresh_token" not in answer.body
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    renewed = api.post(f"{SESSIONS}/refresh", headers={**own, "Cookie": cookie})
    assert renewed.body["member_id"] == answer.body["member"]["id"]


def test_consent_is_kept_with_a_sign_in_at_a_provider(providers: Providers) -> None:
    given = {"terms": "2026-01", "privacy": "2026-01"}
    code = providers.code(providers.somebody())
    answer = providers.login({"app": "mini_program", "code": code, "consent": given})
    assert answer.body["member"]["consent"]["terms"] == "2026-01"
