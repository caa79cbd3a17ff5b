"""Makes calls and prints them: the request, the answer, the write units."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sys
import time
import urllib.error
import urllib.request
from typing import Any

from infra.cli.terminal import number

WIDTH = 100
BOLD, CYAN = 1, 36


class Failed(RuntimeError):
    """A call had another answer than the story says."""


class Teller:
    """One narrator over one running stack; `units` sums the write units of all calls."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.units = 0
        self._chapter = 0

    def chapter(self, title: str, words: str) -> None:
        self._chapter += 1
        print(f"\n{_coloured(f'{self._chapter}. {title}', BOLD)}\n   {words}\n")

    def say(self, words: str) -> None:
        print(f"   · {words}")

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        key: str | None = None,
        show: tuple[str, ...] = (),
        counted: bool = False,
        expect: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The answer's body, printed with the fields that `show` names (all if silent).

        `counted` prints the number of a list's items in place of them.

        Raises Failed unless the status is `expect`, or any success if that is silent.
        """
        sent = {"Accept-Language": "zh-CN", **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json"
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if method == "POST":
            sent["Idempotency-Key"] = key or secrets.token_hex(8)
        raw = json.dumps(body).encode() if body is not None else None
        status, found, answered = self._send(method, path, raw, sent)
        units = int(answered.get("Jifen-Local-Write-Units", "0"))
        self.units += units
        replayed = " (replayed)" if answered.get("Idempotent-Replayed") else ""
        print(f"   {_coloured(f'{method} {path}', CYAN)}")
        if body is not None:
            print(f"     → {_short(body)}")
        cost = f"   [{number(units, 'write unit')}]" if units else ""
        print(f"     ← {status}{replayed} {_short(_told(found, show, counted))}{cost}")
        if status != expect and (expect is not None or status >= 400):
            raise Failed(f"{method} {path} answered {status}: {found}")
        return found

    def signed(
        self, body: Any, partner: dict[str, str], path: str = "/v1/events", **wanted: Any
    ) -> Any:
        """A partner's call, signed as they sign: HMAC-SHA256 of "{t}.{body}"."""
        at_s = int(time.time())
        message = f"{at_s}.{json.dumps(body)}".encode()
        signature = hmac.new(partner["secret"].encode(), message, hashlib.sha256).hexdigest()
        headers = {"Jifen-Key": partner["id"], "Jifen-Signature": f"t={at_s},v1={signature}"}
        return self.call("POST", path, body, headers=headers, **wanted)

    def local(self, name: str, method: str = "GET", body: Any = None) -> Any:
        """A call of the local stack's own, not part of the story."""
        raw = json.dumps(body).encode() if body is not None else None
        sent = {"Content-Type": "application/json"} if raw else {}
        status, found, _ = self._send(method, f"/_local/{name}", raw, sent)
        if status >= 400:
            raise Failed(f"/_local/{name} answered {status}: {found}")
        return found

    def run(self, function: str) -> None:
        """Run a scheduled function and print its result, `settled 3`."""
        result = self.local(f"functions/{function}", "POST")["result"] or {}
        done = ", ".join(f"{name} {value}" for name, value in result.items())
        self.say(f"{function}: {done or 'done'}")

    def _send(
        self, method: str, path: str, raw: bytes | None, headers: dict[str, str]
    ) -> tuple[int, Any, Any]:
        asked = urllib.request.Request(self.url + path, raw, headers, method=method)
        try:
            with urllib.request.urlopen(asked) as answer:
                content = answer.read()
                return answer.status, json.loads(content) if content else None, answer.headers
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read()), error.headers


def _coloured(text: str, code: int) -> str:
    """The text, in a colour or weight of ANSI's if a terminal shows it."""
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() else text


def _told(found: Any, names: tuple[str, ...], counted: bool) -> Any:
    if counted:
        listed = found if isinstance(found, list) else found["data"]
        return {"data": f"{len(listed)} items"}
    if not names or not isinstance(found, dict):
        return found
    return {name: found[name] for name in names if name in found}


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= WIDTH * 3 else text[: WIDTH * 3] + "…"
