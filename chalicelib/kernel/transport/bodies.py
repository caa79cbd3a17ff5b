"""Parts of botocore's requests: their texts, bodies and addresses."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit


@lru_cache
def place_of(url: str) -> SplitResult:
    return urlsplit(url)


def text_of(value: Any) -> str:
    """botocore's headers are texts or bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


def bytes_of(body: Any) -> bytes:
    """A body as botocore's JSON and query protocols make it."""
    return body.encode() if isinstance(body, str) else bytes(body or b"")
