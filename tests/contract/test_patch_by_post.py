"""A POST that says that it is a PATCH, as WeChat's network needs it.

The requests go through the local gateway's worker, which does API Gateway's part.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from app import app
from chalicelib.kernel.web import auth
from chalicelib.kernel.web.http import ROUTES, Route
from chalicelib.kernel.web.openapi import document
from infra.local.authorizing import Refused
from infra.local.wire import HttpRequest
from infra.local.worker import Worker
from tests.api import Api, new_key, token
from tests.world import ADDRESS, World

OVERRIDE = "X-HTTP-Method-Override"
PATCHES = [route for route in ROUTES if route.method == "PATCH"]


@pytest.fixture(scope="module")
def worker() -> Worker:
    return Worker(app, lambda: 0)


def posted(
    worker: Worker, path: str, body: Any, as_: str | None, meant: str | None = "PATCH", **more: str
) -> tuple[int, Any, dict[str, str]]:
    """Raises Refused when API Gateway answers by itself."""
    sent = {"content-type": "application/json", "accept-language": "en", **more}
    if meant is not None:
        sent[OVERRIDE.lower()] = meant
    if as_ is not None:
        sent["authorization"] = f"Bearer {as_}"
    headers = [(name.encode(), value.encode()) for name, value in sent.items()]
    content = json.dumps(body).encode()
    request = HttpRequest("POST", path.encode(), b"", headers, content, "192.0.2.1", "req-1", 0, 29)
    answer = worker._call_api(request)
    return answer["statusCode"], json.loads(answer["body"]), answer["headers"]


def name_of(route: Route) -> str:
    return route.path


@pytest.fixture
def member(world: World) -> str:
    return token(world.member())


def test_a_post_changes_a_profile_as_a_patch_does(api: Api, worker: Worker, member: str) -> None:
    status, me, _ = posted(worker, "/v1/me", {"nickname": "小满"}, member)
    assert (status, me["nickname"]) == (200, "小满")
    assert api.get("/v1/me", as_=member).body == me


def test_a_post_changes_an_address_but_not_another_members(
    api: Api, worker: Worker, member: str, world: World
) -> None:
    made = api.post("/v1/me/addresses", ADDRESS, as_=member, key=new_key()).body
    path = f"/v1/me/addresses/{made['id']}"
    status, changed, _ = posted(worker, path, {"street": "人民路 2 号"}, member)
    assert (status, changed) == (200, {**made, "street": "人民路 2 号"})
    status, problem, _ = posted(worker, path, {"street": "x"}, token(world.member()))
    assert (status, problem["code"]) == (404, "not_found")
    assert api.get(path, as_=member).body == changed


def test_a_post_changes_goods_with_the_key_and_version_of_the_patch(
    api: Api, worker: Worker, world: World
) -> None:
    product = world.product()
    path, change = f"/v1/admin/products/{product['id']}", {"status": "off_sale"}
    as_patch = {"if-match": str(product["version"]), "idempotency-key": new_key()}
    status, changed, _ = posted(worker, path, change, world.ops, **as_patch)
    assert (status, changed["status"], changed["version"]) == (200, "off_sale", 2)
    stale = {"if-match": "1", "idempotency-key": new_key()}
    status, problem, _ = posted(worker, path, {"status": "on_sale"}, world.ops, **stale)
    assert (status, problem["code"]) == (412, "stale_version")
    assert api.get(path, as_=world.ops).body == changed


@pytest.mark.parametrize("route", PATCHES, ids=name_of)
def test_it_has_the_callers_of_the_patch(route: Route, worker: Worker) -> None:
    path = route.path.replace("{id}", "x")
    with pytest.raises(Refused, match="UNAUTHORIZED"):
        posted(worker, path, {}, None)
    with pytest.raises(Refused, match="UNAUTHORIZED"):
        posted(worker, path, {}, "not.a.token")
    for role in {auth.MEMBER, *auth.STAFF_ROLES} - route.roles:
        status, problem, _ = posted(worker, path, {}, token("mbr_x", role))
        assert (status, problem["code"]) == (403, "forbidden")


@pytest.mark.parametrize("path", ["/v1/me/addresses", "/v1/orders", "/v1/me/check-nothing"])
def test_where_no_patch_exists_it_is_not_taken_for_a_post(
    worker: Worker, member: str, api: Api, path: str
) -> None:
    status, problem, headers = posted(
        worker, path, ADDRESS, member, **{"idempotency-key": new_key()}
    )
    known = path in app.routes
    assert (status, problem["code"]) == (
        (405, "method_not_allowed") if known else (404, "not_found")
    )
    assert known is ("POST" in headers.get("Allow", ""))
    assert api.get("/v1/me/addresses", as_=member).body["data"] == []


@pytest.mark.parametrize("meant", ["DELETE", "PUT", "GET", "POST", "PATCHES", ""])
def test_another_method_in_the_header_is_refused(
    worker: Worker, member: str, api: Api, meant: str
) -> None:
    key = {"idempotency-key": new_key()}
    status, problem, _ = posted(worker, "/v1/me/addresses", ADDRESS, member, meant, **key)
    assert (status, problem["code"]) == (400, "invalid_request")
    assert [each["field"] for each in problem["errors"]] == [OVERRIDE]
    assert api.get("/v1/me/addresses", as_=member).body["data"] == []


def test_without_the_header_a_post_where_a_patch_exists_is_a_405(
    worker: Worker, member: str
) -> None:
    status, problem, headers = posted(worker, "/v1/me", {"nickname": "x"}, member, None)
    assert (status, problem["code"]) == (405, "method_not_allowed")
    assert headers["Allow"] == "GET, PATCH, DELETE"


def test_the_document_tells_it_of_each_patch() -> None:
    for language in ("en", "zh-CN"):
        paths = document(ROUTES, language)["paths"]
        for path, operations in paths.items():
            for method, operation in operations.items():
                told = f"`{OVERRIDE}: PATCH`" in operation["description"]
                assert told is (method == "patch"), (path, method)
