"""Records the items and messages that the application writes during tests."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from botocore.client import BaseClient

from chalicelib.kernel.store.facts import Fact

# Texts that are part of a shape: they name a kind.
TELLING = ("status", "type", "kind", "unit", "news", "reason", "sms", "contra", "action", "sort")
MOST_SHAPES = 40
STAGE = "jifen-dev-"


class Recorder:
    """A plugin of pytest: one item of each shape that was written, one message of each."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.messages: dict[str, Fact] = {}
        self._call = BaseClient._make_api_call
        self._busy = threading.local()
        self._lock = threading.Lock()

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        recorder, original = self, self._call

        def call(client: Any, operation: str, request: Any) -> Any:
            answer = original(client, operation, request)
            if client.meta.service_model.service_name == "dynamodb":
                for table, image in recorder._written(client, operation, request):
                    recorder.take(table, image)
            return answer

        BaseClient._make_api_call = call
        from chalicelib.finance.actions import rebuilds
        from chalicelib.ledger.actions import reminders

        for module in (rebuilds, reminders):
            module.Fact = SimpleNamespace(of=self._telling(module.Fact.of))  # type: ignore[misc]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        BaseClient._make_api_call = self._call  # type: ignore[method-assign]

    def _telling(self, make: Callable[..., Fact]) -> Callable[..., Fact]:
        def made(*args: Any, **kwargs: Any) -> Fact:
            fact = make(*args, **kwargs)
            self.tell(fact)
            return fact

        return made

    def _written(
        self, client: Any, operation: str, request: dict[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        """The items that a call has put, and those that it has changed, as they are now."""
        for act in _acts_of(operation, request):
            for how, what in act.items():
                if how == "Put":
                    yield what["TableName"], what["Item"]
                elif how == "Update":
                    where = {"TableName": what["TableName"], "Key": what["Key"]}
                    found = self._call(client, "GetItem", {**where, "ConsistentRead": True})
                    if "Item" in found:
                        yield what["TableName"], found["Item"]

    def take(self, table: str, image: dict[str, Any]) -> None:
        if table.startswith(STAGE):
            plain = as_json(image)
            with self._lock:
                shape = shape_of_item(plain)
                self.items.setdefault((table.removeprefix(STAGE), shape), plain)

    def tell(self, fact: Fact) -> None:
        with self._lock:
            self.messages.setdefault(f"{fact.type} {_shape(msgspec.to_builtins(fact.data))}", fact)


def as_json(image: Any) -> Any:
    """An item with base64 for bytes, as a stream's record has it."""
    if isinstance(image, dict):
        return {name: as_json(value) for name, value in image.items()}
    if isinstance(image, (bytes, bytearray)):
        return b64encode(image).decode()
    return image


def shape_of_item(image: dict[str, Any]) -> str:
    """Names and types of an item's attributes, deep into those that are JSON; kinds by name."""
    parts = [_prefix(image["pk"]["S"]), _prefix(image["sk"]["S"])]
    for name, value in sorted(image.items()):
        if name not in ("pk", "sk"):
            (kind, content), *_ = value.items()
            parts.append(f"{name}:{kind}{_deeper(name, kind, content)}")
    return " ".join(parts)


def _prefix(key: str) -> str:
    return key.split("#", maxsplit=1)[0] if "#" in key else key[:4]


def _deeper(name: str, kind: str, content: Any) -> str:
    if kind == "S" and name in TELLING and len(content) <= 24 and "#" not in content:
        return "=" + content
    if kind == "S" and content[:1] in "[{":
        try:
            return _shape(json.loads(content))
        except ValueError:
            return ""
    return ""


def _shape(value: Any, name: str = "") -> str:
    if isinstance(value, dict):
        inner = (f"{key}{_shape(each, key)}" for key, each in sorted(value.items()))
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return "[" + "|".join(sorted({_shape(each, name) for each in value})) + "]"
    if isinstance(value, str) and name in TELLING and len(value) <= 24:
        return "=" + value
    return f":{type(value).__name__}"


def fact_lines(facts: dict[str, Fact]) -> Iterator[str]:
    for _, fact in sorted(facts.items()):
        yield msgspec.json.encode(fact).decode()


def _acts_of(operation: str, request: dict[str, Any]) -> list[dict[str, Any]]:
    """The writes of a call, as a transaction has them."""
    if operation == "PutItem":
        return [{"Put": request}]
    if operation == "UpdateItem":
        return [{"Update": request}]
    if operation == "BatchWriteItem":
        return list(_puts_of(request["RequestItems"]))
    return request.get("TransactItems") or []


def _puts_of(batch: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The puts of a BatchWriteItem, as those of a transaction."""
    for table, asked in batch.items():
        for each in asked:
            if "PutRequest" in each:
                yield {"Put": {"TableName": table, **each["PutRequest"]}}
