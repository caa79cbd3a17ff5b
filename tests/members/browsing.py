"""A browser in tests: it sends `Jifen-Client: web` and keeps one cookie."""

from __future__ import annotations

from typing import Any

from tests.api import Answer, Api
from tests.members.people import People, new_phone

SESSIONS = "/v1/auth/sessions"
REFRESH = "/v1/auth/sessions/refresh"
OWN_PAGE = {"Jifen-Client": "web", "Sec-Fetch-Site": "same-origin"}


class Browser:
    """The mall's own page in a browser; `said` has the last cookie's attributes."""

    def __init__(self, api: Api, people: People) -> None:
        self._api, self._people = api, people
        self.cookie: str | None = None
        self.said: list[str] = []

    def send(
        self, method: str, path: str, body: Any = None, *, as_: str | None = None, **headers: str
    ) -> Answer:
        """One request with the cookie; `sec_fetch_site="none"` is the header of that name."""
        sent = {**OWN_PAGE, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookie:
            sent["Cookie"] = f"theme=dark; jifen_refresh={self.cookie}; _ga=1"
        answer = self._api.request(method, path, body, as_=as_, headers=sent)
        if told := answer.headers.get("Set-Cookie"):
            pair, *self.said = told.split("; ")
            self.cookie = pair.removeprefix("jifen_refresh=") or None
        return answer

    def sign_in(self, phone: str | None = None) -> Any:
        challenge_id, code = self._people.challenge(phone or new_phone())
        body = {"grant": "otp", "challenge_id": challenge_id, "code": code}
        answer = self.send("POST", SESSIONS, body)
        assert answer.status == 201, answer
        return answer.body

    def refresh(self, cookie: str | None = None, **headers: str) -> Answer:
        """A refresh with its cookie, or with another that it had."""
        self.cookie = cookie or self.cookie
        return self.send("POST", REFRESH, **headers)
