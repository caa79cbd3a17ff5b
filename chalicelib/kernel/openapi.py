"""The OpenAPI 3.1 document, made from the routes that views are registered with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec

from chalicelib import VERSION
from chalicelib.kernel import errors
from chalicelib.kernel.http import ROUTES, TYPE_URI, Problem, Route, status_of
from chalicelib.kernel.requests import MAX_BODY_BYTES

Json = dict[str, Any]
Kind = type[errors.JifenError]

_SCHEMAS = "#/components/schemas/"
_PATH_NAME = re.compile(r"{(\w+)}")
_TWO_SEGMENT_TAGS = {"me", "admin", "auth", "partner"}
_NO_NUL = r"^[^\x00]*$"
_NARROWED = {"pattern", "enum", "const", "format"}
_PATH_VALUE = {"type": "string", "pattern": "^[!-.0-~]+$", "minLength": 1, "maxLength": 128}
_SIGNED = {"type": "string", "maxLength": 512, "example": f"t=1795303228,v1={'5257a869' * 8}"}
_HEADER_SCHEMAS: dict[str, Json] = {
    "Idempotency-Key": {
        "type": "string", "pattern": "^[!-~]+$", "minLength": 8, "maxLength": 128,
        "example": "5f0c7a1e9b2d4c68",
    },
    "If-Match": {
        "type": "string", "pattern": '^("[0-9]{1,15}"|[0-9]{1,15})$', "maxLength": 17,
        "example": "3",
    },
    "Jifen-Key": {"type": "string", "minLength": 1, "maxLength": 64, "example": "shop-1"},
    **dict.fromkeys(("Jifen-Signature", "Stripe-Signature"), _SIGNED),
}  # fmt: skip
_ANSWER_HEADERS: dict[str, Json] = {
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to authenticate", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "`true` when an earlier request with this key made it",
        "schema": {"type": "string", "const": "true"},
    },
}
_ERROR_HEADERS = {401: ["WWW-Authenticate"], 429: ["Retry-After"], 503: ["Retry-After"]}


@cache
def document_text() -> str:
    """The document as JSON, made once in a process, when it is first asked for."""
    return msgspec.json.encode(document(ROUTES)).decode()


def document(routes: Sequence[Route]) -> Json:
    """The document of these routes: paths, schemas, examples, errors."""
    schemas = _Schemas(routes)
    paths: dict[str, Json] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = _operation(route, schemas)
    told = sorted({kind for route in routes for kind in refusals(route)}, key=_code)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jifen 积分商城",
            "version": VERSION,
            "summary": "A points mall: members earn points and redeem goods",
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "."}],
        "tags": [{"name": name} for name in dict.fromkeys(tag_of(r.path) for r in routes)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "responses": {kind.code: _problems([kind]) for kind in told},
            "examples": {kind.code: {"value": _example(kind)} for kind in told},
            "headers": _ANSWER_HEADERS,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


_DESCRIPTION = """\
JSON in UTF-8. Points are integers; money is an integer of minor units with its currency. Times
are RFC 3339 in UTC. Unknown fields are refused. Lists take `limit` and `cursor` and answer
`{"data": [...], "next_cursor": ...}`. A request with the `Idempotency-Key` of an earlier one
answers what that one made. Errors are RFC 9457 `application/problem+json`: `code` is stable,
`title` and `detail` follow `Accept-Language` (`zh-CN` or `en`). A method that a path does not
have is answered 405. 503 means that nothing happened that a retry with the same key would not
settle."""


def tag_of(path: str) -> str:
    """`me/points` of `/v1/me/points/entries`, `orders` of `/v1/orders/{id}`."""
    first, *rest = path.removeprefix("/v1").strip("/").split("/")
    if path in ("/openapi.json", "/docs", "/v1/health"):
        return "service"
    if first in _TWO_SEGMENT_TAGS and rest:
        return f"{first}/{rest[0]}"
    return first


def operation_id(route: Route) -> str:
    """`post_orders_id_cancel`: unique because method and path are."""
    words = re.findall(r"\w+", route.path.removeprefix("/v1"))
    return "_".join([route.method.lower(), *(word.replace("-", "_") for word in words)])


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
    return kinds


class _Schemas:
    """JSON Schemas of every type of the routes, made together so that names stay apart."""

    def __init__(self, routes: Iterable[Route]) -> None:
        bodies = [kind for r in routes for body in (r.body, r.answer) for kind in _each(body)]
        self._types = list({repr(kind): kind for kind in (*bodies, Problem)}.values())
        found, self.components = msgspec.json.schema_components(
            self._types, ref_template=_SCHEMAS + "{name}"
        )
        self._found = dict(zip(map(repr, self._types), found, strict=True))
        for schema in self.components.values():
            if schema.get("additionalProperties") is False:  # a request's
                _exclude_nul(schema)

    def of(self, body: Any) -> Json:
        found = [self._found[repr(kind)] for kind in _each(body)]
        return found[0] if len(found) == 1 else {"oneOf": found}


def _exclude_nul(schema: Any) -> None:
    """Say of text without a pattern what `check_values` asks of all text that is sent."""
    if isinstance(schema, list):
        for inner in schema:
            _exclude_nul(inner)
    elif isinstance(schema, dict):
        if schema.get("type") == "string" and not _NARROWED & schema.keys():
            schema["pattern"] = _NO_NUL
        if "propertyNames" in schema:
            schema["propertyNames"].setdefault("pattern", _NO_NUL)
        for inner in schema.values():
            _exclude_nul(inner)


def _each(body: Any) -> tuple[Any, ...]:
    """The types that a body may have: a tuple means one of them, None that there is none."""
    if body is None:
        return ()
    return body if isinstance(body, tuple) else (body,)


def _operation(route: Route, schemas: _Schemas) -> Json:
    made: Json = {
        "operationId": operation_id(route),
        "summary": route.summary,
        "description": _who(route),
        "tags": [tag_of(route.path)],
        "x-roles": sorted(route.roles),
        "security": [{"bearer": []}] if route.roles else [],
        "parameters": _parameters(route),
        "responses": {
            **{str(status): _success(route, schemas) for status in (route.status, *route.also)},
            **_failures(route),
        },
    }
    if route.body is not None:
        content: Json = {"schema": schemas.of(route.body)}
        if "request" in (route.example or {}):
            content["example"] = route.example["request"]
        made["requestBody"] = {
            "required": route.body_required,
            "description": f"At most {MAX_BODY_BYTES:,} bytes",
            "content": {"application/json": content},
        }
    return made


def _who(route: Route) -> str:
    if not route.roles:
        return "Needs no access token."
    return f"Roles: {', '.join(sorted(route.roles))}."


def _parameters(route: Route) -> list[Json]:
    made: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": _PATH_VALUE}
        for name in _PATH_NAME.findall(route.path)
    ]
    made += _query_parameters(route.query)
    if route.key is not None:
        words = "The same for each try of one intention: a replay answers what the first try made"
        made.append(_header("Idempotency-Key", words, required=route.key))
    made += [_header(name, words, required=True) for name, words in route.headers]
    language = _header("Accept-Language", "`zh-CN` (also if silent) or `en`", required=False)
    return [*made, language]


def _header(name: str, words: str, *, required: bool) -> Json:
    schema = _HEADER_SCHEMAS.get(name, {"type": "string"})
    return {
        "name": name, "in": "header", "required": required, "description": words, "schema": schema,
    }  # fmt: skip


def _query_parameters(query: Any) -> list[Json]:
    whole = msgspec.json.schema(query)
    own = whole["$defs"][whole["$ref"].rpartition("/")[2]]
    made = []
    for name, schema in own["properties"].items():
        plain = _without_null(schema)
        _exclude_nul(plain)
        words = plain.pop("description", None)
        required = name in own["required"]
        parameter = {"name": name, "in": "query", "required": required, "schema": plain}
        made.append({**parameter, "description": words} if words else parameter)
    return made


def _without_null(schema: Json) -> Json:
    """A parameter is left out where a field would be null."""
    kept = {k: v for k, v in schema.items() if not (k == "default" and v is None)}
    if "anyOf" not in kept:
        return kept
    rest = [choice for choice in kept.pop("anyOf") if choice != {"type": "null"}]
    return {**rest[0], **kept} if len(rest) == 1 else {"anyOf": rest, **kept}


def _success(route: Route, schemas: _Schemas) -> Json:
    made: Json = {"description": "Done" if route.answer is None else route.summary}
    if route.key is not None:
        name = "Idempotent-Replayed"
        made["headers"] = {name: {"$ref": f"#/components/headers/{name}"}}
    if route.answer is not None:
        content: Json = {"schema": schemas.of(route.answer)}
        if "answer" in (route.example or {}):
            content["example"] = route.example["answer"]
        made["content"] = {route.produces: content}
    return made


def _failures(route: Route) -> Json:
    by_status: dict[int, list[Kind]] = defaultdict(list)
    for kind in sorted(refusals(route), key=_code):
        by_status[status_of(kind)].append(kind)
    return {
        str(status): _problems(kinds)
        if len(kinds) > 1
        else {"$ref": f"#/components/responses/{kinds[0].code}"}
        for status, kinds in sorted(by_status.items())
    }


def _code(kind: Kind) -> str:
    return kind.code


def _problems(kinds: Sequence[Kind]) -> Json:
    """One status's answer: the problem schema with the codes that it may hold here."""
    status = status_of(kinds[0])
    codes = [kind.code for kind in kinds]
    named = {"code": {"enum": codes}, "status": {"const": status}}
    content = {
        "schema": {"allOf": [{"$ref": _SCHEMAS + "Problem"}], "properties": named},
        "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
    }
    made: Json = {
        "description": "; ".join(f"`{k.code}`: {k.title.en} ({k.title.zh})" for k in kinds),
        "content": {"application/problem+json": content},
    }
    if names := _ERROR_HEADERS.get(status):
        made["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return made


def _example(kind: Kind) -> Json:
    hint = re.sub(r"{\w+}", "…", kind.hint.en)
    return msgspec.to_builtins(  # type: ignore[no-any-return]
        Problem(TYPE_URI + kind.code, kind.title.en, status_of(kind), kind.code, hint, "…", [])
    )
