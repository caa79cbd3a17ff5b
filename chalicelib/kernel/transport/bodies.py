"""Parts of botocore's requests: their texts, bodies and addresses, and the requests themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, quote_plus, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSRequestPreparer

from chalicelib.kernel.transport.headers import Headers


@lru_cache
def place_of(url: str) -> SplitResult:
    return urlsplit(url)


def text_of(value: Any) -> str:
    """botocore's headers are texts or bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


def bytes_of(body: Any) -> bytes:
    """A body as botocore's JSON and query protocols make it."""
    return body.encode() if isinstance(body, str) else bytes(body or b"")


@lru_cache(maxsize=256)
def _quoted(name: str) -> str:
    """The name of a form's field: there are few of them."""
    return quote_plus(name)


class Request(AWSRequest):
    """botocore's request, made of its parts in few steps."""

    _request_preparer = AWSRequestPreparer()

    def __init__(self, parts: dict[str, Any], streams: bool) -> None:
        """Take the parts as botocore's client puts them together."""
        self.method, self.url, self.data = parts["method"], parts["url"], parts["body"]
        self.headers: Any = Headers(parts["headers"])
        self.params: Any = {}
        self.auth_path = parts.get("auth_path")
        self.stream_output = streams
        self.context = parts["context"]

    @property
    def body(self) -> Any:
        """The body in bytes; that of a form is encoded as botocore encodes it."""
        if not isinstance(self.data, dict):
            return bytes_of(self.data)
        pairs = (f"{_quoted(name)}={quote_plus(str(value))}" for name, value in self.data.items())
        return "&".join(pairs).encode()


class Prepared(AWSPreparedRequest):
    """A signed POST of bytes, as it is sent."""

    def __init__(self, request: AWSRequest, body: bytes) -> None:
        """Take a request that is signed, and its body."""
        headers = {name: text_of(value) for name, value in request.headers.raw_items()}
        self.method, self.url = "POST", str(request.url)
        self.headers: Any = Headers(headers)
        self.headers["Content-Length"] = str(len(body))
        self.body, self.stream_output = body, request.stream_output
        self.context = request.context


def created(
    parts: dict[str, Any], operation: Any, *, endpoint: Any, emit: Callable[..., object]
) -> AWSPreparedRequest:
    """A request as botocore's `endpoint` makes one: its hooks sign it, and have their say."""
    streams = operation.has_streaming_output or operation.has_event_stream_output
    request = Request(parts, streams)
    emit(
        f"request-created.{operation.service_model.service_id.hyphenize()}.{operation.name}",
        request=request,
        operation_name=operation.name,
    )
    prepared_request: AWSPreparedRequest = endpoint.prepare_request(request)
    return prepared_request


def prepared(
    request: AWSRequest, own: Callable[[AWSRequest], AWSPreparedRequest]
) -> AWSPreparedRequest:
    """A signed request as it is sent; all but a POST of bytes is prepared by botocore's `own`."""
    if request.method != "POST" or request.params or not isinstance(request.data, bytes):
        return own(request)
    return Prepared(request, request.data)
