"""The parameters of the OpenAPI document: paths, queries, headers and cookies."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from chalicelib.kernel.web.http import Route
from chalicelib.kernel.web.openapi_schemas import Json, exclude_nul, without_null

_PATH_NAME = re.compile(r"{(\w+)}")
_PATH_VALUE = {"type": "string", "pattern": "^[!-.0-~]+$", "minLength": 1, "maxLength": 128}
_HEADER_SCHEMAS: dict[str, Json] = {
    "Idempotency-Key": {
        "type": "string", "pattern": "^[!-~]+$", "minLength": 8, "maxLength": 128,
        "example": "5f0c7a1e9b2d4c68",
    },
    "If-Match": {
        "type": "string", "pattern": '^("[0-9]{1,15}"|[0-9]{1,15})$', "maxLength": 17,
        "example": "3",
    },
    "Jifen-Device": {
        "type": "string", "pattern": "^[A-Za-z0-9_-]+$", "minLength": 16, "maxLength": 64,
    },
    "Jifen-Client": {"type": "string", "enum": ["web"]},
}  # fmt: skip
# Headers that say who calls: security schemes, and no parameters beside that. All that a route
# takes are needed together.
SCHEMES = {"Jifen-Key": "partner", "Jifen-Signature": "signature", "Stripe-Signature": "stripe"}
LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "`zh-CN` (also if silent) or `en`",
    "schema": {"type": "string"},
}


def parameters(route: Route) -> list[Json]:
    made: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": _PATH_VALUE}
        for name in _PATH_NAME.findall(route.path)
    ]
    made += _query_parameters(route.query)
    if route.key is not None:
        words = "The same for each try of one intention: a replay answers what the first try made"
        made.append(_header("Idempotency-Key", words, required=route.key))
    made += [
        _header(name, words, required=True) for name, words in route.headers if name not in SCHEMES
    ]
    made += [_header(name, words, required=False) for name, words in route.optional_headers]
    made += [_cookie(*route.cookie)] if route.cookie else []
    return [*made, {"$ref": "#/components/parameters/Accept-Language"}]


def _header(name: str, words: str, *, required: bool) -> Json:
    schema = _HEADER_SCHEMAS.get(name, {"type": "string"})
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": words,
        "schema": schema,
    }


def _cookie(name: str, words: str) -> Json:
    schema = {"type": "string", "pattern": "^[A-Za-z0-9._-]+$", "maxLength": 300}
    return {"name": name, "in": "cookie", "required": False, "description": words, "schema": schema}


def _query_parameters(query: Any) -> list[Json]:
    whole = msgspec.json.schema(query)
    own = whole["$defs"][whole["$ref"].rpartition("/")[2]]
    made = []
    for name, schema in own["properties"].items():
        plain = without_null(schema)
        exclude_nul(plain)
        words = plain.pop("description", None)
        required = name in own["required"]
        parameter = {"name": name, "in": "query", "required": required, "schema": plain}
        made.append({**parameter, "description": words} if words else parameter)
    return made
