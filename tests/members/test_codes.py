"""Login codes: sent, limited, tried, used once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib.kernel import clock, senders
from chalicelib.members import actions, queries, rules
from chalicelib.members.actions.challenges import prove
from chalicelib.members.errors import OtpInvalid
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import ChallengeItem, MembersItem
from tests.api import Api
from tests.conftest import Time
from tests.members.people import People, at_once, new_email, new_phone, wrong

DEVICE = actions.Device("en", "tests")


def test_a_code_is_sent_to_the_phone_in_e164_and_lives_ten_minutes(
    api: Api, people: People, outbox: list[dict[str, Any]]
) -> None:
    phone = new_phone()
    before = clock.to_ms(clock.now())
    answer = api.post(
        "/v1/auth/otp",
        {"channel": "sms", "destination": f"{phone[3:6]} {phone[6:10]}-{phone[10:]}"},
    )
    assert answer.status == 202
    assert set(answer.body) == {"challenge_id", "expires_at"}
    key = ChallengeItem.key(answer.body["challenge_id"])
    assert 0 <= ChallengeItem.find(key.pk, key.sk).expires_at - before - 600_000 < 60_000
    assert [(m["channel"], m["to"]) for m in outbox] == [("sms", phone)]


def test_a_code_by_e_mail_has_a_subject(people: People, outbox: list[dict[str, Any]]) -> None:
    address = new_email()
    people.challenge(address.upper(), "email")
    assert outbox[-1]["to"] == address.upper().replace("EXAMPLE.COM", "example.com")
    assert outbox[-1]["subject"] == "Your Jifen code"


def test_the_message_is_in_the_callers_language(
    api: Api, people: People, outbox: list[dict[str, Any]]
) -> None:
    body = {"channel": "sms", "destination": new_phone()}
    api.post("/v1/auth/otp", body, headers={"Accept-Language": "zh-CN"})
    assert "验证码" in outbox[-1]["body"]


def test_the_answer_is_the_same_whether_or_not_the_member_exists(api: Api, people: People) -> None:
    known = people.sign_in().phone
    answers = [
        api.post("/v1/auth/otp", {"channel": "sms", "destination": phone})
        for phone in (known, new_phone())
    ]
    assert [answer.status for answer in answers] == [202, 202]
    assert set(answers[0].body) == set(answers[1].body)
    assert answers[0].headers.keys() == answers[1].headers.keys()


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"channel": "sms", "destination": "12345"}, 400, "destination"),
        ({"channel": "sms", "destination": "010-12345678"}, 400, "destination"),
        ({"channel": "sms", "destination": "+86138001380001"}, 400, "destination"),
        ({"channel": "sms", "destination": "1-800-FLOWERS"}, 400, "destination"),
        ({"channel": "sms", "destination": "a@example.com"}, 400, "destination"),
        ({"channel": "email", "destination": "+8613800138000"}, 400, "destination"),
        ({"channel": "email", "destination": "a@b@example.com"}, 400, "destination"),
        ({"channel": "email", "destination": "a\r\nBcc: b@example.com"}, 400, "destination"),
        ({"channel": "email", "destination": "a" * 300}, 400, "destination"),
        ({"channel": "sms", "destination": 13800138000}, 400, "destination"),
        ({"channel": "fax", "destination": "+8613800138000"}, 400, "channel"),
        ({"channel": "sms"}, 400, "destination"),
        ({"channel": "sms", "destination": "+8613800138000", "x": 1}, 400, "x"),
    ],
)
def test_a_bad_request_for_a_code_names_the_field_and_sends_nothing(
    api: Api, outbox: list[dict[str, Any]], body: Any, status: int, field: str
) -> None:
    answer = api.post("/v1/auth/otp", body)
    assert (answer.status, answer.body["errors"][0]["field"]) == (status, field)
    assert outbox == []


@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize(
    "failure",
    [
        ConnectTimeoutError(endpoint_url="https://sns"),
        ClientError({"Error": {"Code": "Throttled"}}, "Publish"),
    ],
)
def test_a_failure_to_send_a_code_is_reported(
    api: Api, monkeypatch: pytest.MonkeyPatch, many_callers: None, channel: str, failure: Exception
) -> None:
    def refuse(*_: Any) -> None:
        raise failure

    monkeypatch.setattr(senders, "send_sms", refuse)
    monkeypatch.setattr(senders, "send_email", refuse)
    destination = new_phone() if channel == "sms" else new_email()
    answer = api.post("/v1/auth/otp", {"channel": channel, "destination": destination})
    assert (answer.status, answer.body["code"]) == (503, "unavailable")


def _request(phone: str, ip: str = "203.0.113.7") -> Any:
    destination = rules.phone_destination(phone, "phone")
    return actions.request_code(actions.Asked(destination, "en", ip), clock.now())


def test_a_sixth_code_within_ten_minutes_is_refused(
    api: Api, people: People, time: Time, outbox: list[dict[str, Any]]
) -> None:
    time.advance(seconds=_until_a_window_starts(86_400))
    phone = new_phone()
    for _ in range(5):
        people.challenge(phone)
    answer = api.post("/v1/auth/otp", {"channel": "sms", "destination": phone})
    assert (answer.status, answer.body["code"]) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) == answer.body["retry_after_s"]
    assert 0 < answer.body["retry_after_s"] <= 600
    assert len(outbox) == 5
    time.advance(seconds=answer.body["retry_after_s"])
    people.challenge(phone)


def test_a_twenty_first_code_of_a_day_is_refused(api: Api, people: People, time: Time) -> None:
    time.advance(seconds=_until_a_window_starts(86_400))
    phone = new_phone()
    for number in range(20):
        people.challenge(phone)
        if number % 5 == 4:
            time.advance(minutes=10)
    answer = api.post("/v1/auth/otp", {"channel": "sms", "destination": phone})
    assert answer.status == 429
    assert answer.body["retry_after_s"] > 80_000


def test_two_spellings_of_an_e_mail_address_share_one_limit(
    api: Api, people: People, time: Time
) -> None:
    time.advance_to_noon()
    address = new_email()
    for spelled in (address, address.upper(), address.title(), address, address.upper()):
        people.challenge(spelled, "email")
    answer = api.post("/v1/auth/otp", {"channel": "email", "destination": address})
    assert answer.status == 429


def test_one_ip_address_or_ipv6_subnet_gets_a_hundred_codes_an_hour(
    engine: str, outbox: list[dict[str, Any]], time: Time
) -> None:
    time.advance(seconds=_until_a_window_starts(3_600))
    results = []
    for number in range(101):
        results += at_once(1, lambda _, n=number: _request(new_phone(), f"2001:db8:77::{n + 1:x}"))
    assert results[100] == "too_many_requests"
    assert "too_many_requests" not in results[:100]
    assert len(outbox) == 100
    assert at_once(1, lambda _: _request(new_phone(), "2001:db8:78::1")) != ["too_many_requests"]


def test_concurrent_requests_stay_within_the_limit(
    engine: str, outbox: list[dict[str, Any]], time: Time, many_callers: None
) -> None:
    time.advance(seconds=_until_a_window_starts(86_400))
    phone = new_phone()
    results = at_once(12, lambda n: _request(phone, f"198.51.100.{n}"))
    assert results.count("too_many_requests") == 7
    assert len(outbox) == 5


def _until_a_window_starts(window_s: int) -> float:
    """Seconds, so that a test does not run over the end of a window."""
    return window_s - clock.now().timestamp() % window_s + 1


def test_the_right_code_is_refused_after_five_wrong_ones(people: People) -> None:
    challenge_id, code = people.challenge(new_phone())
    for _ in range(5):
        assert people.login(challenge_id, wrong(code)).body["code"] == "otp_invalid"
    answer = people.login(challenge_id, code)
    assert (answer.status, answer.body["code"]) == (401, "otp_invalid")


def test_the_right_code_is_accepted_at_the_fifth_try(people: People) -> None:
    challenge_id, code = people.challenge(new_phone())
    for _ in range(4):
        people.login(challenge_id, wrong(code))
    assert people.login(challenge_id, code).status == 201


def _expired(people: People, time: Time) -> tuple[str, str]:
    challenge = people.challenge(new_phone())
    time.advance(minutes=10)
    return challenge


def _used(people: People, _time: Time) -> tuple[str, str]:
    challenge = people.challenge(new_phone())
    assert people.login(*challenge).status == 201
    return challenge


def _anothers(people: People, _time: Time) -> tuple[str, str]:
    mine, code = people.challenge(new_phone())
    other, other_code = people.challenge(new_phone())
    return (mine, other_code) if code != other_code else (other, wrong(code))


def _wrong(people: People, _time: Time) -> tuple[str, str]:
    challenge_id, code = people.challenge(new_phone())
    return challenge_id, wrong(code)


def _unknown(_people: People, _time: Time) -> tuple[str, str]:
    return "otp_" + "a" * 26, "123456"


def _strange(_people: People, _time: Time) -> tuple[str, str]:
    return "' OR 1=1 文", "１２３４５６"


@pytest.mark.parametrize("attempt", [_expired, _used, _anothers, _wrong, _unknown, _strange])
def test_all_refused_codes_look_the_same(
    people: People, time: Time, attempt: Callable[[People, Time], tuple[str, str]]
) -> None:
    answer = people.login(*attempt(people, time))
    assert (answer.status, answer.body["code"]) == (401, "otp_invalid")
    assert answer.body["detail"] == "Check it and try again, or ask for a new one"
    assert answer.body["errors"] == []


def test_concurrent_guesses_get_five_tries_at_most(people: People) -> None:
    challenge_id, code = people.challenge(new_phone())
    guesses = [wrong(code)] * 20
    at_once(20, lambda n: prove(challenge_id, guesses[n], clock.now()))
    key = ChallengeItem.key(challenge_id)
    assert ChallengeItem.find(key.pk, key.sk).tries == 5
    with pytest.raises(OtpInvalid):
        prove(challenge_id, code, clock.now())


@pytest.mark.parametrize("is_known", [True, False])
def test_of_a_hundred_concurrent_logins_with_one_code_one_gets_in(
    people: People, is_known: bool
) -> None:
    phone = people.sign_in().phone if is_known else new_phone()
    challenge_id, code = people.challenge(phone)
    results = at_once(100, lambda _: actions.log_in(challenge_id, code, DEVICE, None, clock.now()))
    logins = [each for each in results if isinstance(each, actions.Login)]
    assert len(logins) == 1
    assert {each for each in results if isinstance(each, str)} <= {"otp_invalid", "unavailable"}
    assert len(list(queries.sessions(logins[0].member_id, 0))) == (2 if is_known else 1)


def test_stored_items_show_neither_the_phone_nor_the_code(people: People) -> None:
    phone = new_phone()
    challenge_id, code = people.challenge(phone)
    rows = [row for row in MembersItem.scan() if challenge_id in row.pk]
    assert len(rows) == 1
    key = ChallengeItem.key(challenge_id)
    stored = repr(ChallengeItem.find(key.pk, key.sk).to_dynamodb_dict())
    assert phone not in stored
    assert phone[3:] not in stored
    assert code not in stored


def test_one_code_has_another_hash_in_each_challenge() -> None:
    stored = {
        seals.code_hash(challenge_id, identity, "123456")
        for challenge_id in ("otp_a", "otp_b")
        for identity in ("x", "y")
    }
    assert len(stored) == 4
