"""A bucket in memory, with S3's conditions: what the index of goods is published to in tests."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib.catalog.queries import index, tree
from chalicelib.catalog.tables import published


class Bucket:
    """Objects by key. `is_away` fails every call; `reads` counts what was not a 304."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.is_away = False
        self.reads: list[str] = []
        self.before_put: list[Any] = []

    def get_object(self, **asked: Any) -> Any:
        self._check()
        body = self.objects.get(asked["Key"])
        if body is None:
            raise _refusal("NoSuchKey", "GetObject")
        if asked.get("IfNoneMatch") == _tag(body):
            raise _refusal("304", "GetObject")
        self.reads.append(asked["Key"])
        return {"Body": BytesIO(body), "ETag": _tag(body)}

    def put_object(self, **asked: Any) -> Any:
        self._check()
        key, body = asked["Key"], asked["Body"]
        if self.before_put and key == published.CURRENT:
            self.before_put.pop()()
        there, wanted = self.objects.get(key), asked.get("IfMatch")
        stale = wanted is not None and (there is None or _tag(there) != wanted)
        if stale or (asked.get("IfNoneMatch") == "*" and there is not None):
            raise _refusal("PreconditionFailed", "PutObject")
        self.objects[key] = body
        return {"ETag": _tag(body)}

    def list_objects_v2(self, **asked: Any) -> Any:
        self._check()
        found = [{"Key": key} for key in self.objects if key.startswith(asked["Prefix"])]
        return {"Contents": found}

    def delete_object(self, **asked: Any) -> None:
        self._check()
        del self.objects[asked["Key"]]

    def _check(self) -> None:
        if self.is_away:
            raise ConnectTimeoutError(endpoint_url="https://s3.example")


def _tag(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest()}"'


def _refusal(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, operation)


def installed(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """A bucket that this process publishes to, and nothing read of another."""
    made = Bucket()
    monkeypatch.setattr(published, "_s3", lambda: made)
    monkeypatch.setattr(published, "_bucket", lambda: "jifen-dev-search")
    index.forget()
    tree.forget()
    return made
