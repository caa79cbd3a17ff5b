"""Accounts at WeChat and QQ: the providers' addresses, requests and answers, and sign-in states.

Source: WeChat Open Platform, "Website App WeChat Login", "Official Account web authorization",
`code2Session`; QQ Connect, "OAuth 2.0", "unionid", "Public return codes".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

import msgspec

from chalicelib.kernel.settings import SignIn
from chalicelib.kernel.spelling import one_line

Provider = Literal["wechat", "qq"]
App = Literal["mini_program", "h5", "app"]

PROVIDERS: tuple[Provider, ...] = ("wechat", "qq")
STATE_LIFETIME_S = 600
# A client whose answer was lost sends its code again for so long, and gets the same session.
SAME_CODE_MS = 2 * 60 * 1000
_NICKNAME_LENGTH = 40

Refusal = Literal["busy", "used", "blocked", "ours"]
BUSY: Refusal = "busy"
USED: Refusal = "used"
BLOCKED: Refusal = "blocked"
OURS: Refusal = "ours"
# -1 busy, 45011 this person too often, 45009 the day's calls are spent; 40029, 40163, 41008, 42003
# a code that is wrong, used, missing or old; 40226 a person whom WeChat blocks.
_WECHAT: Mapping[int, Refusal] = {
    -1: BUSY, 45009: BUSY, 45011: BUSY,
    40029: USED, 40163: USED, 41008: USED, 42003: USED,
    40226: BLOCKED,
}  # fmt: skip
# 100005 to 100020: codes that are missing, wrong or used; 100000 and on: wrong requests of ours.
_QQ: Mapping[int, Refusal] = {
    100005: USED, 100018: USED,
    100019: USED, 100020: USED,
    100016: BUSY, 100021: BUSY, 100022: BUSY,
}  # fmt: skip


class Refused(Exception):
    """A provider's refusal: why, and its own number."""

    def __init__(self, why: Refusal, number: object) -> None:
        super().__init__(f"{why} ({number})")
        self.why, self.number = why, number


class Account(NamedTuple):
    """A person at a provider, as one of our apps sees them."""

    provider: Provider
    app_id: str
    openid: str
    unionid: str | None = None
    nickname: str | None = None

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """What tells the person from others: as this app knows them, then as all our apps do."""
        here = ("openid", self.app_id, self.openid)
        return (here, ("unionid", self.unionid)) if self.unionid else (here,)


class Known(msgspec.Struct, frozen=True):
    """What is sealed of a person at a provider: `openids` by app, for notices."""

    openids: dict[str, str] = {}
    unionid: str | None = None
    nickname: str | None = None

    @property
    def shown(self) -> str:
        """A name that its owner can recognise."""
        last = next(iter(self.openids.values()), self.unionid or "")[-4:]
        return self.nickname or f"****{last}"

    def joined(self, account: Account) -> Known:
        """The same person, with what another login tells of them."""
        return Known(
            {**self.openids, account.app_id: account.openid},
            account.unionid or self.unionid,
            account.nickname or self.nickname,
        )


class Client(NamedTuple):
    """One of our apps at a provider. `is_inside`: its pages run in WeChat's own browser."""

    provider: Provider
    app: App
    app_id: str
    is_inside: bool = False


class Authorization(NamedTuple):
    """An app that asks, and the address that the provider leads back to ("" for an app's own)."""

    client: Client
    redirect: str


def clients(settings: SignIn) -> Iterator[Client]:
    """The apps that the settings name."""
    for client in (
        Client("wechat", "mini_program", settings.wechat_mini_program_id),
        Client("wechat", "h5", settings.wechat_official_account_id, is_inside=True),
        Client("wechat", "h5", settings.wechat_website_id),
        Client("wechat", "app", settings.wechat_mobile_app_id),
        Client("qq", "mini_program", settings.qq_mini_program_id),
        Client("qq", "h5", settings.qq_website_id),
        Client("qq", "app", settings.qq_mobile_app_id),
    ):
        is_reachable = client.app != "h5" or settings.sign_in_returns
        if client.app_id and is_reachable:
            yield client


def client_of(
    settings: SignIn, provider: Provider, app: App, *, is_inside: bool = False
) -> Client | None:
    """The app that a person uses; pages in WeChat's browser are the official account's."""
    is_inside = is_inside and provider == "wechat" and app == "h5"
    asked = (provider, app, is_inside)
    found = (c for c in clients(settings) if (c.provider, c.app, c.is_inside) == asked)
    return next(found, None)


def is_wechat_browser(user_agent: str) -> bool:
    return "micromessenger" in user_agent.lower()


def authorizations(settings: SignIn, provider: Provider, app: App) -> Iterator[Authorization]:
    """Each authorization that a state of this provider and app may be for."""
    for client in clients(settings):
        if (client.provider, client.app) == (provider, app):
            for redirect in redirects(settings, client):
                yield Authorization(client, redirect)


def redirects(settings: SignIn, client: Client) -> tuple[str, ...]:
    """Where a provider may lead back to. WeChat's own app comes back to ours without an address."""
    has_none = client.app == "mini_program" or (client.provider, client.app) == ("wechat", "app")
    return ("",) if has_none else settings.sign_in_returns


def page_of(settings: SignIn, asked: Authorization, state: str) -> str | None:
    """The provider's page on which a person agrees; None where their app asks by itself."""
    client, redirect = asked
    if not redirect:
        return None
    asked_of = {"redirect_uri": redirect, "response_type": "code"}
    if client.provider == "qq":
        query = {"client_id": client.app_id, **asked_of, "state": state, "scope": "get_user_info"}
        return f"{settings.qq_api_base}/oauth2.0/authorize?{urlencode(query)}"
    page, scope = ("oauth2/authorize", "snsapi_userinfo") if client.is_inside else _QR
    # WeChat wants the parameters in this order, and the fragment.
    query = {"appid": client.app_id, **asked_of, "scope": scope, "state": state}
    return f"{settings.wechat_open_base}/connect/{page}?{urlencode(query)}#wechat_redirect"


_QR = ("qrconnect", "snsapi_login")


def wechat_answer(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """WeChat's answer, or that of QQ's mini programs, which has the same form.

    Raises Refused.
    """
    if number := said.get("errcode"):
        raise Refused(_WECHAT.get(number, OURS), number)
    return said


def qq_answer(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """QQ's answer.

    Raises Refused.
    """
    number = said.get("error") or said.get("ret")
    if number:
        raise Refused(_QQ.get(number, OURS) if isinstance(number, int) else OURS, number)
    return said


def text_of(said: Mapping[str, Any], name: str) -> str:
    """A text that an answer must have.

    Raises Refused where it has none.
    """
    value = said.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 512:
        raise Refused(BUSY, f"no {name}")
    return value


def optional_text_of(said: Mapping[str, Any], name: str) -> str | None:
    value = said.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= 512 else None


def nickname_of(said: Mapping[str, Any]) -> str | None:
    """A name that can be a nickname here; None if it has nothing to see."""
    return one_line(optional_text_of(said, "nickname") or "")[:_NICKNAME_LENGTH].strip() or None
