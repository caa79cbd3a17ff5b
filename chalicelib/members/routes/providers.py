"""The beginning of a sign-in at WeChat or QQ, and what comes back from there."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from chalicelib.kernel import spelling
from chalicelib.kernel.errors import NotFound, TooMany
from chalicelib.kernel.texts import HEX, kind
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import actions
from chalicelib.members.errors import (
    ProviderCodeInvalid,
    ProviderNotConfigured,
    ProviderRefused,
    ProviderUnavailable,
    SignInStateInvalid,
)
from chalicelib.members.routes import cookies
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.views import AuthorizationView
from chalicelib.members.rules.providers import PROVIDERS, App, Provider
from chalicelib.members.tables import states

ProviderCode = Annotated[str, kind(512, spelling.pasted, None)]
State = Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=HEX)]
PROVIDER_REFUSALS = (
    ProviderCodeInvalid,
    ProviderNotConfigured,
    ProviderRefused,
    ProviderUnavailable,
    SignInStateInvalid,
    TooMany,
)
PROVIDER_STATE = "3f6b0c2a" * 9


class AuthorizationQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`redirect`, a whole address, is one that the settings allow; the first one without it."""

    app: Literal["h5", "app"]
    redirect: Annotated[str, msgspec.Meta(min_length=1, max_length=500)] | None = None


class AtProvider(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a provider gave: a code, good once, and the state; a mini program has no state."""

    app: App
    code: ProviderCode
    state: State | None = None


@route(
    members, "GET", "/v1/auth/{provider}/authorization",
    summary="Begin to sign in at `wechat` or `qq`",
    query=AuthorizationQuery, answer=AuthorizationView, may_raise=[ProviderNotConfigured],
    cookie=cookies.BROWSER, answer_headers=["Set-Cookie"],
    example={
        "answer": {
            "url": "https://open.weixin.qq.com/connect/qrconnect?appid=wx5823bf96d3bd56c7"
            "&redirect_uri=https%3A%2F%2Fmall.example.com%2Fpages%2Fsign-in%2Freturn"
            f"&response_type=code&scope=snsapi_login&state={PROVIDER_STATE}#wechat_redirect",
            "state": PROVIDER_STATE,
        }
    },
)  # fmt: skip
def begin_at_provider(call: Call) -> Reply:
    asked: AuthorizationQuery = call.query
    known = cookies.browser_in(call)
    browser = known if states.is_browser(known) else states.new_browser()
    started = actions.start_sign_in(
        _provider_in(call),
        asked.app,
        asked.redirect,
        user_agent=call.headers.get("user-agent", ""),
        browser=browser,
        now=call.now,
    )
    headers = cookies.known(browser) if asked.app == "h5" else {}
    return Reply(AuthorizationView(started.page, started.state), headers=headers)


def _provider_in(call: Call) -> Provider:
    """Raises NotFound."""
    for provider in PROVIDERS:
        if call.path["provider"] == provider:
            return provider
    raise NotFound()


def sent_in(call: Call, provider: Provider, proof: AtProvider) -> actions.Sent:
    """What a client brings from a provider."""
    browser = cookies.browser_in(call)
    return actions.Sent(provider, proof.app, proof.code, proof.state, browser, call.source_ip)
