"""QQ's answers with `fmt=json`: an error by `error` of OAuth, by `ret` of a person's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.providers.apps import BY_ID
from infra.local.providers.modes import Modes
from infra.local.providers.store import Store, openid_of, unionid_of

Answer = dict[str, Any]


class Qq:
    """Answers from the store; `secrets` are by app id."""

    def __init__(self, store: Store, secrets: Mapping[str, str]) -> None:
        self._store, self._secrets = store, secrets

    def token(self, query: Mapping[str, str], _modes: Modes) -> Answer:
        """`oauth2.0/token`."""
        app = BY_ID.get(query.get("client_id", ""))
        if app is None or app.provider != "qq":
            return _refusal(100008, "client id is invalid")
        if query.get("client_secret") != self._secrets[app.id]:
            return _refusal(100009, "client secret is invalid")
        found = self._store.take(query.get("code", ""), app)
        if found is None:
            return _refusal(100019, "code to access token error")
        if not found.is_good:
            used = (100020, "code is reused error")
            return _refusal(*(used if found.was_used else (100019, "code to access token error")))
        if query.get("redirect_uri") != found.redirect:
            return _refusal(100010, "redirect uri is illegal")
        token = self._store.new_token(app, found.person)
        return {"access_token": token, "expires_in": "7776000", "refresh_token": token[::-1]}

    def me(self, query: Mapping[str, str], modes: Modes) -> Answer:
        """`oauth2.0/me`."""
        holder = self._store.holder(query.get("access_token", ""))
        if holder is None:
            return _refusal(100016, "access token check failed")
        app, person = BY_ID[holder[0]], holder[1]
        known: Answer = {"client_id": app.id, "openid": openid_of(app, person)}
        if query.get("unionid") != "1":
            return known
        if modes.no_unionid:
            return _refusal(100048, "the app may not read unionids")
        return {**known, "unionid": unionid_of(app, person)}

    def person(self, query: Mapping[str, str], modes: Modes) -> Answer:
        """`user/get_user_info`."""
        holder = self._store.holder(query.get("access_token", ""))
        if holder is None or modes.no_profile:
            return {"ret": 100016, "msg": "access token check failed"}
        return {"ret": 0, "msg": "", "nickname": self._store.nickname(holder[1]), "figureurl": ""}


def _refusal(number: int, description: str) -> Answer:
    return {"error": number, "error_description": description}
