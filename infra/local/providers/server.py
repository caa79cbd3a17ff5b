"""The wire server: HTTP in front of both providers and of `/_wire/…`, with failures on request."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from werkzeug.serving import BaseWSGIServer, make_server

from infra.local import tether
from infra.local.clock import ProgramClock
from infra.local.keys import kept_secrets
from infra.local.providers import wechat
from infra.local.providers.apps import BY_ID, App
from infra.local.providers.modes import Modes
from infra.local.providers.page import page
from infra.local.providers.qq import Qq
from infra.local.providers.store import Store
from infra.local.providers.wechat import Wechat
from infra.local.settings import HOST
from infra.local.stripe.server import Handler

_LOOK_S = 0.05
_PAGES = {
    "/connect/qrconnect": ("wechat", "appid", {"website"}),
    "/connect/oauth2/authorize": ("wechat", "appid", {"inside"}),
    "/oauth2.0/authorize": ("qq", "client_id", {"website", "mobile"}),
}

Found = tuple[str, list[tuple[str, str]], str]


class Server:
    """The WSGI application."""

    def __init__(self, home: Path, secrets: Mapping[str, str]) -> None:
        """Take the data folder, and the secrets by app id."""
        home.mkdir(parents=True, exist_ok=True)
        clock = ProgramClock(home)
        self.store = Store(home / "providers.db", lambda: time.time() + clock.offset_s())
        at_wechat, at_qq = Wechat(self.store, secrets), Qq(self.store, secrets)
        self._calls = {
            "/sns/jscode2session": at_wechat.session,
            "/sns/oauth2/access_token": at_wechat.token,
            "/sns/userinfo": at_wechat.person,
            "/oauth2.0/token": at_qq.token,
            "/oauth2.0/me": at_qq.me,
            "/user/get_user_info": at_qq.person,
        }
        self._losing = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request of the mall's, a person's, or one of the stack's own."""
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = environ["PATH_INFO"]
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        if path.startswith("/_wire/"):
            status, headers, text = self._controlled(path.removeprefix("/_wire/"), raw)
        elif path in _PAGES:
            status, headers, text = self._page(path, query)
        else:
            status, headers, text = self._answer(environ, path, query)
        body = text.encode()
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _modes(self) -> Modes:
        return msgspec.convert(self.store.setting("modes", {}), Modes)

    def _answer(self, environ: dict[str, Any], path: str, query: dict[str, str]) -> Found:
        modes, call = self._modes(), self._calls.get(path)
        time.sleep(modes.slow_ms / 1000)
        if modes.down == "unreachable":
            _hang_up(environ)
        if modes.down == "failing" or call is None:
            return "500 Internal Server Error", [("Content-Type", "text/html")], "<h1>500</h1>"
        if modes.down == "garbled":
            return "200 OK", [("Content-Type", "text/html")], "<html>网络繁忙</html>"
        said = wechat.BUSY if modes.down == "busy" else call(query, modes)
        if "code" in query or "js_code" in query:
            self._lose(environ)
        text = json.dumps(said, ensure_ascii=False)
        return "200 OK", [("Content-Type", "text/plain; charset=utf-8")], text

    def _lose(self, environ: dict[str, Any]) -> None:
        """Hang up if this answer is one of those to be lost."""
        with self._losing:
            left = self._modes().lose_answers
            if not left:
                return
            known = self.store.setting("modes", {})
            self.store.set("modes", known | {"lose_answers": left - 1})
        _hang_up(environ)

    def _page(self, path: str, query: dict[str, str]) -> Found:
        provider, name, kinds = _PAGES[path]
        app = BY_ID.get(query.get(name, ""))
        redirect = query.get("redirect_uri", "")
        html = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        if app is None or app.kind not in kinds or not redirect.startswith("http"):
            return "400 Bad Request", html, "<h1>参数错误 Wrong parameters</h1>"
        if "refuse" in query:
            told = {"usercancel": "1"} if provider == "qq" else {}
            return _back(redirect, told | {"state": query.get("state", "")})
        person = self._person(query)
        if person is None:
            return "200 OK", html, page(provider, path, query, self.store.people())
        code = self.store.new_code(app, person, redirect)
        return _back(redirect, {"code": code, "state": query.get("state", "")})

    def _person(self, query: Mapping[str, str]) -> str | None:
        """Who was chosen on the page, or came new; None before."""
        if "new" in query and "person" not in query:
            return self.store.add_person(query["new"].strip())
        person = query.get("person", "")
        return person if self.store.nickname(person) is not None else None

    def _controlled(self, name: str, raw: bytes) -> Found:
        """`GET, POST modes`; `POST codes {app, person}`, as a mini program's `login` gives one."""
        try:
            told = json.loads(raw) if raw else None
            found = self._tell(name, told)
        except (ValueError, KeyError, msgspec.ValidationError) as error:
            said = json.dumps({"error": {"message": str(error)}})
            return "400 Bad Request", [("Content-Type", "application/json")], said
        return "200 OK", [("Content-Type", "application/json")], json.dumps(found)

    def _tell(self, name: str, told: dict[str, Any] | None) -> Any:
        """Raises ValueError, KeyError, ValidationError."""
        if name == "codes" and told is not None:
            app: App = BY_ID[told["app"]]
            person = told.get("person") or self.store.add_person(told.get("nickname", ""))
            return {"code": self.store.new_code(app, person, told.get("redirect", ""))}
        if name != "modes":
            raise ValueError(f"{name} is no call")
        if told is not None:
            self.store.set("modes", msgspec.to_builtins(msgspec.convert(told, Modes)))
        return msgspec.to_builtins(self._modes())


def _back(redirect: str, query: Mapping[str, str]) -> Found:
    joint = "&" if "?" in redirect else "?"
    return "302 Found", [("Location", f"{redirect}{joint}{urlencode(query)}")], ""


def _hang_up(environ: dict[str, Any]) -> None:
    """Close the connection without an answer.

    Raises ConnectionAbortedError.
    """
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


class Running:
    """A wire server on a port of its own, in threads of this process."""

    def __init__(self, server: Server, listener: socket.socket | None = None) -> None:
        """Take the application, and its socket (a free one if there is none)."""
        listener = listener or socket.create_server((HOST, 0))
        self.wire, self._listener = server, listener
        self.base = f"http://{HOST}:{listener.getsockname()[1]}"
        self._http: BaseWSGIServer = make_server(
            HOST, 0, server, threaded=True, request_handler=Handler, fd=listener.fileno()
        )
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(_LOOK_S,), daemon=True
        )

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        self._listener.close()

    def wait(self) -> None:
        """Until it is killed."""
        self._thread.join()


def main(descriptor: int, home: Path) -> None:
    """Serve on an open socket until killed."""
    tether.hold()
    running = Running(Server(home, kept_secrets(home)["sign-in"]), socket.socket(fileno=descriptor))
    running.start()
    running.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
