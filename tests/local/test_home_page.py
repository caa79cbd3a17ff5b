"""The page of this machine: places, accounts, and a phone with what was sent."""

from __future__ import annotations

from infra.local.accounts import accounts
from infra.local.home_page import HomeAsked, home_page
from tests.local.conftest import Sample

SENT = {
    "channel": "sms",
    "to": "+8613800138001",
    "body": "您的验证码是 123456",
    "code": "123456",
    "sent_at": "2026-11-29T08:00:00.000Z",
}


def _page(query: dict[str, list[str]], *sent: dict[str, str], has_pages: bool = True) -> str:
    answer = home_page(HomeAsked(query), accounts(), sent, has_pages=has_pages)
    return answer.body.decode()


def test_a_newcomer_finds_the_places_the_accounts_and_the_code(sample: Sample) -> None:
    text = _page({}, SENT)
    for link in ('href="/"', 'href="/console/"', 'href="/docs"'):
        assert link in text
    for account in accounts():
        assert account["phone"].removeprefix("+86") in text
    assert '<p class="code">123456</p>' in text
    assert sample.http.get("/_local/").headers["content-type"] == "text/html; charset=utf-8"


def test_times_are_those_of_the_programs_zone() -> None:
    assert ">16:00:00</time>" in _page({}, SENT)


def test_without_pages_it_says_so(sample: Sample) -> None:
    text = sample.http.get("/_local/").text
    assert "This start has no pages" in text
    assert 'href="/console/"' not in text


def test_it_refreshes_only_when_asked() -> None:
    assert 'http-equiv="refresh"' not in _page({})
    assert 'http-equiv="refresh" content="5"' in _page({"refresh": ["1"]})


def test_it_shows_the_messages_of_one_phone(sample: Sample) -> None:
    for to in ("+8613900000091", "+8613900000092"):
        sample.client("sns").publish(PhoneNumber=to, Message=f"for {to}")
    text = sample.http.get("/_local/", params={"to": "+8613900000092"}).text
    assert "for +8613900000092" in text
    assert "for +8613900000091" not in text
    assert 'aria-current="true"' in _page({"to": ["8613800138002"]})


def test_script_in_a_message_or_in_the_address_stays_text() -> None:
    script = "<script>alert(1)</script>"
    text = _page({"to": [script]}, {**SENT, "body": script, "to": script, "subject": script})
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_it_loads_and_runs_nothing(sample: Sample) -> None:
    answer = sample.http.get("/_local/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text


def test_its_address_needs_no_last_slash_and_takes_no_post(sample: Sample) -> None:
    assert sample.http.get("/_local").headers["location"] == "/_local/"
    assert sample.http.post("/_local/").status_code == 405
