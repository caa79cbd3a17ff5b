"""Parts of botocore's requests: their texts, bodies and addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSRequest


@lru_cache
def place_of(url: str) -> SplitResult:
    return urlsplit(url)


def text_of(value: Any) -> str:
    """botocore's headers are texts or bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


def bytes_of(body: Any) -> bytes:
    """A body as botocore's JSON and query protocols make it."""
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def prepared(
    request: AWSRequest, own: Callable[[AWSRequest], AWSPreparedRequest]
) -> AWSPreparedRequest:
    """A signed request as it is sent; all but a POST of bytes is prepared by botocore's `own`."""
    if request.method != "POST" or request.params or not isinstance(request.data, bytes):
        return own(request)
    headers: Any = {name: text_of(value) for name, value in request.headers.raw_items()}
    headers["Content-Length"] = str(len(request.data))
    url, streams, context = str(request.url), request.stream_output, request.context
    return AWSPreparedRequest("POST", url, headers, request.data, streams, context)
