"""WeChat and QQ in tests: the local stack's server, on a port of this process, and people there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.kernel import secrets
from chalicelib.kernel.config import Config
from chalicelib.members.tables.items import IdentityItem
from infra.local.providers.apps import APPS, settings_for
from infra.local.providers.server import Running, Server
from tests.api import Answer, Api, new_key
from tests.conftest import SECRETS
from tests.settings import changed

MALL = "https://mall.test"
RETURN = f"{MALL}/pages/sign-in/return"
SESSIONS = "/v1/auth/sessions"
IDENTITIES = "/v1/me/identities"
APP_SECRETS = {app.id: f"secret{number}" for number, app in enumerate(APPS)}
IN_WECHAT = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"}
PROVIDERS = pytest.mark.parametrize("provider", ["wechat", "qq"])
# The kinds of our apps by what a client calls them.
MINI, INSIDE, WEBSITE, MOBILE = "mini_program", "inside", "website", "mobile"


def app_of(provider: str, kind: str) -> str:
    return next(app.id for app in APPS if (app.provider, app.kind) == (provider, kind))


def member_of(answer: Answer) -> str:
    assert answer.status == 201, answer
    return str(answer.body["member"]["id"])


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body["code"]


def counted() -> int:
    """Identities of all members: a refusal leaves them as they were."""
    return sum(1 for _ in IdentityItem.scan(IdentityItem.sk == "IDENTITY"))


class Begun(NamedTuple):
    """A sign-in that has begun in one browser."""

    url: str
    state: str
    cookie: str


class Providers:
    """The providers, and people's acts there; `person` is an id of the server's."""

    def __init__(self, api: Api, running: Running) -> None:
        self._api, self._server = api, running.wire
        self.running = running

    def behave(self, **modes: Any) -> None:
        self._server.store.set("modes", modes)

    def somebody(self, nickname: str = "小满") -> str:
        return self._server.store.add_person(nickname)

    def code(self, person: str, provider: str = "wechat", kind: str = MINI) -> str:
        """A code as the provider gives one to an app's own code or to a page's redirect."""
        app = next(a for a in APPS if (a.provider, a.kind) == (provider, kind))
        return self._server.store.new_code(app, person, "" if kind == MINI else RETURN)

    def begin(self, provider: str = "wechat", **headers: str) -> Begun:
        path = f"/v1/auth/{provider}/authorization?app=h5"
        answer = self._api.get(path, headers=headers)
        assert answer.status == 200, answer
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        return Begun(answer.body["url"], answer.body["state"], cookie)

    def agreed(self, begun: Begun, person: str) -> str:
        """The code with which the person's browser comes back."""
        provider = "wechat" if "/connect/" in begun.url else "qq"
        kind = INSIDE if "/connect/oauth2/" in begun.url else WEBSITE
        return self.code(person, provider, kind)

    def login(
        self, body: dict[str, Any], provider: str = "wechat", cookie: str | None = None
    ) -> Answer:
        headers = {"Cookie": cookie} if cookie else {}
        return self._api.post(SESSIONS, {"grant": provider, **body}, headers=headers)

    def mini_login(self, person: str, provider: str = "wechat") -> Answer:
        code = self.code(person, provider)
        return self.login({"app": "mini_program", "code": code}, provider)

    def h5_login(self, person: str, provider: str = "wechat", **headers: str) -> Answer:
        begun = self.begin(provider, **headers)
        body = {"app": "h5", "code": self.agreed(begun, person), "state": begun.state}
        return self.login(body, provider, begun.cookie)

    def link(self, token: str, person: str, provider: str = "wechat", key: str = "") -> Answer:
        body = {"grant": provider, "app": "mini_program", "code": self.code(person, provider)}
        return self._api.post(IDENTITIES, body, as_=token, key=key or new_key())


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def settings_at(base: str) -> Config:
    """The tests' settings with all our apps at a server."""
    told = {
        name.removeprefix("JIFEN_").lower(): value
        for name, value in settings_for(base, [MALL]).items()
    }
    returns = tuple(told["sign_in_returns"].split(","))
    return changed(**told | {"sign_in_returns": returns}, sign_ins_per_ip_hour=1_000_000)


@contextmanager
def running_providers(api: Api, home: Path, patch: pytest.MonkeyPatch) -> Iterator[Providers]:
    running = Running(Server(home, APP_SECRETS))
    running.start()
    made = settings_at(running.base)
    for module in ("provider_logins", "providers"):
        patch.setattr(f"chalicelib.members.actions.{module}.config", lambda: made)
    patch.setattr(secrets, "_secret", {**SECRETS, "sign-in": APP_SECRETS}.__getitem__)
    yield Providers(api, running)
    running.stop()
