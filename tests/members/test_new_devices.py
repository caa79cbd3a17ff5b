"""Devices of a member: told apart, listed by name and network, and a new one is news."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.store.streams import Change
from chalicelib.members import actions
from chalicelib.members.events import facts_of
from chalicelib.members.facts import NewDevice, SignedIn
from chalicelib.members.queries import find_profile, find_session
from chalicelib.members.rules import devices
from chalicelib.members.tables.items import ProfileItem
from tests.api import Api
from tests.conftest import Time
from tests.members.people import People, new_phone, refresh

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130 Safari/537.36"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0.50 MiniProgramEnv/ios"


def _sign_in(
    api: Api, people: People, phone: str, user_agent: str, device: str | None = None
) -> Any:
    challenge_id, code = people.challenge(phone)
    headers = {"User-Agent": user_agent, **({"Jifen-Device": device} if device else {})}
    body = {"grant": "otp", "challenge_id": challenge_id, "code": code}
    answer = api.post("/v1/auth/sessions", body, headers=headers)
    assert answer.status == 201, answer
    return answer.body


def change_of(session: Any) -> Change:
    """The change that the relay reads when a session is made."""
    image: dict[str, Any] = session.to_dynamodb_dict()
    return Change("1", None, image)


def _is_news(login: Any) -> bool:
    session = _session(login)
    return any(isinstance(f.data, NewDevice) for f in facts_of(change_of(session)))


def _session(login: Any) -> Any:
    member_id, session_id, *_ = login["refresh_token"].split(".")
    return find_session(member_id, session_id)


def test_the_first_login_is_no_news_and_another_device_is(api: Api, people: People) -> None:
    phone = new_phone()
    assert not _is_news(_sign_in(api, people, phone, CHROME))
    assert not _is_news(_sign_in(api, people, phone, CHROME))
    other = _sign_in(api, people, phone, WECHAT)
    _, fact = facts_of(change_of(_session(other)))
    assert (fact.type, fact.data.device) == ("member.new_device", "WeChat · iPhone")
    assert fact.id == f"member.new_device:{_session(other).id}"
    assert not _is_news(_sign_in(api, people, phone, WECHAT))


def test_each_login_tells_of_its_device_and_network(api: Api, people: People) -> None:
    device = secrets.token_hex(16)
    session = _session(_sign_in(api, people, new_phone(), CHROME, device))
    (fact,) = facts_of(change_of(session))
    member_id = session.pk.removeprefix("MBR#")
    assert fact.data == SignedIn(member_id, session.device.hex(), session.network)
    assert fact.id == f"member.signed_in:{session.id}"
    unnamed = _session(_sign_in(api, people, new_phone(), CHROME))
    (fact,) = facts_of(change_of(unnamed))
    assert fact.data.device is None


def test_a_device_that_names_itself_is_known_in_any_browser(api: Api, people: People) -> None:
    phone, device = new_phone(), secrets.token_hex(16)
    _sign_in(api, people, phone, CHROME, device)
    assert not _is_news(_sign_in(api, people, phone, WECHAT, device))
    assert _is_news(_sign_in(api, people, phone, CHROME, secrets.token_hex(16)))


def test_a_member_of_an_earlier_release_has_their_first_login_once_more(
    api: Api, people: People
) -> None:
    phone = new_phone()
    member_id = _sign_in(api, people, phone, CHROME)["member"]["id"]
    key = ProfileItem.key(member_id)
    key.update([ProfileItem.devices.remove()])
    assert not _is_news(_sign_in(api, people, phone, WECHAT))
    assert _is_news(_sign_in(api, people, phone, CHROME))


def test_a_session_keeps_what_risk_needs_and_not_the_device_itself(
    api: Api, people: People
) -> None:
    device = secrets.token_hex(16)
    mine = _sign_in(api, people, new_phone(), CHROME, device)
    other = _sign_in(api, people, new_phone(), CHROME, device)
    sessions = [_session(mine), _session(other)]
    assert sessions[0].device == sessions[1].device
    assert len(sessions[0].device) == 16
    assert sessions[0].network == "127.0.0.0/24"
    assert device not in repr(sessions[0].to_dynamodb_dict())


def test_sessions_are_listed_by_name_kind_and_network(api: Api, people: People) -> None:
    phone = new_phone()
    _sign_in(api, people, phone, CHROME)
    here = _sign_in(api, people, phone, WECHAT)
    listed = api.get("/v1/me/sessions", as_=here["access_token"]).body["data"]
    shown = [(each["name"], each["app"], each["current"]) for each in listed]
    assert shown == [
        ("WeChat · iPhone", "mini_program", True),
        ("Chrome · Windows", "browser", False),
    ]
    assert {each["network"] for each in listed} == {"127.0.0.0/24"}


def test_a_refresh_tells_where_a_session_was_last(api: Api, people: People) -> None:
    who = people.sign_in()
    actions.refresh(who.refresh_token, clock.now(), source_ip="198.51.100.7")
    listed = api.get("/v1/me/sessions", as_=who.token).body["data"]
    assert listed[0]["network"] == "198.51.100.0/24"
    assert refresh(api, who.refresh_token).status == 401


def test_known_devices_stay_few(api: Api, people: People, time: Time) -> None:
    phone = new_phone()
    for number in range(devices.MOST_DEVICES + 2):
        login = _sign_in(api, people, phone, f"App{number}/1.0")
        time.advance(minutes=10)
    profile = find_profile(login["member"]["id"])
    assert profile is not None
    assert len(profile.devices) == 8 * devices.MOST_DEVICES


@pytest.mark.parametrize(
    ("user_agent", "name", "kind"),
    [
        (CHROME, "Chrome · Windows", "browser"),
        (WECHAT, "WeChat · iPhone", "mini_program"),
        ("Mozilla/5.0 (Macintosh) Version/18 Safari/605", "Safari · Mac", "browser"),
        ("Mozilla/5.0 (X11; Linux) Gecko Firefox/130", "Firefox · Linux", "browser"),
        ("Mozilla/5.0 (Windows) Chrome/130 Safari/5 Edg/130", "Edge · Windows", "browser"),
        ("JifenApp/1.0 (Android 15)", "JifenApp · Android", "app"),
        ("Mozilla/5.0", "?", "browser"),
        ("", "?", "app"),
    ],
)
def test_a_device_is_named_by_its_user_agent(user_agent: str, name: str, kind: str) -> None:
    assert (devices.name_of(user_agent), devices.kind_of(user_agent)) == (name, kind)


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"), ("2001:db8:77:1::1", "2001:db8:77::/48"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"), ("", None), ("unknown", None),
    ],
)  # fmt: skip
def test_a_network_is_rough(ip: str, network: str | None) -> None:
    assert devices.network_of(ip) == network
