"""A function's policy, evaluated like IAM against the calls of the function."""

from __future__ import annotations

import contextlib
import fnmatch
import re
from collections.abc import Iterator
from typing import Any

import botocore.client
import pytest

from tests.infra.templates import Packaged, as_list

_TABLE = re.compile(r"jifen-[a-z]+-(\w+)$")
_IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
# Of jifen-STAGE-NAME-ACCOUNT.
_BUCKETS = {"settlements": "SettlementsBucket", "parked": "ParkedRecordsBucket"}
_S3_ACTIONS = {"HeadObject": "s3:GetObject", "ListObjectsV2": "s3:ListBucket"}


class NotAllowed(Exception):
    """A call that the function's policy does not allow."""


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
    elif operation == "BatchGetItem":
        for name in sent["RequestItems"]:
            yield "dynamodb:BatchGetItem", _table(name)
    else:
        index = f"/index/{sent['IndexName']}" if "IndexName" in sent else ""
        yield f"dynamodb:{operation}", _table(sent["TableName"]) + index


def _table(name: str) -> str:
    found = _TABLE.search(name)
    assert found, name
    return f"{found[1].capitalize()}Table.Arn"


class Guard:
    """Refuses calls that the policy of the acting function does not allow."""

    def __init__(self, packaged: Packaged, monkeypatch: pytest.MonkeyPatch) -> None:
        self._packaged = packaged
        self._acting: list[dict[str, Any]] | None = None
        self.seen: set[tuple[str, str]] = set()
        call = botocore.client.BaseClient._make_api_call

        def checked(client: Any, operation: str, sent: dict[str, Any]) -> Any:
            if self._acting is not None:
                self._check(operation, sent)
            return call(client, operation, sent)

        monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", checked)

    def _check(self, operation: str, sent: dict[str, Any]) -> None:
        for action, resource in needs(operation, sent):
            self.seen.add((action, resource))
            if not allows(self._acting or [], action, resource):
                raise NotAllowed(f"{action} on {resource}")

    @contextlib.contextmanager
    def acting_as(self, function: str) -> Iterator[None]:
        """Check the calls inside against the policy of a function, by its logical id."""
        self._acting = self._packaged.statements(function)
        try:
            yield
        finally:
            self._acting = None
