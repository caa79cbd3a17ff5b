"""DynamoDB's JSON without a walk over the service's model for each request and answer.

Both walks cost more than all else that a request takes in this process. The operations on items
need none of it: their requests are JSON already but for bytes, and so are their answers.
Source: Amazon DynamoDB Developer Guide, "DynamoDB low-level API".
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from botocore.parsers import JSONParser, ResponseParserFactory

_OPERATIONS = frozenset(
    {
        "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan",
        "TransactGetItems", "TransactWriteItems", "UpdateItem",
    }
)  # fmt: skip
_OUTPUTS = frozenset(f"{name}Output" for name in _OPERATIONS)
_VERSION = "DynamoDB_20120810"


class ItemSerializer:
    """botocore's serializer of a client, but for the operations on items."""

    def __init__(self, own: Any) -> None:
        """Take botocore's own, which serializes all else."""
        self._own = own

    def serialize_to_request(self, parameters: Any, operation_model: Any) -> dict[str, Any]:
        """The request as botocore's own gives it; bytes become base64."""
        if operation_model.name not in _OPERATIONS:
            request: dict[str, Any] = self._own.serialize_to_request(parameters, operation_model)
            return request
        headers = {
            "X-Amz-Target": f"{_VERSION}.{operation_model.name}",
            "Content-Type": "application/x-amz-json-1.0",
        }
        body = msgspec.json.encode(parameters)
        return {
            "url_path": "/",
            "query_string": "",
            "method": "POST",
            "headers": headers,
            "body": body,
        }


class ItemParser(JSONParser):
    """botocore's parser of JSON, but for answers to the operations on items."""

    def parse(self, response: Mapping[str, Any], shape: Any) -> Any:
        """The answer as botocore's own parser gives it, a damaged one among them."""
        parsed = None
        if response["status_code"] == HTTPStatus.OK and shape and shape.name in _OUTPUTS:
            parsed = _decoded(response["body"])
        if parsed is None:
            return super().parse(response, shape)
        _read_bytes(parsed)
        headers = dict(response["headers"].items())
        parsed["ResponseMetadata"] = {
            "RequestId": headers.get("x-amzn-requestid"),
            "HTTPStatusCode": HTTPStatus.OK,
            "HTTPHeaders": headers,
        }
        return parsed


class Parsers(ResponseParserFactory):
    """botocore's parsers, one for a protocol instead of one for an answer."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Any] = {"json": ItemParser()}

    def create_parser(self, protocol_name: str) -> Any:
        """The parser of a protocol by botocore's name."""
        if protocol_name not in self._made:
            self._made[protocol_name] = super().create_parser(protocol_name)
        return self._made[protocol_name]


def _decoded(body: bytes) -> dict[str, Any] | None:
    """The object in a body, or None if it holds none."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        return None


def _read_bytes(part: dict[str, Any]) -> None:
    """Turn the base64 of each binary attribute into bytes, wherever it stands."""
    for name, inner in part.items():
        if isinstance(inner, dict):
            _read_bytes(inner)
        elif isinstance(inner, list):
            if name == "BS":
                part[name] = [b64decode(each) for each in inner]
            else:
                _read_bytes_of(inner)
        elif name == "B":
            part[name] = b64decode(inner)


def _read_bytes_of(parts: list[Any]) -> None:
    for each in parts:
        if isinstance(each, dict):
            _read_bytes(each)
