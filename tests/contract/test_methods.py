"""Methods without a route, and the other answers of Chalice itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalice.app import Request, Response
from chalice.deploy.swagger import CFNSwaggerGenerator

from app import app
from chalicelib.kernel.web.gateway import ANY_METHOD, as_deployed
from chalicelib.kernel.web.refusals import in_our_words

MEMBERS = {"type", "title", "status", "code", "detail", "request_id", "errors"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def _event(method: str, path: str, language: str = "en") -> dict[str, Any]:
    return {
        "headers": {"accept-language": language},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
        "requestContext": {
            "httpMethod": method,
            "resourcePath": path,
            "path": path,
            "requestId": "req-1",
            "identity": {"sourceIp": "192.0.2.1"},
        },
    }


@pytest.mark.parametrize("path", list(app.routes))
def test_a_method_without_a_route_is_a_405(path: str) -> None:
    served = set(app.routes[path])
    for method in set(METHODS) - served:
        answer = app(_event(method, path), None)
        body = json.loads(answer["body"])
        assert (answer["statusCode"], body["code"]) == (405, "method_not_allowed")
        assert set(body) == MEMBERS
        assert answer["headers"]["Content-Type"] == "application/problem+json"
        assert set(answer["headers"]["Allow"].split(", ")) == served


@pytest.mark.parametrize("path", [path for path in app.routes if path.startswith("/v1/auth/")])
def test_no_other_site_is_permitted_to_send_a_header_of_ours(path: str) -> None:
    event = _event("OPTIONS", path)
    event["headers"] |= {
        "origin": "https://other.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "jifen-client",
    }
    answer = app(event, None)
    assert answer["statusCode"] == 405
    assert not any(name.lower().startswith("access-control") for name in answer["headers"])


def test_a_405_speaks_the_callers_language_and_carries_the_request_id() -> None:
    answer = app(_event("DELETE", "/v1/health", "zh-CN,zh;q=0.9"), None)
    body = json.loads(answer["body"])
    assert (body["title"], body["request_id"]) == ("不支持该请求方法", "req-1")
    assert app(_event("DELETE", "/v1/health", "en"), None)["headers"]["Content-Language"] == "en"


def test_the_marker_of_any_method_is_a_405_too() -> None:
    answer = app(_event(ANY_METHOD, "/v1/health"), None)
    assert (answer["statusCode"], json.loads(answer["body"])["status"]) == (405, 405)


@pytest.mark.parametrize("path", list(as_deployed(app).routes))
def test_api_gateway_sends_us_every_other_method(path: str) -> None:
    resources = {"api_handler_name": "api", "lambda_functions": {}}
    generator = CFNSwaggerGenerator()
    generator._deployed_resources = resources
    methods = generator.generate_swagger(as_deployed(app))["paths"][path]
    marked = methods[ANY_METHOD.lower()]
    assert ANY_METHOD.lower() == "x-amazon-apigateway-any-method"
    assert marked["x-amazon-apigateway-integration"]["type"] == "aws_proxy"
    assert "security" not in marked


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "invalid_request"), (404, "not_found"), (415, "unsupported_media_type"),
     (500, "internal_error"), (418, "internal_error")],
)  # fmt: skip
def test_chalices_own_answers_become_problems(status: int, code: str) -> None:
    own = Response({"Code": "SomeError", "Message": "in English only"}, status_code=status)
    body = json.loads(in_our_words(Request(_event("GET", "/docs"), None), lambda _: own).body)
    assert (body["code"], set(body)) == (code, MEMBERS)


def test_a_failure_of_chalice_is_a_problem_without_a_trace() -> None:
    def fail(_: Any) -> Response:
        raise KeyError("a secret")

    for event in (Request(_event("GET", "/docs"), None), None):
        answer = in_our_words(event, fail)
        assert (answer.status_code, json.loads(answer.body)["code"]) == (500, "internal_error")
        assert "secret" not in answer.body


def test_an_event_without_a_route_is_a_problem() -> None:
    event = _event("GET", "/v1/health")
    del event["requestContext"]["resourcePath"]
    assert json.loads(app(event, None)["body"])["code"] == "internal_error"


def test_answers_of_our_own_views_pass_unchanged() -> None:
    mine = Response("text", status_code=200)
    assert in_our_words(None, lambda _: mine) is mine
