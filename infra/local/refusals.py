"""API Gateway's own answers, as the GatewayResponse resources of the template word them."""

from collections.abc import Mapping
from typing import Any

from infra.local.template import Template
from infra.local.wire import HttpAnswer

# API Gateway's own answers, with their default statuses.
STATUSES = {
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "UNAUTHORIZED": 401,
    "ACCESS_DENIED": 403,
    "REQUEST_TOO_LARGE": 413,
    "INTEGRATION_TIMEOUT": 504,
    "INTEGRATION_FAILURE": 504,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "DEFAULT_4XX": 400,
    "DEFAULT_5XX": 500,
}
_JSON = "application/json"
_HEADER = "gatewayresponse.header."


class Refusals:
    """Renders one of API Gateway's own answers for a request."""

    def __init__(self, template: Template) -> None:
        """Read the template's GatewayResponse resources."""
        self._written = {
            str(response["ResponseType"]): response
            for response in template.of_type("AWS::ApiGateway::GatewayResponse").values()
        }

    def answer(self, kind: str, request_id: str, write_units: int = 0) -> HttpAnswer:
        """Give the answer of a kind; the kind's own status counts where a default is used."""
        native = STATUSES[kind]
        fallback = "DEFAULT_4XX" if native < 500 else "DEFAULT_5XX"
        written: Mapping[str, Any] = self._written.get(kind) or self._written.get(fallback, {})
        status = int(written.get("StatusCode", native))
        template = written.get("ResponseTemplates", {}).get(_JSON, '{"message":null}')
        body = template.replace("$context.requestId", request_id)
        body = body.replace("$context.error.responseType", kind)
        headers = {b"content-type": _JSON.encode()}
        for name, value in written.get("ResponseParameters", {}).items():
            # A static value stands in single quotes there.
            header = name.removeprefix(_HEADER).lower().encode()
            headers[header] = str(value).strip("'").encode()
        return HttpAnswer(status, list(headers.items()), body.encode(), write_units)
