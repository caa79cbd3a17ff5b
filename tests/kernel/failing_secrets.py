"""A secret store that answers with an error."""

from __future__ import annotations

from typing import Any

import pytest
from aws_lambda_powertools.utilities.parameters import BaseProvider
from botocore.exceptions import ClientError

from chalicelib.kernel import secrets
from chalicelib.kernel.secrets import _secret as read_secret


class Failing(BaseProvider):
    """A provider whose service answers with an error."""

    def __init__(self, code: str) -> None:
        super().__init__(client=None)
        self._code = code

    def _get(self, name: str, **_: Any) -> Any:
        raise ClientError({"Error": {"Code": self._code, "Message": name}}, "GetSecretValue")

    def _get_multiple(self, path: str, **_: Any) -> Any:
        return {}


def failing(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(secrets, "_secret", read_secret)
    monkeypatch.setattr(secrets, "_provider", lambda: Failing(code))
