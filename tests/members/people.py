"""People in tests: they have phones, read messages and sign in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

from chalicelib.kernel.errors import JifenError
from tests.api import Answer, Api, new_key

T = TypeVar("T")


class SignedIn(NamedTuple):
    id: str
    token: str
    refresh_token: str
    phone: str


def new_phone() -> str:
    return f"+86138{secrets.randbelow(10**8):08d}"


def new_email() -> str:
    return f"p{secrets.token_hex(6)}@example.com"


def at_once(count: int, call: Callable[[int], T]) -> list[T | str]:
    """The result of each of `count` threads: its value, or the code of its refusal."""

    def one(number: int) -> T | str:
        try:
            return call(number)
        except JifenError as error:
            return error.code

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


class People:
    """People who use the API."""

    def __init__(self, api: Api, outbox: list[dict[str, Any]]) -> None:
        self._api = api
        self._outbox = outbox

    def challenge(self, destination: str, channel: str = "sms") -> tuple[str, str]:
        """A challenge's id, and the code in the message that it sent."""
        body = {"channel": channel, "destination": destination}
        answer = self._api.post("/v1/auth/otp", body)
        assert answer.status == 202, answer
        return answer.body["challenge_id"], self.code()

    def code(self) -> str:
        found = re.search(r"(?<!\d)\d{6}(?!\d)", self._outbox[-1]["body"])
        assert found, self._outbox[-1]
        return found.group()

    def login(self, challenge_id: str, code: str, **more: Any) -> Answer:
        body = {"grant": "otp", "challenge_id": challenge_id, "code": code, **more}
        return self._api.post("/v1/auth/sessions", body)

    def sign_in(self, phone: str | None = None, **also: Any) -> SignedIn:
        phone = phone or new_phone()
        answer = self.login(*self.challenge(phone), **also)
        assert answer.status == 201, answer
        body = answer.body
        return SignedIn(body["member"]["id"], body["access_token"], body["refresh_token"], phone)

    def link(self, who: SignedIn, destination: str, channel: str, key: str | None = None) -> Answer:
        challenge_id, code = self.challenge(destination, channel)
        body = {"challenge_id": challenge_id, "code": code}
        return self._api.post("/v1/me/identities", body, as_=who.token, key=key or new_key())


def refresh(api: Api, refresh_token: str) -> Answer:
    return api.post("/v1/auth/sessions/refresh", {"refresh_token": refresh_token})


def wrong(code: str) -> str:
    """Another code of six digits."""
    return f"{(int(code) + 1) % 10**6:06d}"
