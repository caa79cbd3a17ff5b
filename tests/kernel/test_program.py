"""The program's facts and its clock, for pages before anybody signs in."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339
from chalicelib.kernel.web import program
from tests.api import Api
from tests.conftest import Time
from tests.settings import changed


def test_anybody_may_read_the_program_and_keep_it_for_five_minutes(api: Api) -> None:
    answer = api.get("/v1/program")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.body == {
        "title": {"zh-CN": "积分商城", "en": "Points mall"},
        "timezone": "Asia/Shanghai",
        "currency": "CNY",
        "languages": ["zh-CN", "en"],
        "limits": {
            "transfers": {
                "points_at_once": 50_000,
                "points_a_day": 100_000,
                "transfers_a_day": 20,
                "escrow_days": 7,
            },
            "withdrawals": {
                "at_least": {"amount": 1_000, "currency": "CNY"},
                "a_day": {"amount": 50_000, "currency": "CNY"},
                "a_month": {"amount": 500_000, "currency": "CNY"},
            },
            "payments": {
                "at_least": {"amount": 400, "currency": "CNY"},
                "at_most": {"amount": 99_999_999, "currency": "CNY"},
            },
            "unpaid_orders": 5,
        },
        "sign_in": [],
    }


def test_the_program_offers_the_ways_to_sign_in_that_are_configured(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = ("https://mall.test/pages/sign-in/return",)
    given = {"wechat_website_id": "wx1", "wechat_mini_program_id": "wx2", "qq_website_id": "1"}

    def offered(**settings: Any) -> Any:
        monkeypatch.setattr(program, "config", lambda: changed(**settings))
        return api.get("/v1/program").body["sign_in"]

    assert offered(**given, sign_in_returns=pages) == [
        {"provider": "wechat", "places": ["browser", "mini_program"]},
        {"provider": "qq", "places": ["wechat_browser", "browser"]},
    ]
    assert offered(**given) == [{"provider": "wechat", "places": ["mini_program"]}]


def test_the_program_is_as_its_settings_say(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = changed(
        title_zh="蓝杯商城", title_en="Blue Cup", currency="JPY", transfers_a_day=3, cash_minimum=50
    )
    monkeypatch.setattr(program, "config", lambda: settings)
    shown = api.get("/v1/program").body
    assert shown["title"] == {"zh-CN": "蓝杯商城", "en": "Blue Cup"}
    assert shown["limits"]["transfers"]["transfers_a_day"] == 3
    assert shown["limits"]["payments"]["at_least"] == {"amount": 50, "currency": "JPY"}


def test_the_clock_is_the_programs_and_nobody_keeps_its_answer(api: Api, time: Time) -> None:
    time.advance(days=40)
    before = rfc3339(clock.now())
    answer = api.get("/v1/clock")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert before[:16] <= answer.body["now"][:16] <= rfc3339(clock.now())[:16]


@pytest.mark.parametrize("path", ["/v1/program", "/v1/clock", "/v1/payment-methods"])
def test_an_unknown_parameter_is_refused_by_name_and_not_kept(api: Api, path: str) -> None:
    answer = api.get(f"{path}?langauge=en")
    assert (answer.status, answer.body["code"]) == (400, "unknown_field")
    assert answer.body["errors"][0]["field"] == "langauge"
    assert answer.headers["Cache-Control"] == "no-store"
