"""Routes: who may call, what they send, what they get; errors as problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import KW_ONLY, dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.kernel import clock, errors
from chalicelib.kernel.failures import cause_of, tell
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.outages import is_outage
from chalicelib.kernel.refusing import refused_by
from chalicelib.kernel.web.auth import MEMBER, authorize, caller_of
from chalicelib.kernel.web.consents import check_not_gone, missing_consent
from chalicelib.kernel.web.edge import caller_address
from chalicelib.kernel.web.requests import (
    Call,
    check_media_type,
    check_path,
    decode_body,
    decode_query,
    idempotency_key,
    language_of,
    raw_body,
)

STATUS: dict[type[errors.JifenError], int] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.Denied: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.UnsupportedMedia: 415,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    errors.JifenError: 500,
}
TYPE_URI = "urn:jifen:error:"
T = TypeVar("T")


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A body without fields."""


class NoQuery(msgspec.Struct, forbid_unknown_fields=True):
    """A route that takes no query parameters."""


@dataclass(frozen=True)
class Reply:
    """A view's answer: a msgspec value, or text with its own content type. The status is the
    route's, unless one is given.
    """

    body: Any = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


# The cursor of the next part of an answer that is no JSON; absent from the last.
NEXT_CURSOR = "Jifen-Next-Cursor"
# Headers of an answer that is the same for everybody.
FIVE_MINUTES = {"Cache-Control": "public, max-age=300"}

View = Callable[[Call], Reply]


@dataclass(eq=False)
class Route:
    """One operation of the API, as the OpenAPI document shows it: it decorates its view.

    `key` True requires an Idempotency-Key, False takes one, None knows none; `headers` are
    (name, description) of further required request headers, `optional_headers` and `cookie` of
    what may be there; `answer_headers` are those of some of its answers; `may_raise` are its
    refusals, without those that follow from what it takes (`openapi.refusals`); `produces` is the
    media type of its answer; `also` are statuses of success besides `status`; a body that is not
    `body_required` may be left out: the view takes it for `{}`; with `consent` a member who has
    not agreed to the newest terms writes nothing by it; `by_token` asks first who was merged.
    """

    blueprint: Blueprint
    method: str
    path: str
    _: KW_ONLY
    summary: str
    roles: Collection[str] = ()
    body: Any = None
    query: Any = NoQuery
    answer: Any = None
    status: int = 200
    key: bool | None = None
    may_raise: Sequence[type[errors.JifenError]] = ()
    example: Any = None
    headers: Sequence[tuple[str, str]] = ()
    optional_headers: Sequence[tuple[str, str]] = ()
    cookie: tuple[str, str] | None = None
    answer_headers: Sequence[str] = ()
    produces: str = "application/json"
    also: Sequence[int] = ()
    body_required: bool = True
    consent: bool = False
    by_token: bool = False
    view: View = field(init=False)

    def __post_init__(self) -> None:
        self.roles = frozenset(self.roles)

    def __call__(self, view: View) -> View:
        """Register the view, behind the authorizer if the route has roles."""
        self.view = view
        ROUTES.append(self)

        def entry(**path_parameters: str) -> Response:
            event = self.blueprint.current_request.to_original_event()
            return _serve(self, event, path_parameters)

        entry.__name__ = view.__name__
        entry.__doc__ = self.summary
        self.blueprint.route(
            self.path,
            methods=[self.method],
            name=view.__name__,
            authorizer=authorize if self.roles else None,
            content_types=["*/*"],
        )(entry)
        return view

    @property
    def decodes(self) -> bool:
        """Whether the body comes to the view typed: a tuple, one of several types, does not."""
        return self.body is not None and not isinstance(self.body, tuple)


ROUTES: list[Route] = []
route = Route  # as views are declared: `@route(blueprint, "GET", "/v1/…", summary=…)`


def _serve(made: Route, event: dict[str, Any], path: dict[str, str]) -> Response:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    language = language_of(headers.get("accept-language"))
    request_id = event["requestContext"].get("requestId", "")
    try:
        call = _call(made, event, path, headers, language)
        check_not_gone(call.caller if made.by_token else None, call.now)
        with refused_by(missing_consent(call.caller, call.now) if made.consent else None):
            reply = made.view(call)
        outcome: str = "ok"
        response = _respond(reply, made.produces, made.status)
    except errors.JifenError as error:
        if isinstance(error, errors.Unreadable) and {MEMBER}.issuperset(made.roles):
            error = errors.Unreadable()  # which one is for the staff
        if isinstance(error, errors.Unavailable):
            logger().warning("unavailable", cause=cause_of(error), request_id=request_id)
        outcome = error.code
        response = problem(error, language, request_id)
    except Exception as error:
        tell("a view failed", error, route=f"{made.method} {made.path}", request_id=request_id)
        shown = errors.Unavailable() if is_outage(error) else errors.Unexpected()
        count("ViewFailed", outcome=shown.code)
        outcome = shown.code
        response = problem(shown, language, request_id)
    logger().info(
        "request",
        route=f"{made.method} {made.path}",
        status=response.status_code,
        outcome=outcome,
        request_id=request_id,
    )
    return response


def _call(
    made: Route, event: dict[str, Any], path: dict[str, str], headers: dict[str, str], language: str
) -> Call:
    caller = caller_of(event) if made.roles else None
    if caller is not None and caller.roles.isdisjoint(made.roles):
        raise errors.Denied()
    check_path(path)
    content = raw_body(event)
    key = idempotency_key(headers, required=bool(made.key)) if made.key is not None else None
    if made.body is not None and (content or made.body_required):
        check_media_type(headers)
    return Call(
        route=f"{made.method} {made.path}",
        path=path,
        headers=headers,
        query=decode_query(event, made.query),
        body=_body(made, content),
        raw_body=content,
        caller=caller,
        key=key,
        language=language,
        source_ip=caller_address(event, headers),
        request_id=event["requestContext"].get("requestId", ""),
        now=clock.now(),
    )


def _body(made: Route, content: bytes) -> Any:
    """The body as the route's type; a route that takes none takes no fields either."""
    if made.decodes:
        return decode_body(content or (b"" if made.body_required else b"{}"), made.body)
    if made.body is None and made.method != "GET" and content.strip() not in (b"", b"null"):
        decode_body(content, Nothing)
    return None


def _respond(reply: Reply, media_type: str, status: int = 200) -> Response:
    headers: dict[str, str | list[str]] = {
        "Content-Type": media_type,
        "Cache-Control": "no-store",
        **reply.headers,
    }
    if isinstance(reply.body, str):
        text = reply.body
    elif reply.body is None:
        text = ""
    else:
        text = msgspec.json.encode(reply.body).decode()
    return Response(body=text, status_code=reply.status or status, headers=headers)


def status_of(error: type[errors.JifenError]) -> int:
    """The HTTP status of an error: that of its nearest ancestor in the tree."""
    return next(STATUS[kind] for kind in error.__mro__ if kind in STATUS)


class FieldProblem(msgspec.Struct):
    """One field of a request that is wrong."""

    field: str
    code: str
    message: str


class Problem(msgspec.Struct):
    """RFC 9457 problem details. Facts of the error, such as `missing_points`, stand beside."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[FieldProblem]


def problem(error: errors.JifenError, language: str, request_id: str) -> Response:
    """The error as `application/problem+json`, in the caller's language."""
    status = status_of(type(error))
    fields = [FieldProblem(f.field, f.code, f.message.in_language(language)) for f in error.fields]
    detail = error.detail(language)
    if not detail and fields:
        # An English message goes on after the name of its field, a Chinese one is a sentence.
        colon, semicolon = ("：", "；") if language == "zh-CN" else (" ", "; ")
        detail = semicolon.join(colon.join(filter(None, (f.field, f.message))) for f in fields)
    title = error.title.in_language(language)
    body = msgspec.to_builtins(
        Problem(TYPE_URI + error.code, title, status, error.code, detail, request_id, fields)
    )
    headers: dict[str, str | list[str]] = {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        "Content-Language": language,
    }
    if isinstance(error, errors.TooMany):
        headers["Retry-After"] = str(error.facts.get("retry_after_s", 60))
    if isinstance(error, errors.Unavailable):
        headers["Retry-After"] = str(error.facts.get("retry_after_s", 1))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="jifen"'
    text = msgspec.json.encode({**facts_beside(error.facts), **body}).decode()
    return Response(body=text, status_code=status, headers=headers)


def facts_beside(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as they stand beside a problem's own members: an order's `status` is not HTTP's."""
    taken = Problem.__struct_fields__
    return {f"current_{name}" if name in taken else name: facts[name] for name in facts}


def answer_of(done: tuple[T, bool], view: Callable[[T], Any]) -> Reply:
    """The answer of an act that is done once for a key: `done` is (its result, replayed)."""
    result, replayed = done
    return replayable(view(result), replayed=replayed)


def replayable(body: Any, *, replayed: bool, status: int | None = None) -> Reply:
    """An answer that says whether an earlier try with the same key made it."""
    return Reply(body, status, {"Idempotent-Replayed": "true"} if replayed else {})
