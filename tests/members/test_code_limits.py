"""Abuse of login codes: delays, ranges, devices, a cap of texts, a captcha; what it costs."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.kernel import captcha, clock, senders
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store.tables import connection
from chalicelib.members import actions, rules
from chalicelib.members.actions import limits
from chalicelib.members.tables.items import CodeHourItem, MembersItem
from infra.bench.write_units import Meter
from infra.local.resources import dynamodb_client
from tests.api import Answer, Api
from tests.conftest import Time
from tests.members.people import People, at_once, new_email, new_phone
from tests.settings import changed

Settings = Callable[..., None]


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    def change(**values: Any) -> None:
        roomy = {"otp_per_ip_hour": 1_000_000, "otp_texts_hour": 1_000_000}
        made = changed(**{**roomy, **values})
        monkeypatch.setattr(limits, "config", lambda: made)
        monkeypatch.setattr(captcha, "config", lambda: made)

    change()
    return change


def _ask(api: Api, destination: str, device: str | None = None, **more: Any) -> Answer:
    channel = "email" if "@" in destination else "sms"
    headers = {"Jifen-Device": device} if device else {}
    body = {"channel": channel, "destination": destination, **more}
    return api.post("/v1/auth/otp", body, headers=headers)


def _in_range(prefix: str) -> str:
    return f"{prefix}{secrets.randbelow(10_000):04d}"


def _new_range() -> str:
    return new_phone()[:-4]


def _start_of_an_hour(time: Time) -> None:
    time.advance(seconds=3600 - clock.now().timestamp() % 3600 + 1)


def test_codes_for_one_phone_wait_longer_each_time(
    api: Api, settings: Settings, outbox: list[Any], time: Time
) -> None:
    time.advance_to_noon()
    phone = new_phone()
    for wait_s in (0, 30, 60):
        assert _ask(api, phone).status == 202
        time.advance(seconds=wait_s - 1 if wait_s else 0)
        if wait_s:
            refused = _ask(api, phone)
            assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
            time.advance(seconds=1)
    assert len(outbox) == 3
    assert _ask(api, phone).status == 202


def test_a_login_ends_the_delays(api: Api, settings: Settings, people: People, time: Time) -> None:
    time.advance_to_noon()
    who = people.sign_in()
    for _ in range(3):
        who = people.sign_in(who.phone)


def test_a_refused_code_sends_nothing_and_leaves_no_challenge(
    api: Api, settings: Settings, outbox: list[Any], time: Time
) -> None:
    time.advance_to_noon()
    phone = new_phone()
    _ask(api, phone)
    _ask(api, phone)
    before = sum(row.pk.startswith("OTP#") for row in MembersItem.scan())
    assert _ask(api, phone).status == 429
    assert sum(row.pk.startswith("OTP#") for row in MembersItem.scan()) == before
    assert len(outbox) == 2


def test_a_swept_range_of_numbers_is_stopped_and_its_neighbour_is_not(
    api: Api, settings: Settings, time: Time
) -> None:
    settings(otp_per_range_hour=3)
    _start_of_an_hour(time)
    swept = _new_range()
    answers = [_ask(api, _in_range(swept)) for _ in range(4)]
    assert [answer.status for answer in answers] == [202, 202, 202, 429]
    assert int(answers[3].headers["Retry-After"]) > 3000
    assert _ask(api, new_phone()).status == 202
    assert _ask(api, new_email()).status == 202


def test_one_device_gets_no_more_codes_than_its_limit(
    api: Api, settings: Settings, time: Time
) -> None:
    settings(otp_per_device_hour=2)
    _start_of_an_hour(time)
    device = secrets.token_hex(16)
    statuses = [_ask(api, new_phone(), device).status for _ in range(3)]
    assert statuses == [202, 202, 429]
    assert _ask(api, new_phone()).status == 202
    assert _ask(api, new_phone(), secrets.token_hex(16)).status == 202


@pytest.mark.parametrize("device", ["short", "x" * 65, "with space in the middle", "文" * 20])
def test_a_bad_device_is_named(api: Api, settings: Settings, device: str) -> None:
    answer = _ask(api, new_phone(), device)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "Jifen-Device")


def test_blocked_numbers_get_no_code(api: Api, settings: Settings, outbox: list[Any]) -> None:
    settings(otp_blocked_prefixes=("+86170", "+44"))
    for phone in ("+8617012345678", "+447911123456"):
        answer = _ask(api, phone)
        assert (answer.status, answer.body["code"]) == (403, "destination_not_served")
    assert outbox == []
    assert _ask(api, new_phone()).status == 202


def test_texts_of_an_hour_end_at_their_cap_and_letters_go_on(
    api: Api, settings: Settings, outbox: list[Any], time: Time
) -> None:
    _forget_hours()
    settings(otp_texts_hour=10)
    _start_of_an_hour(time)
    answers = [_ask(api, new_phone()) for _ in range(12)]
    assert [answer.status for answer in answers] == [202] * 10 + [429] * 2
    assert _ask(api, new_email()).status == 202
    assert len(outbox) == 11
    time.advance(seconds=int(answers[11].headers["Retry-After"]))
    assert _ask(api, new_phone()).status == 202


def test_concurrent_texts_never_pass_the_cap(
    engine: str, settings: Settings, outbox: list[Any], time: Time
) -> None:
    _forget_hours()
    settings(otp_texts_hour=20)
    _start_of_an_hour(time)

    def one(number: int) -> Any:
        asked = actions.Asked(rules.Destination("phone", new_phone()), "en", f"198.18.0.{number}")
        return actions.request_code(asked, clock.now())

    results = at_once(60, one)
    assert sum(not isinstance(each, str) for each in results) == 20
    assert len(outbox) == 20


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
    settings(captcha_verify_url=url, captcha_site_key="site-1", **few)
    _start_of_an_hour(time)
    swept = _new_range()
    assert _ask(api, _in_range(swept), captcha_token="good").status == 202
    assert provider == []  # nobody asks for what is not needed
    refused = _ask(api, _in_range(swept))
    assert (refused.status, refused.body["code"]) == (403, "captcha_required")
    assert refused.body["site_key"] == "site-1"
    assert _ask(api, _in_range(swept), captcha_token="bad").body["code"] == "captcha_required"
    assert _ask(api, _in_range(swept), captcha_token="down").status == 503
    assert len(outbox) == 1
    assert _ask(api, _in_range(swept), captcha_token="good").status == 202
    assert [token for token, _ in provider] == ["bad", "down", "good"]


def test_without_a_provider_nobody_is_asked(api: Api, settings: Settings, time: Time) -> None:
    settings(captcha_after_per_range_hour=0, captcha_after_per_ip_hour=0)
    assert _ask(api, new_phone()).status == 202


@pytest.fixture
def meter(engine: str) -> Iterator[Meter]:
    own = dynamodb_client(engine)

    def read(table: str, key: Any) -> Any:
        name = f"jifen-dev-{table}"
        return own.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item", {})

    made = Meter(connection().client, read)
    yield made
    made.remove()


def test_a_code_costs_no_more_than_before_there_were_more_limits(
    api: Api, settings: Settings, meter: Meter, time: Time
) -> None:
    """Eight write units were three counters and the challenge in one transaction."""
    _start_of_an_hour(time)
    assert _ask(api, new_phone()).status == 202
    assert meter.take().write_units == 7
    assert _ask(api, new_phone(), secrets.token_hex(16)).status == 202
    assert meter.take().write_units == 8
    assert _ask(api, new_email()).status == 202
    assert meter.take().write_units == 5
    phone = new_phone()
    for _ in range(2):
        assert _ask(api, phone).status == 202
    meter.take()
    assert _ask(api, phone).status == 429
    assert meter.take().write_units == 1


def test_a_member_and_nobody_cost_the_same_requests(
    api: Api, settings: Settings, people: People, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = people.sign_in().phone
    time.advance(days=2)
    seen = [_requests(api, phone, monkeypatch) for phone in (known, new_phone())]
    assert seen[0] == seen[1]
    assert seen[0].count("UpdateItem") == 3


def _requests(api: Api, phone: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The operations of a request for a code, with the numbers of their items."""
    sent: list[str] = []
    client = connection().client

    def note(model: Any, params: Any, **_: Any) -> None:
        sent.append(model.name)

    client.meta.events.register("before-call.dynamodb", note, unique_id="noting")
    try:
        assert _ask(api, phone).status == 202
    finally:
        client.meta.events.unregister("before-call.dynamodb", unique_id="noting")
    return sent


def test_a_code_that_could_not_be_sent_may_be_asked_for_again_at_once(
    api: Api, settings: Settings, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    def refuse(*_: Any) -> None:
        raise ClientError({"Error": {"Code": "Throttled"}}, "Publish")

    phone = new_phone()
    with monkeypatch.context() as patch:
        patch.setattr(senders, "send_sms", refuse)
        assert _ask(api, phone).status == 503
    assert _ask(api, phone).status == 202
