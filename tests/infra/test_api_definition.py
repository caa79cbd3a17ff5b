"""The API's definition in the packaged template: API Gateway's part of a request."""

from __future__ import annotations

import json

from chalicelib.kernel.web.gateway import ANY_METHOD, AREAS, resource_of
from chalicelib.kernel.web.http import ROUTES
from tests.infra.templates import Packaged


def test_only_routes_with_roles_call_the_authorizer(dev: Packaged) -> None:
    paths = dev.api["paths"]
    for route in ROUTES:
        methods = paths[resource_of(route.path)]
        operation = methods.get(route.method.lower()) or methods[ANY_METHOD.lower()]
        assert operation.get("security", []) == ([{"authorize": []}] if route.roles else [])
    (authorizer,) = dev.api["securityDefinitions"].values()
    settings = authorizer["x-amazon-apigateway-authorizer"]
    assert "${Authorize.Arn}" in settings["authorizerUri"]["Fn::Sub"]
    # An answer that is kept would outlive the token that it was given for.
    assert settings["authorizerResultTtlInSeconds"] == 0


def test_every_path_answers_every_method(dev: Packaged) -> None:
    assert set(dev.api["paths"]) == {resource_of(route.path) for route in ROUTES}
    for operations in dev.api["paths"].values():
        assert "security" not in operations[ANY_METHOD.lower()]


def test_only_guarded_areas_have_greedy_resources(dev: Packaged) -> None:
    greedy = {path for path in dev.api["paths"] if path.endswith("+}")}
    assert greedy == {f"{area}/{{proxy+}}" for area in AREAS}
    for path in greedy:
        used = {route.method.lower() for route in ROUTES if resource_of(route.path) == path}
        guarded = {name for name, each in dev.api["paths"][path].items() if each.get("security")}
        assert guarded == used


def test_resources_of_many_routes_have_throttles_of_their_own(dev: Packaged) -> None:
    settings = dev.resources["RestAPI"]["Properties"]["MethodSettings"]
    (default,) = [each for each in settings if each["ResourcePath"] == "/*"]
    own = {(each["ResourcePath"], each["HttpMethod"]): each for each in settings}
    shared = {
        ("/" + path.replace("/", "~1"), method.upper())
        for path, operations in dev.api["paths"].items()
        for method, operation in operations.items()
        if path.endswith("+}") and operation.get("security")
    }
    assert set(own) - {("/*", "*")} == shared
    for place in shared:
        assert own[place].keys() == default.keys()
        assert own[place]["ThrottlingRateLimit"] > default["ThrottlingRateLimit"]


def test_path_parameters_at_one_position_have_one_name(dev: Packaged) -> None:
    # API Gateway refuses a sibling variable of another name.
    names: dict[str, set[str]] = {}
    for path in dev.api["paths"]:
        before = ""
        for part in path.split("/"):
            if part.startswith("{"):
                names.setdefault(before, set()).add(part)
            before += f"/{part}"
    assert [(at, found) for at, found in names.items() if len(found) > 1] == []


def test_the_template_has_the_problems_that_api_gateway_answers_by_itself(dev: Packaged) -> None:
    assert dev.of_type("AWS::ApiGateway::GatewayResponse") == {}
    answers = dev.api["x-amazon-apigateway-gateway-responses"]
    statuses = {
        "MISSING_AUTHENTICATION_TOKEN": 404,
        "UNAUTHORIZED": 401,
        "ACCESS_DENIED": 403,
        "REQUEST_TOO_LARGE": 413,
        "UNSUPPORTED_MEDIA_TYPE": 415,
        "THROTTLED": 429,
        "INTEGRATION_FAILURE": 503,
        "INTEGRATION_TIMEOUT": 503,
        "AUTHORIZER_FAILURE": 503,
        "DEFAULT_4XX": 400,
        "DEFAULT_5XX": 500,
    }
    assert statuses.items() <= {kind: int(a["statusCode"]) for kind, a in answers.items()}.items()
    for answer in answers.values():
        body = json.loads(answer["responseTemplates"]["application/json"])
        assert body["type"] == f"urn:jifen:error:{body['code']}"
        assert (str(body["status"]), body["errors"]) == (answer["statusCode"], [])
        headers = answer["responseParameters"]
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
