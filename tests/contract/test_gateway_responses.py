"""API Gateway's own answers are problem+json too."""

from __future__ import annotations

import json

import pytest

from infra.docs.errors import error_kinds
from infra.local.template import load

MEMBERS = {"type", "title", "status", "code", "detail", "request_id", "errors"}
EXPECTED = {
    "MISSING_AUTHENTICATION_TOKEN": (404, "not_found"),  # an unknown path
    "RESOURCE_NOT_FOUND": (404, "not_found"),
    "UNAUTHORIZED": (401, "unauthenticated"),
    "ACCESS_DENIED": (403, "forbidden"),
    "WAF_FILTERED": (403, "forbidden"),
    "REQUEST_TOO_LARGE": (413, "payload_too_large"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "unsupported_media_type"),
    "THROTTLED": (429, "too_many_requests"),
    "QUOTA_EXCEEDED": (429, "too_many_requests"),
    "INTEGRATION_FAILURE": (503, "unavailable"),
    "INTEGRATION_TIMEOUT": (503, "unavailable"),
    "AUTHORIZER_FAILURE": (503, "unavailable"),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, "internal_error"),
    "DEFAULT_4XX": (400, "invalid_request"),
    "DEFAULT_5XX": (500, "internal_error"),
}


@pytest.fixture(scope="module")
def written() -> dict[str, dict[str, object]]:
    found = load().of_type("AWS::ApiGateway::GatewayResponse").values()
    return {str(one["ResponseType"]): dict(one) for one in found}


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_gateway_response_is_a_problem_with_a_code_of_ours(
    kind: str, written: dict[str, dict]
) -> None:
    status, code = EXPECTED[kind]
    answer = written[kind]
    body = json.loads(answer["ResponseTemplates"]["application/json"])
    assert set(body) == MEMBERS
    assert (int(answer["StatusCode"]), body["status"], body["code"]) == (status, status, code)
    assert body["type"] == f"urn:jifen:error:{code}"
    assert body["request_id"] == "$context.requestId"
    title = next(known.title for known in error_kinds() if known.code == code)
    assert body["title"] == f"{title.zh} / {title.en}"
    headers = answer["ResponseParameters"]
    assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"


@pytest.mark.parametrize("kind", [kind for kind, (status, _) in EXPECTED.items() if status == 401])
def test_a_401_tells_how_to_authenticate(kind: str, written: dict[str, dict]) -> None:
    headers = written[kind]["ResponseParameters"]
    assert headers["gatewayresponse.header.WWW-Authenticate"] == "'Bearer realm=\"jifen\"'"


@pytest.mark.parametrize(
    "kind", [kind for kind, (status, _) in EXPECTED.items() if status in {429, 503}]
)
def test_a_429_or_503_of_the_gateway_has_a_retry_after(kind: str, written: dict[str, dict]) -> None:
    headers = written[kind]["ResponseParameters"]
    assert headers["gatewayresponse.header.Retry-After"].strip("'").isdigit()
