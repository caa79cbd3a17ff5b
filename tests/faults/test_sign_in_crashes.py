"""A sign-in by WeChat, and a link, that fail at any request: one member, and a way on.

The provider takes a code once. A retry with the same code gets the session that was opened, or is
told to begin anew, and a new code signs the same member in.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import JifenError
from chalicelib.members import queries
from chalicelib.members.actions import provider_logins, providers
from chalicelib.members.actions.provider_logins import Sent, link_account, log_in_at
from chalicelib.members.actions.sessions import Device
from chalicelib.members.errors import ProviderCodeInvalid
from chalicelib.members.rules.providers import Account
from chalicelib.members.tables import seals
from tests.faults.faults import Crash, Injection, faults_on
from tests.faults.savepoint import Savepoint
from tests.faults.scene import Scene
from tests.faults.wire import Request, listed, tapped
from tests.settings import changed

APP = "wx_mini"
DEVICE = Device("zh-CN", "tests")
ENDS = (Crash, JifenError, BotoCoreError, PynamoDBException)
Act = Callable[[Scene, str], str]


class Wechat:
    """Takes each code once."""

    def __init__(self, *, has_unionid: bool = True) -> None:
        self.taken: set[str] = set()
        self.has_unionid = has_unionid

    def exchange(self, _asked: Any, code: str) -> Account:
        if code in self.taken:
            raise ProviderCodeInvalid()
        self.taken.add(code)
        return self.account()

    def account(self) -> Account:
        return Account("wechat", APP, "openid-1", "unionid-1" if self.has_unionid else None, "小满")


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> Wechat:
    found = Wechat()
    settings = changed(wechat_mini_program_id=APP, sign_ins_per_ip_hour=1_000_000)
    for module in (provider_logins, providers):
        monkeypatch.setattr(module, "config", lambda: settings)
    monkeypatch.setattr(provider_logins, "exchange", found.exchange)
    return found


def sign_in(_scene: Scene, code: str) -> str:
    sent = Sent("wechat", "mini_program", code, None, "", "192.0.2.1")
    return log_in_at(sent, DEVICE, None, clock.now()).refresh_token


def link(scene: Scene, code: str) -> str:
    sent = Sent("wechat", "mini_program", code, None, "", "192.0.2.1")
    made = scene.member, ids.derived_id("idn", scene.member, "link"), b"content"
    return link_account(*made, sent, clock.now())[0].id


def owners(wechat: Wechat) -> list[str | None]:
    return [queries.member_with(each) for each in seals.account_hashes_of(wechat.account())]


def problems(wechat: Wechat, start: Savepoint, members: int) -> list[str]:
    """What is not as one sign-in or link, done once or more, leaves it."""
    found = owners(wechat)
    profiles = [key for key in start.changes() if key.sk == "PROFILE" and not start.before(key)]
    wrong = []
    if len(set(found)) != 1 or found[0] is None:
        return [f"the account is {found}'s"]
    if len(profiles) > members:
        wrong.append(f"{len(profiles)} members came")
    rows = [each for each in queries.identities(found[0]) if each.kind == "wechat"]
    if [each.hashes for each in rows] != [set(seals.account_hashes_of(wechat.account()))]:
        wrong.append(f"{len(rows)} rows")
    return wrong


def tried(
    act: Act, scene: Scene, wechat: Wechat, number: int, injection: Injection, *, members: int
) -> list[str]:
    """The problems after a fault, the same code again, a late request, and a new code."""
    code = f"code-{number}"
    with Savepoint() as start:
        wechat.taken.clear()
        with tapped(injection), suppress(*ENDS):
            act(scene, code)
        again = None
        with suppress(ProviderCodeInvalid):
            again = act(scene, code)
        injection.arrive()
        if again is not None and act is sign_in and act(scene, code) != again:
            return ["the same code opens another session"]
        with suppress(JifenError):
            act(scene, f"{code}-new")
        return problems(wechat, start, members)


def matrix(act: Act, scene: Scene, wechat: Wechat, members: int) -> tuple[int, list[str]]:
    with Savepoint(), listed() as points:
        act(scene, "first")
    requests: list[Request] = list(points)
    cases = [(n, fault) for n, point in enumerate(requests) for fault in faults_on(point)]
    wrong = [
        f"{number} ({requests[number]}), {fault.__name__}: {problem}"
        for number, fault in cases
        for problem in tried(act, scene, wechat, number, Injection(number, fault), members=members)
    ]
    return len(cases), wrong


def test_a_first_sign_in_that_fails_anywhere_registers_one_member(
    scene: Scene, wechat: Wechat, counted: Callable[[str, str, int], None]
) -> None:
    count, wrong = matrix(sign_in, scene, wechat, members=1)
    counted("crash cases", "sign in by WeChat", count)
    assert wrong == []


def test_a_unionid_that_comes_while_anything_fails_joins_the_known_member(
    scene: Scene, wechat: Wechat, counted: Callable[[str, str, int], None]
) -> None:
    with Savepoint():
        wechat.has_unionid = False
        sign_in(scene, "before")
        wechat.has_unionid = True
        count, wrong = matrix(sign_in, scene, wechat, members=0)
    counted("crash cases", "a unionid comes", count)
    assert wrong == []


def test_a_link_that_fails_anywhere_is_made_once(
    scene: Scene, wechat: Wechat, counted: Callable[[str, str, int], None]
) -> None:
    count, wrong = matrix(link, scene, wechat, members=0)
    counted("crash cases", "link WeChat", count)
    assert wrong == []
