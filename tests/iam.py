"""Policies, evaluated as IAM does; the API's is held against every call of the API in a test."""

from __future__ import annotations

import contextlib
import fnmatch
import json
import re
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.client

_TABLE = re.compile(r"jifen-[a-z]+-(\w+)$")
_IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
# Of jifen-STAGE-NAME-ACCOUNT.
_BUCKETS = {
    "settlements": "SettlementsBucket",
    "parked": "ParkedRecordsBucket",
    "search": "SearchBucket",
    "exports": "ExportsBucket",
    "uploads": "UploadsBucket",
    "pictures": "PicturesBucket",
}
_POLICY = Path(__file__).parents[1] / ".chalice/policies/api_handler.json"
_S3_ACTIONS = {"HeadObject": "s3:GetObject", "ListObjectsV2": "s3:ListBucket"}


def resource_of(written: Any) -> str:
    """A resource of a statement as text, such as LedgerTable.Arn/index/history."""
    match written:
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{name}.{attribute}"
        case {"Fn::Sub": text}:
            return re.sub(r"\$\{([^}]+)\}", r"\1", text)
        case {"Ref": name}:
            return str(name)
    return str(written)


def allows(statements: list[dict[str, Any]], action: str, resource: str) -> bool:
    return any(
        action in as_list(statement["Action"])
        and any(
            fnmatch.fnmatchcase(resource, resource_of(each))
            for each in as_list(statement.get("Resource", []))
        )
        for statement in statements
    )


def needs(operation: str, sent: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(action, resource) pairs that IAM asks for a call of DynamoDB or S3."""
    if "Bucket" in sent:
        bucket = f"{_BUCKETS[sent['Bucket'].split('-')[2]]}.Arn"
        action = _S3_ACTIONS.get(operation, f"s3:{operation}")
        yield action, f"{bucket}/{sent['Key']}" if "Key" in sent else bucket
    elif operation == "TransactWriteItems":
        for each in sent["TransactItems"]:
            ((kind, write),) = each.items()
            yield f"dynamodb:{_IN_TRANSACTION[kind]}", _table(write["TableName"])
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        for name in sent["RequestItems"]:
            yield f"dynamodb:{operation}", _table(name)
    else:
        index = f"/index/{sent['IndexName']}" if "IndexName" in sent else ""
        yield f"dynamodb:{operation}", _table(sent["TableName"]) + index


def _table(name: str) -> str:
    found = _TABLE.search(name)
    assert found, name
    return f"{found[1].capitalize()}Table.Arn"


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def _of_the_api() -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = json.loads(_POLICY.read_text("utf-8"))["Statement"]
    return statements


@cache
def _api_may(action: str, resource: str) -> bool:
    return allows(_of_the_api(), action, resource)


class _Acting(threading.local):
    """What the API of this thread has called against its policy; None outside its requests."""

    refused: list[str] | None = None


_acting = _Acting()
_call = botocore.client.BaseClient._make_api_call


def _checked(client: Any, operation: str, sent: dict[str, Any]) -> Any:
    if _acting.refused is not None and client.meta.service_model.service_name == "dynamodb":
        wanted = needs(operation, sent)
        _acting.refused += [f"{each[0]} on {each[1]}" for each in wanted if not _api_may(*each)]
    return _call(client, operation, sent)


botocore.client.BaseClient._make_api_call = _checked


@contextlib.contextmanager
def as_the_api() -> Iterator[None]:
    """A request of the API: a stage would refuse it a call that its policy does not allow.

    Raises AssertionError at the end.
    """
    before, _acting.refused = _acting.refused, []
    try:
        yield
        assert not _acting.refused, f"the API's policy does not allow {_acting.refused}"
    finally:
        _acting.refused = before


@contextlib.contextmanager
def as_the_test() -> Iterator[None]:
    """Calls that a test makes amid a request of the API: no policy is asked."""
    before, _acting.refused = _acting.refused, None
    try:
        yield
    finally:
        _acting.refused = before
