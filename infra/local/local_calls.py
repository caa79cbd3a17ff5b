"""The `/_local` calls: calls of developers and tests that AWS does not offer."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from infra.local import captcha, control
from infra.local.clock import ProgramClock
from infra.local.home_page import HomeAsked, home_page
from infra.local.journal import Journal, Notice
from infra.local.keys import PARTNER_ID, kept_secrets
from infra.local.pay_page import PayPage
from infra.local.pool import Pool, WorkerDied
from infra.local.settings import Settings
from infra.local.stripe import asking
from infra.local.stripe.api import publishable_key
from infra.local.wire import Call, HttpAnswer, Outcome

ROLES = ("member", "agent", "ops", "finance", "admin")
LONGEST_ADVANCE_S = 10 * 366 * 24 * 3600
_CALL_TIMEOUT_S = 60.0
_OUTBOX_LIMIT, _PHONE_LIMIT = 200, 30
_LOGIN_WORDS = ("验证码", "code")
_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")

Query = Mapping[str, list[str]]
Handler = Callable[[Query, bytes], Awaitable[dict[str, Any]]]


class Problem(Exception):
    """A call that cannot be answered: status, code and detail."""

    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class LocalCalls:
    """Answers them."""

    def __init__(
        self, settings: Settings, pool: Pool, clock: ProgramClock, pumps: tuple[str, int]
    ) -> None:
        """Take the workers, where accounts and tokens are made, and where the pumps listen."""
        self._settings, self._pool, self._clock, self._pumps = settings, pool, clock, pumps
        self._journal = Journal(settings.journal)
        self._pay_page = PayPage(settings)
        self._handlers: dict[tuple[str, str], Handler] = {
            ("GET", "info"): self._info,
            ("GET", "token"): self._token,
            ("GET", "outbox"): self._outbox,
            ("POST", "clock"): self._advance,
            ("POST", "drain"): self._drain,
            ("POST", "captcha"): self._captcha,
        }

    async def answer(
        self, scope: MutableMapping[str, Any], body: bytes, request_id: str
    ) -> HttpAnswer:
        """Answer a request whose path is `/_local` or starts with `/_local/`."""
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        name = scope["path"].removeprefix("/_local/")
        try:
            _check_site(scope)
            if name.startswith("pay/"):
                order = name.removeprefix("pay/")
                return await self._pay_page.answer(scope["method"], order, body, query)
            if name == "captcha.js":
                kind, script = (b"content-type", b"text/javascript"), captcha.SCRIPT.encode()
                return HttpAnswer(HTTPStatus.OK, [kind], script, 0)
            if name in ("", "/_local"):
                return await self._home(scope, query)
            handler = self._handler(scope["method"], name)
            found = await handler(query, body)
        except Problem as problem:
            return _problem(problem, request_id)
        except OSError as error:
            # A part of the stack that is gone: the provider, the pumps, a file.
            return _problem(_unavailable(str(error)), request_id)
        return _json(HTTPStatus.OK, "application/json", found)

    def _handler(self, method: str, name: str) -> Handler:
        """Raises Problem."""
        if name.startswith("functions/"):
            known, wanted = {"POST"}, name.removeprefix("functions/")
            handler: Handler | None = lambda _query, _body: self._run(wanted)  # noqa: E731
        else:
            known = {each for each, call in self._handlers if call == name}
            handler = self._handlers.get((method, name))
        if not known:
            raise Problem(HTTPStatus.NOT_FOUND, "not_found", f"/_local/{name} is no local call")
        if method not in known or handler is None:
            allowed = ", ".join(sorted(known))
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", f"use {allowed}")
        return handler

    async def _info(self, _query: Query, _body: bytes) -> dict[str, Any]:
        kept = json.loads((self._settings.home / "stack.json").read_text())
        secrets = kept_secrets(self._settings.home)
        endpoint = await asyncio.to_thread(asking.ask, kept["stripe_api"], "endpoint")
        return {
            "partner": {"id": PARTNER_ID, "secret": secrets["partners"][PARTNER_ID][0]},
            "stripe": {
                "api_base": kept["stripe_api"],
                "api_key": secrets["stripe"]["api_key"],
                "publishable_key": publishable_key(secrets["stripe"]["api_key"]),
                "webhook_secret": endpoint["secrets"][0],
            },
            "sign_in": {"api_base": kept["sign_in_api"]},
            "aws_endpoints": kept["aws_endpoints"],
            "accounts": await self._accounts(),
            "data_folder": str(self._settings.home),
            "now": self._clock.now(),
        }

    async def _accounts(self) -> Any:
        return await self._call("infra.local.accounts:accounts", {}, missing=[])

    async def _home(self, scope: MutableMapping[str, Any], query: Query) -> HttpAnswer:
        """Raises Problem."""
        if scope["method"] not in ("GET", "HEAD"):
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "use GET")
        if scope["path"] == "/_local":
            return HttpAnswer(HTTPStatus.PERMANENT_REDIRECT, [(b"location", b"/_local/")], b"", 0)
        asked = HomeAsked(query)
        sent = await self._sent(asked.to, _PHONE_LIMIT)
        has_pages = self._settings.web is not None
        return home_page(asked, await self._accounts(), sent, has_pages=has_pages)

    async def _token(self, query: Query, _body: bytes) -> dict[str, Any]:
        role, name = query.get("role", ["member"])[-1], query.get("name", [None])[-1]
        if role not in ROLES:
            raise _invalid(f"role is one of {', '.join(ROLES)}")
        found: dict[str, Any] = await self._call(
            "infra.local.accounts:token", {"role": role, "name": name or None}
        )
        return found

    async def _outbox(self, query: Query, _body: bytes) -> dict[str, Any]:
        recipient = query.get("to", [""])[-1].strip()
        # In a query a plus sign means a space: +86… arrives as " 86…".
        if recipient.isdigit():
            recipient = f"+{recipient}"
        return {"data": await self._sent(recipient, _OUTBOX_LIMIT)}

    async def _sent(self, recipient: str, limit: int) -> list[dict[str, Any]]:
        """What was sent to one recipient, or to all, newest first."""
        notices = await asyncio.to_thread(self._journal.notices, recipient or None, limit)
        return [_shown(notice) for notice in notices]

    async def _advance(self, _query: Query, body: bytes) -> dict[str, Any]:
        asked = _object(body)
        seconds = asked.get("advance_seconds")
        if asked.keys() != {"advance_seconds"} or isinstance(seconds, bool):
            raise _invalid('the body is {"advance_seconds": <number>}')
        if not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_ADVANCE_S:
            raise _invalid(f"advance_seconds is a number from 0 to {LONGEST_ADVANCE_S}")
        self._clock.advance(seconds)
        return {"now": self._clock.now()}

    async def _captcha(self, _query: Query, body: bytes) -> dict[str, Any]:
        """Verify a captcha's token as providers do: `passed` is that of a person."""
        form = parse_qs(body.decode("latin-1"))
        known = kept_secrets(self._settings.home)["captcha"]["secret"]
        passed = form.get("secret") == [known] and form.get("response") == [captcha.PASSED]
        return {"success": passed, "error-codes": [] if passed else ["invalid-input-response"]}

    async def _drain(self, _query: Query, _body: bytes) -> dict[str, Any]:
        return await self._ask_pumps({"call": "drain"})

    async def _run(self, function: str) -> dict[str, Any]:
        return await self._ask_pumps({"call": "run", "function": function})

    async def _ask_pumps(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Raises Problem."""
        try:
            return await control.ask(self._pumps, asked)
        except control.Refused as refused:
            raise Problem(HTTPStatus(refused.status), refused.code, str(refused)) from refused
        except OSError as error:
            raise _unavailable(f"the pumps do not answer: {error}") from error

    async def _call(self, target: str, arguments: dict[str, Any], missing: Any = None) -> Any:
        """Raises Problem."""
        message = Call(target, arguments, self._clock.offset_s())
        try:
            outcome = await self._pool.ask(message, Outcome, _CALL_TIMEOUT_S)
        except (TimeoutError, WorkerDied) as error:
            raise _unavailable(f"{target} did not answer") from error
        if outcome.error is None:
            return outcome.result
        if outcome.error.startswith("ModuleNotFoundError") and missing is not None:
            return missing
        if outcome.error.startswith("ValueError"):
            raise _invalid(outcome.error)
        raise Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", outcome.error)


def _check_site(scope: MutableMapping[str, Any]) -> None:
    """Refuse what a page of another site sends; its links may lead here.

    Raises Problem.
    """
    headers = dict(scope["headers"])
    is_link = scope["method"] == "GET" and headers.get(b"sec-fetch-mode") == b"navigate"
    if headers.get(b"sec-fetch-site") == b"cross-site" and not is_link:
        detail = "pages of other sites do not call this machine"
        raise Problem(HTTPStatus.FORBIDDEN, "cross_site_request", detail)


def _shown(notice: Notice) -> dict[str, Any]:
    sent_at = datetime.fromtimestamp(notice.sent_at, UTC).isoformat(timespec="milliseconds")
    says_code = any(word in notice.body for word in _LOGIN_WORDS)
    code = _CODE.search(notice.body) if says_code else None
    optional = {
        "subject": notice.subject,
        "notice_id": notice.notice_id,
        "code": code[1] if code else None,
    }
    return {
        "channel": notice.channel,
        "to": notice.recipient,
        "body": notice.body,
        "sent_at": sent_at.replace("+00:00", "Z"),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _object(body: bytes) -> dict[str, Any]:
    """Raises Problem."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _invalid("the body is no JSON") from error
    if not isinstance(found, dict):
        raise _invalid("the body is no JSON object")
    return found


def _invalid(detail: str) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, "invalid_request", detail)


def _unavailable(detail: str) -> Problem:
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", detail)


def _problem(problem: Problem, request_id: str) -> HttpAnswer:
    found = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "request_id": request_id,
        "errors": [],
    }
    answer = _json(problem.status, "application/problem+json", found)
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers.append((b"retry-after", b"1"))
    return answer


def _json(status: HTTPStatus, kind: str, found: dict[str, Any]) -> HttpAnswer:
    body = json.dumps(found, ensure_ascii=False).encode()
    return HttpAnswer(status, [(b"content-type", kind.encode())], body, 0)
