"""A function's policy, evaluated like IAM against the calls of the function."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import botocore.client
import pytest

from tests.iam import allows, needs
from tests.infra.templates import Packaged


class NotAllowed(Exception):
    """A call that the function's policy does not allow."""


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
