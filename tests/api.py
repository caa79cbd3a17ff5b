"""A client of the Chalice app in this process, as API Gateway would call it."""

from __future__ import annotations

import json
import secrets
from typing import Any, NamedTuple

from chalice.test import Client

from chalicelib.kernel import clock
from chalicelib.kernel.web import auth
from chalicelib.kernel.web.requests import Caller
from tests.iam import as_the_api


class Answer(NamedTuple):
    status: int
    body: Any
    headers: dict[str, str]


def token(member_id: str, *roles: str) -> str:
    """An access token, as a login would give it."""
    caller = Caller(member_id, "ses_test", frozenset(roles or (auth.MEMBER,)))
    return auth.issue(caller, clock.now())


def new_key() -> str:
    return secrets.token_hex(8)


class Api:
    """Calls: `api.post("/v1/orders", {...}, as_=token, key="...")`."""

    def __init__(self) -> None:
        from app import app

        self._http = Client(app.complete()).http

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: str | None = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = {"Content-Type": "application/json", "Accept-Language": "en", **(headers or {})}
        if as_:
            sent["Authorization"] = f"Bearer {as_}"
        if key:
            sent["Idempotency-Key"] = key
        raw: Any = ""
        if isinstance(body, bytes):
            raw = body.decode("utf-8", "surrogateescape")
        elif body is not None:
            raw = json.dumps(body)
        try:
            # API Gateway hands over text, which the client's type does not say.
            with as_the_api():
                answer = self._http.request(method, path, headers=sent, body=raw)
        except Exception as error:
            if str(error) != "Unauthorized":
                raise
            return Answer(401, {}, {})  # API Gateway makes this of the authorizer's exception
        text = answer.body.decode()
        is_json = "json" in answer.headers.get("Content-Type", "")
        content = json.loads(text) if text and is_json else text
        return Answer(answer.status_code, content, answer.headers)

    def listed(self, path: str, **kwargs: Any) -> list[dict[str, Any]]:
        """Rows of all pages of a list: other tests of the process may have filled the first one."""
        path += "&" if "?" in path else "?"
        rows: list[dict[str, Any]] = []
        cursor, seen = "", set[str]()
        while True:
            answer = self.get(f"{path}limit=100{cursor}", **kwargs)
            assert answer.status == 200, answer.body
            rows += answer.body["data"]
            if answer.body["next_cursor"] is None:
                return rows
            cursor = f"&cursor={answer.body['next_cursor']}"
            assert cursor not in seen, "the list does not end"
            seen.add(cursor)

    def get(self, path: str, **kwargs: Any) -> Answer:
        return self.request("GET", path, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> Answer:
        return self.request("POST", path, body, **kwargs)

    def put(self, path: str, body: Any = None, **kwargs: Any) -> Answer:
        return self.request("PUT", path, body, **kwargs)

    def patch(self, path: str, body: Any = None, **kwargs: Any) -> Answer:
        return self.request("PATCH", path, body, **kwargs)

    def delete(self, path: str, body: Any = None, **kwargs: Any) -> Answer:
        return self.request("DELETE", path, body, **kwargs)
