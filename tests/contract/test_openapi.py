"""The OpenAPI document agrees with the code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from app import app
from chalicelib import VERSION
from chalicelib.kernel.web.http import ROUTES, Route
from chalicelib.kernel.web.openapi import document, refusals
from tests.api import Api

PUBLIC = {
    "POST /v1/partner/coupons/{code}/reserve",
    "POST /v1/partner/coupons/{code}/redeem",
    "POST /v1/partner/coupons/{code}/release",
    "GET /v1/health",
    "GET /v1/program",
    "GET /v1/clock",
    "GET /v1/divisions",
    "GET /v1/lotteries/{id}/proof",
    "GET /v1/payment-methods",
    "GET /v1/policies",
    "GET /v1/policies/{kind}/{version}",
    "GET /openapi.json",
    "GET /docs",
    "GET /docs/{script}",
    "POST /v1/auth/otp",
    "GET /v1/auth/{provider}/authorization",
    "POST /v1/auth/sessions",
    "POST /v1/auth/sessions/refresh",
    "POST /v1/events",
    "POST /v1/webhooks/stripe",
    "POST /v1/partner/holds",
    "POST /v1/partner/holds/{id}/capture",
    "POST /v1/partner/holds/{id}/release",
    "GET /v1/partner/holds/{id}",
    "GET /v1/partner/members",
    "PUT /v1/partner/members",
    "GET /v1/tiers",
    "GET /v1/brands",
    "GET /v1/categories",
    "GET /v1/places",
    "POST /v1/places/counts",
    "GET /v1/products/{id}/slots",
    "GET /v1/stores",
    "GET /v1/stores/{id}",
    "POST /v1/partner/parcels/{tracking_number}",
    "GET /v1/products/{id}/reviews",
    "GET /v1/products",
    "GET /v1/products/looks",
    "GET /v1/products/{id}",
    "GET /v1/products/{id}/similar",
    "GET /v1/earning-rules",
}
SAFE = {"GET"}


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


every_route = pytest.mark.parametrize("route", ROUTES, ids=name_of)


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(msgspec.json.encode(document(ROUTES)))
    return made


def _operations(whole: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _parameters(operation: dict[str, Any], whole: dict[str, Any]) -> list[dict[str, Any]]:
    shared = whole["components"]["parameters"]
    return [
        shared[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in operation["parameters"]
    ]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_the_document_is_valid_openapi(whole: dict[str, Any]) -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(whole)


def test_every_reference_leads_somewhere(whole: dict[str, Any]) -> None:
    for reference in set(_references(whole)):
        at: Any = whole
        for name in reference.removeprefix("#/").split("/"):
            at = at[name]


def test_the_document_lists_every_route_of_chalice(whole: dict[str, Any]) -> None:
    served = {
        f"{method} {path}"
        for path, methods in app.routes.items()
        for method in methods
        if not method.startswith("X-")
    }
    assert {name for name, _ in _operations(whole)} == served


def test_the_document_is_public_and_has_the_version() -> None:
    answer = Api().get("/openapi.json")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert (answer.body["openapi"], answer.body["info"]["version"]) == ("3.1.0", VERSION)


@every_route
def test_every_route_without_roles_is_known_to_be_public(route: Route) -> None:
    assert bool(route.roles) != (name_of(route) in PUBLIC)


def _kinds(one_or_several: Any) -> tuple[Any, ...]:
    return one_or_several if isinstance(one_or_several, tuple) else (one_or_several,)


def _is_one_of(value: Any, kinds: Any) -> bool:
    """Whether a value is, strictly, of one of these types."""
    content = msgspec.json.encode(value)
    for kind in _kinds(kinds):
        try:
            msgspec.json.decode(content, type=kind)
        except msgspec.ValidationError:
            continue
        return True
    return False


@every_route
def test_every_example_fits_its_type(route: Route) -> None:
    example = route.example or {}
    if route.body is not None:
        assert _is_one_of(example["request"], route.body)
    if route.answer is not None:
        assert _is_one_of(example["answer"], route.answer)
    else:
        assert route.status == 204


@every_route
def test_roles_and_keys_are_in_the_document(route: Route, whole: dict[str, Any]) -> None:
    operation = whole["paths"][route.path][route.method.lower()]
    assert operation["x-roles"] == sorted(route.roles)
    headers = {
        p["name"]: p["required"] for p in _parameters(operation, whole) if p["in"] == "header"
    }
    assert headers.get("Idempotency-Key") == route.key
    schemes = whole["components"]["securitySchemes"]
    (needed,) = operation["security"] or [{}]
    signed = {schemes[name]["name"] for name in needed if name != "bearer"}
    assert ("bearer" in needed) == bool(route.roles)
    # Each is described once: the caller by a security scheme, all else by a parameter.
    assert signed | {name for name in headers if headers[name]} == {
        *(name for name, _ in route.headers),
        *(["Idempotency-Key"] if route.key else []),
    }
    assert not signed & set(headers)


def test_sessions_tell_how_browsers_keep_them(whole: dict[str, Any]) -> None:
    told = {}
    for name, operation in _operations(whole):
        taken = {p["name"]: p for p in _parameters(operation, whole)}
        if "Jifen-Client" not in taken:
            continue
        told[name] = "jifen_refresh" in taken
        assert taken["Jifen-Client"]["schema"] == {"type": "string", "enum": ["web"]}
        assert not any(p["required"] for p in taken.values())
        success = operation["responses"][min(operation["responses"])]
        assert "Set-Cookie" in success["headers"]
    assert told == {
        "POST /v1/auth/sessions": False,
        "POST /v1/auth/sessions/refresh": True,
        "DELETE /v1/auth/sessions/current": False,
        "DELETE /v1/auth/sessions": False,
    }
    refresh = whole["paths"]["/v1/auth/sessions/refresh"]["post"]
    assert refresh["requestBody"]["required"] is False
    schemas = whole["components"]["schemas"]
    for name in ("RefreshedView", "LoginView"):
        optional = set(schemas[name]["properties"]) - set(schemas[name]["required"])
        told = {"erasure_cancelled", "referral"} if name == "LoginView" else set()
        assert optional == {"refresh_token"} | told
        assert schemas[name]["properties"]["refresh_token"] == {"type": "string"}


@every_route
def test_path_parameters_are_in_the_document(route: Route, whole: dict[str, Any]) -> None:
    operation = whole["paths"][route.path][route.method.lower()]
    named = [p["name"] for p in _parameters(operation, whole) if p["in"] == "path"]
    assert named == re.findall(r"{(\w+)}", route.path)


@every_route
def test_each_refusal_is_listed_under_its_status(route: Route, whole: dict[str, Any]) -> None:
    responses = whole["paths"][route.path][route.method.lower()]["responses"]
    listed: dict[str, int] = {}
    for status, given in responses.items():
        answer = given
        if "$ref" in given:
            answer = whole["components"]["responses"][given["$ref"].rpartition("/")[2]]
        if int(status) >= 400:
            schema = answer["content"]["application/problem+json"]["schema"]
            listed |= dict.fromkeys(schema["properties"]["code"]["enum"], int(status))
    assert set(listed) == {kind.code for kind in refusals(route)}
    assert "moved" not in listed


@every_route
def test_admin_updates_take_if_match(route: Route) -> None:
    if route.method == "PATCH" and route.path.startswith("/v1/admin"):
        assert "If-Match" in dict(route.headers)


def _open_ends(schema: Any, at: str) -> Iterator[str]:
    """The missing limits of a text or an integer."""
    if {"enum", "const", "format"} & set(schema):
        return
    if schema.get("type") == "string" and "maxLength" not in schema:
        yield f"{at}: string"
    if schema.get("type") == "integer":
        yield from (f"{at}: {end}" for end in ("minimum", "maximum") if end not in schema)


def _unlimited(
    schema: Any, whole: dict[str, Any], at: str = "", inside: tuple[str, ...] = ()
) -> Iterator[str]:
    """The places of a request's schema with unlimited text, lists or integers; of a schema inside
    itself, those of the outer one."""
    if "$ref" in schema:
        if schema["$ref"] in inside:
            return
        inside = (*inside, schema["$ref"])
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    yield from _open_ends(schema, at)
    if schema.get("type") == "array":
        if not {"maxItems", "prefixItems"} & set(schema):
            yield f"{at}: array"
        yield from _unlimited(schema.get("items") or {}, whole, f"{at}[]", inside)
    for name, inner in schema.get("properties", {}).items():
        yield from _unlimited(inner, whole, f"{at}.{name}", inside)
    for choice in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        yield from _unlimited(choice, whole, at, inside)


@every_route
def test_every_field_of_a_request_has_a_limit(route: Route, whole: dict[str, Any]) -> None:
    operation = whole["paths"][route.path][route.method.lower()]
    parameters = _parameters(operation, whole)
    schemas = [p["schema"] for p in parameters if p["name"] != "Accept-Language"]
    if "requestBody" in operation:
        schemas.append(operation["requestBody"]["content"]["application/json"]["schema"])
    assert [found for schema in schemas for found in _unlimited(schema, whole)] == []


@every_route
def test_request_objects_refuse_unknown_fields(route: Route, whole: dict[str, Any]) -> None:
    if route.body is None:
        return
    _, components = msgspec.json.schema_components(_kinds(route.body))
    open_ones = [
        name
        for name, schema in components.items()
        if schema.get("type") == "object" and "properties" in schema
        if schema.get("additionalProperties") is not False
    ]
    assert open_ones == []
