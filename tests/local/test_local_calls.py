"""The calls that only the local stack has."""

from typing import Any

import pytest

from tests.local.conftest import Sample


def _sms(sample: Sample, to: str, text: str, notice_id: str) -> str:
    attributes = {"jifen.notice_id": {"DataType": "String", "StringValue": notice_id}}
    answer = sample.client("sns").publish(
        PhoneNumber=to, Message=text, MessageAttributes=attributes
    )
    found: str = answer["MessageId"]
    return found


def test_the_info_call_names_the_partner_the_engines_and_the_folder(sample: Sample) -> None:
    info = sample.http.get("/_local/info").json()
    assert info["partner"].keys() == {"id", "secret"}
    told = {"api_base", "api_key", "publishable_key", "webhook_secret"}
    assert info["stripe"].keys() == told
    assert info["stripe"]["api_base"].startswith("http://127.0.0.1:")
    assert info["aws_endpoints"]["dynamodb"].startswith("http://127.0.0.1:")
    assert info["data_folder"] == str(sample.stack.home)


def test_a_text_message_with_one_notice_id_is_sent_once(sample: Sample) -> None:
    to = "+8613800138001"
    first = _sms(sample, to, "您的验证码是 123456", "n-1")
    assert _sms(sample, to, "您的验证码是 123456", "n-1") == first
    [sent] = sample.http.get("/_local/outbox", params={"to": to}).json()["data"]
    assert sent["channel"] == "sms"
    assert sent["notice_id"] == "n-1"
    assert sent["code"] == "123456"


def test_the_outbox_shows_letters_newest_first(sample: Sample) -> None:
    for subject in ("one", "two"):
        sample.client("ses").send_email(
            Source="mall@example.com",
            Destination={"ToAddresses": ["ann@example.com"]},
            Message={"Subject": {"Data": subject}, "Body": {"Text": {"Data": "hello"}}},
        )
    letters = sample.http.get("/_local/outbox", params={"to": "ann@example.com"}).json()["data"]
    assert [letter["subject"] for letter in letters] == ["two", "one"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/_local/nothing", None, 404),
        ("POST", "/_local/info", None, 405),
        ("GET", "/_local/token?role=king", None, 400),
        ("POST", "/_local/functions/nothing", None, 404),
        ("POST", "/_local/clock", b"no json", 400),
        ("POST", "/_local/clock", b"[]", 400),
        ("POST", "/_local/clock", b"{}", 400),
        ("POST", "/_local/clock", b'{"advance_seconds": -1}', 400),
        ("POST", "/_local/clock", b'{"advance_seconds": true}', 400),
        ("POST", "/_local/clock", b'{"advance_seconds": NaN}', 400),
        ("POST", "/_local/clock", b'{"advance_seconds": 1, "x": 1}', 400),
    ],
)
def test_an_invalid_local_call_is_a_problem_and_changes_nothing(
    sample: Sample, method: str, path: str, body: Any, status: int
) -> None:
    before = sample.http.get("/_local/info").json()["now"]
    answer = sample.http.request(method, path, content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]
    assert sample.http.get("/_local/info").json()["now"][:16] <= before[:15] + "9"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/_local/clock", b'{"advance_seconds": 86400}'),
        ("POST", "/_local/drain", None),
        ("GET", "/_local/token?role=admin", None),
        ("POST", "/_local/pay/ord_x", b"does=pay"),
    ],
)
def test_a_page_of_another_site_calls_nothing_here(
    sample: Sample, method: str, path: str, body: bytes | None
) -> None:
    before = sample.http.get("/_local/info").json()["now"]
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    answer = sample.http.request(method, path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")
    assert sample.http.get("/_local/info").json()["now"][:13] <= before[:13]


@pytest.mark.parametrize("path", ["/_local/", "/_local/pay/ord_x"])
def test_a_page_of_this_machine_runs_no_script_and_is_framed_nowhere(
    sample: Sample, path: str
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    answer = sample.http.get(path, headers=headers)
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"[" * 100_000, b"\xff"])
def test_an_event_that_is_no_object_is_refused_and_costs_no_worker(
    sample: Sample, body: bytes
) -> None:
    answer = sample.http.post("/2015-03-31/functions/on_schedule/invocations", content=body)
    assert answer.status_code == 400
    assert answer.headers["x-amzn-errortype"] == "InvalidRequestContentException"
