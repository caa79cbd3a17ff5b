"""WeChat's answers: always 200, an error by its `errcode`, JSON that calls itself text.

QQ's mini programs answer `jscode2session` in the same form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.providers.apps import BY_ID, App
from infra.local.providers.modes import Modes
from infra.local.providers.store import Code, Store, openid_of, unionid_of

Answer = dict[str, Any]
BUSY: Answer = {"errcode": -1, "errmsg": "system error"}
_SCOPES = {"website": "snsapi_login", "inside": "snsapi_userinfo", "mobile": "snsapi_userinfo"}


class Wechat:
    """Answers from the store; `secrets` are by app id."""

    def __init__(self, store: Store, secrets: Mapping[str, str]) -> None:
        self._store, self._secrets = store, secrets

    def session(self, query: Mapping[str, str], modes: Modes) -> Answer:
        """`sns/jscode2session`."""
        app, refused = self._app(query, {"mini_program"})
        if app is None:
            return refused
        found = self._store.take(query.get("js_code", ""), app)
        if found is None or not found.is_good or found.person == "blocked":
            return _refusal(found)
        known = {"openid": openid_of(app, found.person), "session_key": "tiihtNczf5v6AKRyjwEUhQ=="}
        return known | _union(app, found.person, modes)

    def token(self, query: Mapping[str, str], modes: Modes) -> Answer:
        """`sns/oauth2/access_token`."""
        app, refused = self._app(query, set(_SCOPES))
        if app is None:
            return refused
        found = self._store.take(query.get("code", ""), app)
        if found is None or not found.is_good or found.person == "blocked":
            return _refusal(found)
        # The official account's answer has no unionid: `userinfo` tells it.
        told = {} if app.kind == "inside" else _union(app, found.person, modes)
        return {
            "access_token": self._store.new_token(app, found.person),
            "expires_in": 7200,
            "refresh_token": self._store.new_token(app, found.person),
            "openid": openid_of(app, found.person),
            "scope": _SCOPES[app.kind],
            **told,
        }

    def person(self, query: Mapping[str, str], modes: Modes) -> Answer:
        """`sns/userinfo`."""
        holder = self._store.holder(query.get("access_token", ""))
        if modes.no_profile:
            return BUSY
        if holder is None:
            return {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid"}
        app, person = BY_ID[holder[0]], holder[1]
        if query.get("openid") != openid_of(app, person):
            return {"errcode": 40003, "errmsg": "invalid openid"}
        nickname = self._store.nickname(person)
        shown = {"sex": 0, "language": "", "city": "", "province": "", "country": ""}
        return {
            "openid": openid_of(app, person),
            "nickname": nickname,
            **shown,
            "headimgurl": "",
            "privilege": [],
            **_union(app, person, modes),
        }

    def _app(self, query: Mapping[str, str], kinds: set[str]) -> tuple[App | None, Answer]:
        app = BY_ID.get(query.get("appid", ""))
        if app is None or app.kind not in kinds:
            return None, {"errcode": 40013, "errmsg": "invalid appid"}
        if query.get("secret") != self._secrets[app.id]:
            return None, {"errcode": 40125, "errmsg": "invalid appsecret"}
        if query.get("grant_type") != "authorization_code":
            return None, {"errcode": 40002, "errmsg": "invalid grant_type"}
        return app, {}


def _union(app: App, person: str, modes: Modes) -> Answer:
    return {} if modes.no_unionid else {"unionid": unionid_of(app, person)}


def _refusal(found: Code | None) -> Answer:
    if found is None:
        return {"errcode": 40029, "errmsg": "invalid code"}
    if found.was_used:
        return {"errcode": 40163, "errmsg": "code been used"}
    if found.person == "blocked":
        return {"errcode": 40226, "errmsg": "high risk user, login blocked"}
    return {"errcode": 40029, "errmsg": "invalid code"}
