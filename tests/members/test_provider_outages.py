"""Providers that do not answer, or refuse our app: nothing changes, and a later try may do."""

from __future__ import annotations

import pytest

from chalicelib.kernel import secrets
from tests.api import Api
from tests.conftest import SECRETS, Time
from tests.members.at_providers import (
    IN_WECHAT,
    PROVIDERS,
    SESSIONS,
    Providers,
    app_of,
    counted,
    refused,
)
from tests.settings import changed


@PROVIDERS
@pytest.mark.parametrize("app", ["mini_program", "h5"])
@pytest.mark.parametrize("down", ["unreachable", "failing", "garbled"])
def test_a_provider_that_does_not_answer_is_503_and_changes_nothing(
    providers: Providers, provider: str, app: str, down: str
) -> None:
    person = providers.somebody()
    before = counted()
    providers.behave(down=down)
    login = providers.mini_login if app == "mini_program" else providers.h5_login
    answer = login(person, provider)
    assert refused(answer) == (503, "provider_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert counted() == before
    providers.behave()
    assert login(person, provider).status == 201


def test_a_slow_and_a_busy_provider_are_503(
    providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.kernel.fetching.TIMEOUT_S", 0.2)
    person = providers.somebody()
    providers.behave(slow_ms=500)
    assert refused(providers.mini_login(person)) == (503, "provider_unavailable")
    providers.behave(down="busy")
    assert refused(providers.mini_login(person)) == (503, "provider_unavailable")


def test_a_lost_answer_of_the_provider_costs_its_code_and_nothing_else(
    providers: Providers,
) -> None:
    person = providers.somebody()
    body = {"app": "mini_program", "code": providers.code(person)}
    providers.behave(lose_answers=1)
    assert refused(providers.login(body)) == (503, "provider_unavailable")
    assert refused(providers.login(body)) == (401, "provider_code_invalid")
    assert providers.mini_login(person).body["created"] is True


def test_a_profile_that_cannot_be_read_matters_only_where_it_tells_the_unionid(
    providers: Providers,
) -> None:
    providers.behave(no_profile=True)
    assert providers.h5_login(providers.somebody()).body["member"]["nickname"] is None
    assert providers.h5_login(providers.somebody(), "qq").status == 201
    inside = providers.h5_login(providers.somebody(), **IN_WECHAT)
    assert refused(inside) == (503, "provider_unavailable")


def test_an_app_without_a_secret_is_a_failure_of_ours(
    providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {**SECRETS, "sign-in": {app_of("wechat", "mini_program"): "wrong"}}
    monkeypatch.setattr(secrets, "_secret", wrong.__getitem__)
    assert refused(providers.mini_login(providers.somebody())) == (503, "provider_unavailable")
    monkeypatch.setattr(secrets, "_secret", {**SECRETS, "sign-in": {}}.__getitem__)
    assert refused(providers.mini_login(providers.somebody())) == (503, "unavailable")


def test_a_provider_that_is_not_configured_is_refused(api: Api, engine: str) -> None:
    begin = api.get("/v1/auth/wechat/authorization?app=h5")
    assert refused(begin) == (409, "provider_not_configured")
    body = {"grant": "qq", "app": "mini_program", "code": "081aBc"}
    assert refused(api.post(SESSIONS, body)) == (409, "provider_not_configured")


def test_a_caller_who_guesses_codes_has_to_wait(
    providers: Providers, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    few = changed(sign_ins_per_ip_hour=2, wechat_mini_program_id=app_of("wechat", "mini_program"))
    for module in ("provider_logins", "providers"):
        monkeypatch.setattr(f"chalicelib.members.actions.{module}.config", lambda: few)
    monkeypatch.setattr("chalicelib.members.rules.origin", lambda _: "of this test")
    body = {"app": "mini_program", "code": "081aBc"}
    providers.behave(down="failing")
    found = [providers.login(body) for _ in range(3)]
    assert [each.status for each in found] == [503, 503, 429]
    assert 0 < int(found[-1].headers["Retry-After"]) <= 3600
    time.advance(seconds=3600)
    assert providers.login(body).status == 503
