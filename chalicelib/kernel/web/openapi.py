"""The OpenAPI 3.1 document, made from the routes that views are registered with."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache

import msgspec

from chalicelib import VERSION
from chalicelib.kernel import errors
from chalicelib.kernel.errors import Words
from chalicelib.kernel.web.http import ROUTES, TYPE_URI, Problem, Route, status_of
from chalicelib.kernel.web.openapi_groups import in_order, tag_of, tags_and_groups
from chalicelib.kernel.web.openapi_parameters import LANGUAGE, SCHEMES, parameters
from chalicelib.kernel.web.openapi_schemas import SCHEMAS, Ambiguous, Json, Schemas
from chalicelib.kernel.web.openapi_words import DESCRIPTION, SUMMARY, in_chinese
from chalicelib.kernel.web.overriding import HEADER, PATCH
from chalicelib.kernel.web.requests import MAX_BODY_BYTES

Kind = type[errors.JifenError]

_ANSWER_HEADERS: dict[str, Json] = {
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to authenticate", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "`true` when an earlier request with this key made it",
        "schema": {"type": "string", "const": "true"},
    },
    "Set-Cookie": {
        "description": "With `Jifen-Client: web`: sets, or clears, the cookie `jifen_refresh`",
        "schema": {"type": "string"},
    },
    "Jifen-Next-Cursor": {
        "description": "The `cursor` of the next part; absent from the last",
        "schema": {"type": "string"},
    },
}
_BY_POST = Words(
    f"无法发送 PATCH 的客户端（如微信小程序）以 POST 发送，并带请求头 `{HEADER}: {PATCH}`。",
    f"A client that has no PATCH, such as WeChat's, sends a POST with `{HEADER}: {PATCH}`.",
)
_ERROR_HEADERS = {401: ["WWW-Authenticate"], 429: ["Retry-After"], 503: ["Retry-After"]}


_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The `access_token` of `POST /v1/auth/sessions`",
}


@cache
def document_text(language: str) -> str:
    """The document as JSON, made once in a process, when it is first asked for."""
    return msgspec.json.encode(document(ROUTES, language)).decode()


def document(routes: Sequence[Route], language: str = "en") -> Json:
    """The document of these routes in `zh-CN` or `en`: paths, schemas, examples, errors.

    Raises Ambiguous, LookupError: a name that two have, a path in no group.
    """
    _check_operations(routes)
    schemas = Schemas(routes)
    paths: dict[str, Json] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = _operation(route, schemas, language)
    told = sorted({kind for route in routes for kind in refusals(route)}, key=_code)
    made = {
        "openapi": "3.1.0",
        "info": {
            # Generators name their packages for it.
            "title": "Jifen",
            "version": VERSION,
            "summary": SUMMARY.in_language(language),
            "description": DESCRIPTION.in_language(language),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "."}],
        **tags_and_groups(list(paths), language),
        "paths": {path: paths[path] for path in in_order(list(paths))},
        "components": {
            "schemas": schemas.components,
            "responses": {kind.code: _problems([kind], language) for kind in told},
            "examples": {kind.code: {"value": _example(kind, language)} for kind in told},
            "headers": _ANSWER_HEADERS,
            "parameters": {"Accept-Language": LANGUAGE},
            "securitySchemes": _security_schemes(routes),
        },
    }
    return in_chinese(made) if language == "zh-CN" else made


def _check_operations(routes: Sequence[Route]) -> None:
    """Generators name a function for each operation."""
    counted = Counter(map(operation_id, routes))
    if doubled := sorted(name for name, number in counted.items() if number > 1):
        raise Ambiguous(f"rename one of the views {', '.join(doubled)}")


def operation_id(route: Route) -> str:
    """`cancel_order`: the name of the view."""
    return route.view.__name__


def _security_schemes(routes: Sequence[Route]) -> Json:
    headers = {name: words for route in routes for name, words in route.headers}
    signed = {
        scheme: {"type": "apiKey", "in": "header", "name": name, "description": headers[name]}
        for name, scheme in SCHEMES.items()
        if name in headers
    }
    return {"bearer": _BEARER, **signed}


def _security(route: Route) -> list[Json]:
    """One requirement that names all schemes that are needed together."""
    needed: dict[str, list[str]] = {
        SCHEMES[name]: [] for name, _ in route.headers if name in SCHEMES
    }
    if route.roles:
        needed["bearer"] = []
    return [needed] if needed else []


def refusals(route: Route) -> set[Kind]:
    """The errors that a route names, and those that follow from what it takes."""
    kinds: set[Kind] = {*route.may_raise, errors.Invalid, errors.UnknownField, errors.Unavailable}
    if route.method != "GET":
        kinds |= {errors.NotJson, errors.TooLarge}
    if route.body is not None:
        kinds.add(errors.UnsupportedMedia)
    if "cursor" in route.query.__struct_fields__:
        kinds.add(errors.InvalidCursor)
    if route.roles:
        kinds |= {errors.Unauthenticated, errors.Denied}
    if route.key is not None:
        kinds |= {errors.IdempotencyKeyRequired, errors.IdempotencyKeyReused}
    if "{" in route.path:
        kinds.add(errors.NotFound)
    if route.consent:
        kinds.add(errors.ConsentRequired)
    return kinds


def _operation(route: Route, schemas: Schemas, language: str) -> Json:
    made: Json = {
        "operationId": operation_id(route),
        "summary": route.summary,
        "description": "\n\n".join(words.in_language(language) for words in _told(route)),
        "tags": [tag_of(route.path)],
        "x-roles": sorted(route.roles),
        "security": _security(route),
        "parameters": parameters(route),
        "responses": {
            **{str(status): _success(route, schemas) for status in (route.status, *route.also)},
            **_failures(route, language),
        },
    }
    if route.body is not None:
        content: Json = {"schema": schemas.sent(route.body)}
        if "request" in (route.example or {}):
            content["example"] = route.example["request"]
        made["requestBody"] = {
            "required": route.body_required,
            "description": f"At most {MAX_BODY_BYTES:,} bytes",
            "content": {"application/json": content},
        }
    return made


def _told(route: Route) -> list[Words]:
    """The callers of a route, and the way of those who cannot send its method."""
    return [_who(route), _BY_POST] if route.method == PATCH else [_who(route)]


def _who(route: Route) -> Words:
    if route.roles:
        names = ", ".join(f"`{name}`" for name in sorted(route.roles))
        return Words(f"角色：{names}。", f"Roles: {names}.")
    if _security(route):
        return Words("请求须带签名。", "The request is signed.")
    return Words("无需登录。", "Needs no access token.")


def _success(route: Route, schemas: Schemas) -> Json:
    made: Json = {"description": "Done" if route.answer is None else route.summary}
    replayed = ["Idempotent-Replayed"] if route.key is not None else []
    if names := [*replayed, *route.answer_headers]:
        made["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    if route.answer is not None:
        content: Json = {"schema": schemas.given(route.answer)}
        if "answer" in (route.example or {}):
            content["example"] = route.example["answer"]
        made["content"] = {route.produces: content}
    return made


def _failures(route: Route, language: str) -> Json:
    by_status: dict[int, list[Kind]] = defaultdict(list)
    for kind in sorted(refusals(route), key=_code):
        by_status[status_of(kind)].append(kind)
    return {
        str(status): _problems(kinds, language)
        if len(kinds) > 1
        else {"$ref": f"#/components/responses/{kinds[0].code}"}
        for status, kinds in sorted(by_status.items())
    }


def _code(kind: Kind) -> str:
    return kind.code


def _problems(kinds: Sequence[Kind], language: str) -> Json:
    """One status's answer: the problem schema with the codes that it may hold here."""
    status = status_of(kinds[0])
    codes = [kind.code for kind in kinds]
    named = {"code": {"enum": codes}, "status": {"const": status}}
    content = {
        "schema": {"allOf": [{"$ref": SCHEMAS + "Problem"}], "properties": named},
        "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
    }
    made: Json = {
        "description": "; ".join(f"`{k.code}`: {k.title.in_language(language)}" for k in kinds),
        "content": {"application/problem+json": content},
    }
    if names := _ERROR_HEADERS.get(status):
        made["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return made


def _example(kind: Kind, language: str) -> Json:
    title = kind.title.in_language(language)
    hint = re.sub(r"{\w+}", "…", kind.hint.in_language(language))
    return msgspec.to_builtins(  # type: ignore[no-any-return]
        Problem(TYPE_URI + kind.code, title, status_of(kind), kind.code, hint, "…", [])
    )
