"""Fixtures of privacy: buckets in memory, and people who sign in."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.catalog.actions import buckets
from chalicelib.privacy.actions import exports
from tests.catalog.buckets import Buckets
from tests.members.conftest import many_callers, people  # noqa: F401 - fixtures
from tests.privacy.files import Files


@pytest.fixture(autouse=True)
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """The private bucket of exports."""
    made = Files()
    monkeypatch.setattr(exports, "_s3", lambda: made)
    monkeypatch.setattr(exports, "_bucket", lambda: "exports")
    return made


@pytest.fixture(autouse=True)
def pictures(monkeypatch: pytest.MonkeyPatch) -> Buckets:
    """The buckets of pictures."""
    made = Buckets.instead_of_s3(monkeypatch)
    monkeypatch.setattr(buckets, "hide", lambda key: made.shown.pop(key, None))
    return made


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    """(what was sealed, the sealed bytes) of all that this process seals."""
    from cryptography.hazmat.primitives.ciphers import aead

    made: list[tuple[bytes, bytes]] = []
    before = aead.AESGCM

    class Noting:
        def __init__(self, key: bytes) -> None:
            self._real = before(key)
            self.decrypt = self._real.decrypt

        def encrypt(self, nonce: bytes, data: bytes, associated: Any) -> bytes:
            found: bytes = self._real.encrypt(nonce, data, associated)
            made.append((data, nonce + found))
            return found

    monkeypatch.setattr(aead, "AESGCM", Noting)
    return made
