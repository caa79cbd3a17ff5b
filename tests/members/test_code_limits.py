"""Abuse of login codes: delays, ranges, devices, a cap of texts, a captcha."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.kernel import captcha, clock, senders
from chalicelib.kernel.errors import Unavailable
from chalicelib.members import actions, rules
from chalicelib.members.tables.items import CodeHourItem, MembersItem
from tests.api import Api, token
from tests.conftest import Time
from tests.members.asking import Settings, ask, settings, start_of_an_hour
from tests.members.people import People, at_once, new_email, new_phone

__all__ = ["settings"]


def _in_range(prefix: str) -> str:
    return f"{prefix}{secrets.randbelow(10_000):04d}"


def _new_range() -> str:
    return new_phone()[:-4]


def test_codes_for_one_phone_wait_longer_each_time(
    api: Api, settings: Settings, outbox: list[Any], time: Time
) -> None:
    time.advance_to_noon()
    phone = new_phone()
    for wait_s in (0, 30, 60):
        assert ask(api, phone).status == 202
        time.advance(seconds=wait_s - 1 if wait_s else 0)
        if wait_s:
            refused = ask(api, phone)
            assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
            time.advance(seconds=1)
    assert len(outbox) == 3
    assert ask(api, phone).status == 202


def test_a_login_ends_the_delays(api: Api, settings: Settings, people: People, time: Time) -> None:
    time.advance_to_noon()
    who = people.sign_in()
    for _ in range(3):
        who = people.sign_in(who.phone)


def test_a_swept_range_of_numbers_is_stopped_and_its_neighbour_is_not(
    api: Api, settings: Settings, time: Time
) -> None:
    settings(otp_per_range_hour=3)
    start_of_an_hour(time)
    swept = _new_range()
    answers = [ask(api, _in_range(swept)) for _ in range(4)]
    assert [answer.status for answer in answers] == [202, 202, 202, 429]
    assert int(answers[3].headers["Retry-After"]) > 3000
    assert ask(api, new_phone()).status == 202
    assert ask(api, new_email()).status == 202


def test_one_device_gets_no_more_codes_than_its_limit(
    api: Api, settings: Settings, time: Time
) -> None:
    settings(otp_per_device_hour=2)
    start_of_an_hour(time)
    device = secrets.token_hex(16)
    statuses = [ask(api, new_phone(), device).status for _ in range(3)]
    assert statuses == [202, 202, 429]
    assert ask(api, new_phone()).status == 202
    assert ask(api, new_phone(), secrets.token_hex(16)).status == 202


@pytest.mark.parametrize("device", ["short", "x" * 65, "with space in the middle", "文" * 20])
def test_a_bad_device_is_named(api: Api, settings: Settings, device: str) -> None:
    answer = ask(api, new_phone(), device)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "Jifen-Device")


def test_blocked_numbers_get_no_code(api: Api, settings: Settings, outbox: list[Any]) -> None:
    settings(otp_blocked_prefixes=("+86170", "+44"))
    for phone in ("+8617012345678", "+447911123456"):
        answer = ask(api, phone)
        assert (answer.status, answer.body["code"]) == (403, "destination_not_served")
    assert outbox == []
    assert ask(api, new_phone()).status == 202


def test_texts_of_an_hour_end_at_their_cap_and_letters_go_on(
    api: Api, settings: Settings, outbox: list[Any], time: Time
) -> None:
    _forget_hours()
    settings(otp_texts_hour=10)
    start_of_an_hour(time)
    answers = [ask(api, new_phone()) for _ in range(12)]
    assert [answer.status for answer in answers] == [202] * 10 + [429] * 2
    assert ask(api, new_email()).status == 202
    assert len(outbox) == 11
    time.advance(seconds=int(answers[11].headers["Retry-After"]))
    assert ask(api, new_phone()).status == 202


def test_concurrent_texts_never_pass_the_cap(
    engine: str, settings: Settings, outbox: list[Any], time: Time
) -> None:
    _forget_hours()
    settings(otp_texts_hour=20)
    start_of_an_hour(time)

    def one(number: int) -> Any:
        asked = actions.Asked(rules.Destination("phone", new_phone()), "en", f"198.18.0.{number}")
        return actions.request_code(asked, clock.now())

    results = at_once(60, one)
    assert sum(not isinstance(each, str) for each in results) == 20
    assert len(outbox) == 20


def test_ops_see_counts_by_hour_and_nobodys_name(
    api: Api, settings: Settings, time: Time, people: People
) -> None:
    start_of_an_hour(time)
    _forget_hours()
    settings(otp_blocked_prefixes=("+44",))
    phone = new_phone()
    statuses = [ask(api, each).status for each in (phone, phone, phone, "+447911123456")]
    assert statuses == [202, 202, 429, 403]
    ops = token("mbr_" + "o" * 26, "ops")
    shown = api.get("/v1/admin/login-codes?hours=2", as_=ops).body
    assert len(shown["data"]) == 2
    hour = shown["data"][0]
    assert hour["texts"] == 2
    assert {k: v for k, v in hour["refused"].items() if v} == {"delay": 1, "blocked": 1}
    assert shown["data"][1]["texts"] == 0
    assert phone[-8:] not in str(shown)
    for role in ("agent", "finance", "member"):
        as_ = token("mbr_" + "o" * 26, role)
        assert api.get("/v1/admin/login-codes", as_=as_).status == 403
    assert api.get("/v1/admin/login-codes?hours=0", as_=ops).status == 400


def _forget_hours() -> None:
    for row in list(MembersItem.scan()):
        if row.pk.startswith("CODES#"):
            CodeHourItem(row.pk, row.sk).delete()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the captcha's provider was asked; `good` is a person's token."""
    asked: list[tuple[str, str]] = []

    def is_passed(token: str, source_ip: str) -> bool:
        asked.append((token, source_ip))
        if token == "down":
            raise Unavailable()
        return token == "good"

    monkeypatch.setattr(captcha, "is_passed", is_passed)
    return asked


def test_beyond_a_soft_limit_a_captcha_is_asked_for(
    api: Api, settings: Settings, outbox: list[Any], time: Time, provider: list[tuple[str, str]]
) -> None:
    url = "https://captcha.test/verify"
    few = {"captcha_after_per_range_hour": 1, "captcha_after_per_ip_hour": 1_000}
    shown = {"captcha_site_key": "site-1", "captcha_script": "https://captcha.test/api.js"}
    settings(captcha_verify_url=url, **shown, **few)
    start_of_an_hour(time)
    swept = _new_range()
    assert ask(api, _in_range(swept), captcha_token="good").status == 202
    assert provider == []  # nobody asks for what is not needed
    refused = ask(api, _in_range(swept))
    assert (refused.status, refused.body["code"]) == (403, "captcha_required")
    assert (refused.body["site_key"], refused.body["script"]) == tuple(shown.values())
    assert ask(api, _in_range(swept), captcha_token="bad").body["code"] == "captcha_required"
    assert ask(api, _in_range(swept), captcha_token="down").status == 503
    assert len(outbox) == 1
    assert ask(api, _in_range(swept), captcha_token="good").status == 202
    assert [token for token, _ in provider] == ["bad", "down", "good"]


def test_without_a_provider_nobody_is_asked(api: Api, settings: Settings, time: Time) -> None:
    settings(captcha_after_per_range_hour=0, captcha_after_per_ip_hour=0)
    assert ask(api, new_phone()).status == 202


def test_a_code_that_could_not_be_sent_may_be_asked_for_again_at_once(
    api: Api, settings: Settings, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    def refuse(*_: Any) -> None:
        raise ClientError({"Error": {"Code": "Throttled"}}, "Publish")

    phone = new_phone()
    with monkeypatch.context() as patch:
        patch.setattr(senders, "send_sms", refuse)
        assert ask(api, phone).status == 503
    assert ask(api, phone).status == 202
