"""Generators of clients need exact names, defaults and types."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from chalice.app import Blueprint

import app  # noqa: F401 - its contexts' routes are known
from chalicelib.earning.routes.signed import HEADERS
from chalicelib.kernel.web import auth, http
from chalicelib.kernel.web.http import ROUTES, Reply, Route, route
from chalicelib.kernel.web.openapi import document, operation_id
from chalicelib.kernel.web.openapi_groups import GROUPS, tag_of
from chalicelib.kernel.web.openapi_schemas import Ambiguous, each

SIGNED = {"partner": "Jifen-Key", "signature": "Jifen-Signature", "stripe": "Stripe-Signature"}


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return document(ROUTES)


def _inside(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _inside(inner)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def test_no_field_of_a_body_has_a_default(whole: dict[str, Any]) -> None:
    # openapi-typescript takes such a field for one that is always there.
    bodies = [whole["components"]["schemas"]]
    for methods in whole["paths"].values():
        bodies += [operation.get("requestBody", {}) for operation in methods.values()]
    assert [one for one in _inside(bodies) if "default" in one and "example" not in one] == []
    parameters = [p for m in whole["paths"].values() for o in m.values() for p in o["parameters"]]
    assert all(p.get("required") is not True for p in parameters if "default" in str(p))


def _structs(bodies: Iterator[Any]) -> dict[str, Any]:
    """The structs of these bodies by name, at any depth."""
    found: dict[str, Any] = {}
    waiting = list(
        msgspec.inspect.multi_type_info([kind for body in bodies for kind in each(body)])
    )
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, msgspec.inspect.StructType):
            found[getattr(one.cls, "__origin__", one.cls).__name__] = one
        below = [getattr(one, name, ()) for name in ("fields", "types", "item_types")]
        waiting += [inner for some in below for inner in some]
        waiting += [
            inner
            for name in ("type", "item_type", "key_type", "value_type")
            if isinstance(inner := getattr(one, name, None), msgspec.inspect.Type)
        ]
    return found


def test_optional_fields_of_a_request_are_not_required(whole: dict[str, Any]) -> None:
    schemas = whole["components"]["schemas"]
    structs = _structs(route.body for route in ROUTES)
    assert {"OrderIn", "ItemIn", "Price", "Limits", "OrderPaid"} <= set(structs)
    for name, struct in structs.items():
        schema = schemas.get(f"{name}In", schemas.get(name))
        needed = {f.encode_name for f in struct.fields if f.required} | {struct.tag_field} - {None}
        assert set(schema["required"]) == needed, name
    assert schemas["OrderIn"]["required"] == ["items"]


def test_fields_that_an_answer_always_has_are_required(whole: dict[str, Any]) -> None:
    schemas = whole["components"]["schemas"]
    structs = _structs(route.answer for route in ROUTES)
    assert {"OrderView", "Price", "NoticeData"} <= set(structs)
    sent = _structs(route.body for route in ROUTES)
    for name, struct in structs.items():
        kind = getattr(struct.cls, "__origin__", struct.cls)
        if kind.__struct_config__.omit_defaults or name == "Page":
            continue
        fields = {field.encode_name for field in struct.fields}
        assert set(schemas[name]["required"]) - {struct.tag_field} == fields, name
    # As sent and as given they differ, and each has its own name.
    assert {name for name in schemas if name.removesuffix("In") in set(sent) & set(structs)} >= {
        "Price",
        "PriceIn",
        "Limits",
        "LimitsIn",
    }
    assert schemas["PriceIn"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["Price"]
    assert schemas["NoticeData"]["required"] == []
    assert schemas["NoticeData"]["properties"]["order_id"] == {"type": "string"}


def test_every_component_has_a_plain_name_of_its_own(whole: dict[str, Any]) -> None:
    names = list(whole["components"]["schemas"])
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z0-9]+", name)] == []
    assert [name for name, n in Counter(map(_snake, names)).items() if n > 1] == []
    assert all(whole["components"]["schemas"][name]["title"] == name for name in names)
    assert {"OrderViewPage", "ReconciliationView", "DayTotalsView"} <= set(names)


def test_no_component_has_a_field_of_its_own_name(whole: dict[str, Any]) -> None:
    # openapi-python-client calls the object that it makes by that name too.
    assert [
        name
        for name, schema in whole["components"]["schemas"].items()
        if _snake(name) in schema.get("properties", {})
    ] == []


def _routes(monkeypatch: pytest.MonkeyPatch, *answers: Any, **said: Any) -> list[Route]:
    made: list[Route] = []
    monkeypatch.setattr(http, "ROUTES", made)
    for number, answer in enumerate(answers):

        def view(_call: Any) -> Reply:
            return Reply()

        view.__name__ = said.get("name", f"view_{number}")
        path = f"{said.get('path', '/v1/orders')}/{number}"
        route(Blueprint(__name__), "GET", path, summary="x", answer=answer)(view)
    return made


def _day(name: str, module: str, **fields: Any) -> Any:
    return msgspec.defstruct(name, list(fields.items()), module=module)


def test_two_types_of_one_name_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    types = _day("DayView", "ledger", a=int), _day("DayView", "finance", b=int)
    with pytest.raises(Ambiguous, match="DayView"):
        document(_routes(monkeypatch, *types))
    assert "DayView" in document(_routes(monkeypatch, types[0]))["components"]["schemas"]


def test_two_views_of_one_name_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Ambiguous, match="show_member"):
        document(_routes(monkeypatch, str, str, name="show_member"))


def test_a_path_without_a_group_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LookupError, match="/v1/nothing/0 is in no group"):
        document(_routes(monkeypatch, str, path="/v1/nothing"))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_each_operation_names_its_security_scheme(route: Route, whole: dict[str, Any]) -> None:
    schemes = whole["components"]["securitySchemes"]
    assert schemes["bearer"] | {"description": ""} == {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "",
    }
    for name, header in SIGNED.items():
        assert schemes[name] | {"description": ""} == {
            "type": "apiKey",
            "in": "header",
            "name": header,
            "description": "",
        }
    wanted: list[dict[str, Any]] = [{"bearer": []}] if route.roles else []
    if set(HEADERS) <= set(route.headers):
        wanted = [{"partner": [], "signature": []}]
    if route.path == "/v1/webhooks/stripe":
        wanted = [{"stripe": []}]
    operation = whole["paths"][route.path][route.method.lower()]
    assert operation["security"] == wanted
    is_signed = route.path.startswith(("/v1/events", "/v1/partner/", "/v1/webhooks/"))
    assert is_signed == bool(wanted and not route.roles)


def test_operation_ids_are_identifiers(whole: dict[str, Any]) -> None:
    assert re.fullmatch(r"[A-Za-z]+", whole["info"]["title"])
    names = [operation_id(route) for route in ROUTES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)
    assert {"place_order", "show_order", "list_products", "receive_events"} <= set(names)
    assert auth.MEMBER in whole["paths"]["/v1/me"]["get"]["x-roles"]


def test_groups_begin_with_the_members_and_hold_every_tag_once(whole: dict[str, Any]) -> None:
    tags = [tag["name"] for tag in whole["tags"]]
    grouped = [tag for group in whole["x-tagGroups"] for tag in group["tags"]]
    assert tags == grouped
    assert len(set(tags)) == len(tags)
    assert set(tags) == {tag_of(route.path) for route in ROUTES}
    assert tags[:4] == ["sign-in", "profile", "tiers", "points"]
    assert tags.index("audit") > tags.index("checkout")
    order = [tag_of(path) for path in whole["paths"]]
    assert order == sorted(order, key=tags.index)
    given = {path for group in GROUPS for part in group.parts for path in part.paths}
    assert all(any(path.startswith(at) for path in whole["paths"]) for at in given)
