"""Routes behind one resource of API Gateway behave as if each had its own.

The requests go through the local gateway's worker, which does API Gateway's part.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from app import app
from chalicelib.kernel import clock
from chalicelib.kernel.web import auth, http
from chalicelib.kernel.web.gateway import ANY_METHOD, AREAS, PublicInArea, as_deployed, resource_of
from chalicelib.kernel.web.http import ROUTES, Reply, Route
from chalicelib.kernel.web.requests import Caller
from chalicelib.kernel.web.routing import Router
from infra.local.authorizing import Refused
from infra.local.wire import UNKNOWN_PATH, HttpRequest
from infra.local.worker import Worker

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


every_route = pytest.mark.parametrize("route", ROUTES, ids=name_of)


@pytest.fixture(scope="module")
def worker() -> Worker:
    return Worker(app, lambda: 0)


def called(
    worker: Worker, method: str, path: str, *, role: str | None = None, language: str = "en"
) -> tuple[int, dict[str, str], Any]:
    """Raises Refused when API Gateway answers by itself."""
    headers = [(b"accept-language", language.encode()), (b"content-type", b"application/json")]
    if role is not None:
        caller = Caller("mbr_x", "ses_x", frozenset([role]))
        headers.append((b"authorization", f"Bearer {auth.issue(caller, clock.now())}".encode()))
    request = HttpRequest(method, path.encode(), b"", headers, b"", "192.0.2.1", "req-1", 0, 29)
    answer = worker._call_api(request)
    body = answer["body"]
    said = json.loads(body) if "json" in answer["headers"].get("Content-Type", "") else body
    return answer["statusCode"], answer["headers"], said


def refused(worker: Worker, method: str, path: str, role: str | None = None) -> str:
    with pytest.raises(Refused) as caught:
        called(worker, method, path, role=role)
    return str(caught.value)


def role_in(area: str) -> str:
    return auth.ADMIN if area == "/v1/admin" else auth.MEMBER


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Route, dict[str, str]]]:
    """The reached routes, with path parameters and caller."""
    found: list[tuple[Route, dict[str, str]]] = []

    def serve(made: Route, _event: dict[str, Any], path: dict[str, str]) -> Any:
        found.append((made, path))
        return http._respond(Reply({"reached": name_of(made)}), "application/json")

    monkeypatch.setattr(http, "_serve", serve)
    return found


@every_route
def test_each_route_is_reached_by_its_path(
    route: Route, worker: Worker, reached: list[tuple[Route, dict[str, str]]]
) -> None:
    path = route.path
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    for name in names:
        path = path.replace(f"{{{name}}}", f"a%20{name}")
    called(worker, route.method, path, role=auth.ADMIN)
    called(worker, route.method, path + "/", role=auth.ADMIN)
    assert reached == [(route, {name: f"a {name}" for name in names})] * 2


@pytest.mark.parametrize("area", AREAS)
def test_without_a_token_known_and_unknown_paths_of_an_area_answer_alike(
    worker: Worker, area: str
) -> None:
    known = next(r for r in ROUTES if r.path.startswith(f"{area}/") and r.method == "GET")
    for path in (known.path.replace("{id}", "x"), f"{area}/nothing-of-ours", f"{area}/x/y/z"):
        assert refused(worker, "GET", path) == "UNAUTHORIZED"


@pytest.mark.parametrize("path", [*AREAS, "", "/v1", "/v1/nope", "/v1/products/x/y", "/v2/me/x"])
def test_api_gateway_answers_for_unknown_resources(worker: Worker, path: str) -> None:
    if path not in {route.path for route in ROUTES}:
        assert refused(worker, "GET", path, auth.ADMIN) == UNKNOWN_PATH


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("rest", ["nope", "x/y/z/u/v", "/", "//x", "%2F", "{proxy+}", "%00"])
def test_an_unknown_path_of_an_area_is_a_problem_with_a_token(
    worker: Worker, area: str, rest: str
) -> None:
    status, headers, body = called(worker, "GET", f"{area}/x/{rest}", role=role_in(area))
    assert (status, body["code"], body["request_id"]) == (404, "not_found", "req-1")
    assert headers["Content-Type"] == "application/problem+json"
    _, _, body = called(worker, "GET", f"{area}/x/{rest}", role=role_in(area), language="zh-CN")
    assert body["title"] == "未找到"


def test_a_wrong_method_is_a_405_that_names_the_allowed_ones(worker: Worker) -> None:
    for path, methods in app.routes.items():
        for method in set(METHODS) - set(methods):
            status, headers, body = called(
                worker, method, path.replace("{", "x").replace("}", ""), role=auth.ADMIN
            )
            assert (status, body["code"]) == (405, "method_not_allowed"), (method, path)
            assert set(headers["Allow"].split(", ")) == set(methods)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_a_method_unused_in_an_area_is_a_405_even_without_a_token(
    worker: Worker, method: str
) -> None:
    for path in ("/v1/me", "/v1/me/points", "/v1/orders/ord_1", "/v1/admin/orders"):
        assert called(worker, method, path)[0] == 405
    assert called(worker, method, "/v1/me/nope")[0] == 404


@every_route
def test_each_route_checks_its_own_roles(route: Route, worker: Worker) -> None:
    path = route.path.replace("{", "x").replace("}", "")
    for role in {auth.MEMBER, *auth.STAFF_ROLES} - route.roles if route.roles else ():
        status, _, body = called(worker, route.method, path, role=role)
        assert (status, body["code"]) == (403, "forbidden")


def test_a_route_with_roles_refuses_a_call_without_an_authorizer() -> None:
    event = {
        "headers": {},
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "pathParameters": {"proxy": "points"},
        "body": None,
        "isBase64Encoded": False,
        "requestContext": {
            "httpMethod": "GET",
            "resourcePath": "/v1/me/{proxy+}",
            "path": "/v1/me/points",
            "requestId": "req-1",
            "identity": {"sourceIp": "192.0.2.1"},
        },
    }
    assert app(event, None)["statusCode"] == 401


def test_the_log_names_the_route_and_not_its_resource(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[dict[str, Any]] = []

    class Log:
        def info(self, _message: str, **fields: Any) -> None:
            said.append(fields)

    monkeypatch.setattr(http, "logger", Log)
    called(worker, "GET", "/v1/orders/not%20an%20id", role=auth.MEMBER)
    assert [(each["route"], each["status"]) for each in said] == [("GET /v1/orders/{id}", 404)]


def test_a_public_route_in_an_area_is_refused_by_packaging(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = app.routes["/v1/health"]["GET"]
    monkeypatch.setitem(app.routes, "/v1/me/open", {"GET": entry})
    with pytest.raises(PublicInArea, match="GET /v1/me/open"):
        as_deployed(app)


def test_every_resource_has_the_methods_of_its_routes() -> None:
    for path, methods in as_deployed(app).routes.items():
        behind = [route for route in ROUTES if resource_of(route.path) == path]
        guarded = {route.method for route in behind if route.roles}
        # Where a PATCH may come as a POST, that one needs a caller, too.
        by_post = {"POST"} if "PATCH" in guarded else set()
        assert set(methods) == {ANY_METHOD, *guarded, *by_post}


def test_fixed_parts_win_over_parameters() -> None:
    router = Router(["/a/{x}/c", "/a/b/{y}", "/a/b/c", "/a/{x}"])
    assert router.match("/a/b/c") == ("/a/b/c", {})
    assert router.match("/a/b/d/") == ("/a/b/{y}", {"y": "d"})
    assert router.match("/a/e/c") == ("/a/{x}/c", {"x": "e"})
    assert router.match("/a/") is None
    assert router.match("/a//c") is None
    assert router.match("/a/b/c/d") is None
