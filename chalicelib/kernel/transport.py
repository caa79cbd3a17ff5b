"""The transport of botocore's requests: one write to the socket for each, little else.

botocore's own session writes a request's head and body apart, which wakes the other side twice,
and its signature is put together by a hundred small calls. Both are replaced where botocore
looks them up; serialising, retries, hooks and errors stay botocore's.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import select
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies

from botocore.auth import AUTH_TYPE_MAPS, SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import get_cert_path

# The name by which a client's configuration asks for our signer.
SIGNATURE = "jifen-v4"
# In a word: botocore would put its own line together anew for every request, a third of what a
# request takes in this process.
USER_AGENT = "jifen"
_SIGNED = ("content-type", "host")


class Session:
    """Connections of one client that stay open, each with one request at a time."""

    def __init__(self, own: Any, connect_timeout_s: float, read_timeout_s: float) -> None:
        """Take botocore's own session, which goes where only a proxy does."""
        self._own = own
        self._connect_timeout_s, self._read_timeout_s = connect_timeout_s, read_timeout_s
        self._idle: list[socket.socket] = []
        self._has_proxy = bool(getproxies().keys() & {"http", "https"})

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Raises botocore's errors of a connection."""
        if self._has_proxy:
            answer: AWSResponse = self._own.send(request)
            return answer
        connection = self._open_one() or self._connect(request.url)
        try:
            connection.sendall(_bytes_of(request))
            answer = self._read(request, connection)
        except TimeoutError as error:
            connection.close()
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except (OSError, HTTPException) as error:
            connection.close()
            raise ConnectionClosedError(
                endpoint_url=request.url, error=error, request=request
            ) from error
        return answer

    def close(self) -> None:
        """Let every connection go."""
        self._own.close()
        while self._idle:
            self._idle.pop().close()

    def _read(self, request: AWSPreparedRequest, connection: socket.socket) -> AWSResponse:
        """Raises OSError, HTTPException."""
        response = HTTPResponse(connection, method=request.method)
        response.begin()
        content = response.read()
        if response.will_close:
            connection.close()
        else:
            self._idle.append(connection)
        headers: Any = response.headers
        return AWSResponse(request.url, response.status, headers, _Content(content))

    def _open_one(self) -> socket.socket | None:
        """An idle connection that the other side has not closed meanwhile."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None  # another thread was faster
            looking = select.poll()
            looking.register(connection, select.POLLIN)
            if not looking.poll(0):
                return connection
            connection.close()
        return None

    def _connect(self, url: str) -> socket.socket:
        """Raises botocore's errors of a connection."""
        place = _place(url)
        port = place.port or (443 if place.scheme == "https" else 80)
        try:
            connection = socket.create_connection(
                (place.hostname, port), timeout=self._connect_timeout_s
            )
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if place.scheme == "https":
                connection = _tls().wrap_socket(connection, server_hostname=place.hostname)
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=url, error=error) from error
        except ssl.SSLError as error:
            raise SSLError(endpoint_url=url, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=url, error=error) from error
        connection.settimeout(self._read_timeout_s)
        return connection


class _Content(io.BytesIO):
    """A whole body, as botocore reads one."""

    def stream(self, *_rest: Any, **_named: Any) -> Iterator[bytes]:
        yield self.getvalue()


@lru_cache
def _place(url: str) -> SplitResult:
    return urlsplit(url)


@lru_cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=get_cert_path(True))


def _bytes_of(request: AWSPreparedRequest) -> bytes:
    """A request's head and body."""
    place = _place(request.url)
    lines = [f"{request.method} {place.path or '/'} HTTP/1.1", f"host: {place.netloc}"]
    for name, value in request.headers.items():
        lines.append(f"{name}: {_text(value)}")
    head = "\r\n".join(lines) + "\r\n\r\n"
    return head.encode("latin-1") + _bytes(request.body)


class QuickSigV4(SigV4Auth):
    """Signature version 4 of a POST to `/`, which every call of a JSON or query protocol is.

    Source: AWS General Reference, "Create a signed AWS API request".
    """

    def __init__(self, credentials: Any, service_name: str, region_name: str) -> None:
        super().__init__(credentials, service_name, region_name)
        self._place = f"{region_name}/{service_name}/aws4_request"

    def add_auth(self, request: AWSRequest) -> None:
        """Raises NoCredentialsError."""
        if self.credentials is None:
            raise NoCredentialsError
        place = _place(request.url)
        if request.method != "POST" or place.path not in {"", "/"} or place.query:
            super().add_auth(request)
            return
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        request.context["timestamp"] = moment
        self._renew(request, moment)
        signed = _to_sign(request, place.netloc)
        names = ";".join(signed)
        lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
        canonical = f"POST\n/\n\n{lines}\n{names}\n{_sha256(_body_of(request))}"
        scope = f"{moment[:8]}/{self._place}"
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{_sha256(canonical.encode())}"
        key = _key(self.credentials.secret_key, scope)
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        request.headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.credentials.access_key}/{scope}, "
            f"SignedHeaders={names}, Signature={signature}"
        )

    def _renew(self, request: AWSRequest, moment: str) -> None:
        """Set what is signed, once: this may be a retry."""
        for name in ("Authorization", "X-Amz-Date", "X-Amz-Security-Token"):
            del request.headers[name]
        request.headers["X-Amz-Date"] = moment
        if self.credentials.token:
            request.headers["X-Amz-Security-Token"] = self.credentials.token


def _to_sign(request: AWSRequest, host: str) -> dict[str, str]:
    """The headers that AWS wants to be signed, in their order."""
    found = {"host": host}
    for name, value in request.headers.items():
        lower = name.lower()
        if lower in _SIGNED or lower.startswith("x-amz-"):
            found[lower] = " ".join(_text(value).split())
    return dict(sorted(found.items()))


def _body_of(request: AWSRequest) -> bytes:
    # A form becomes a body when botocore prepares the whole request; all else is one already.
    return _bytes(request.body if isinstance(request.data, dict) else request.data)


def _text(value: Any) -> str:
    """botocore's headers are texts or bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:
    """A body as botocore's JSON and query protocols make it."""
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@lru_cache(maxsize=8)
def _key(secret: str, scope: str) -> bytes:
    """The key of a day, a region and a service."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


AUTH_TYPE_MAPS[SIGNATURE] = QuickSigV4


def quick(client: Any) -> Any:
    """A client of botocore's that is carried by a Session of ours."""
    endpoint, config = client._endpoint, client.meta.config
    endpoint.http_session = Session(
        endpoint.http_session, config.connect_timeout, config.read_timeout
    )
    return client


def call(client: Any, operation: str, request: dict[str, Any]) -> Any:
    """The answer to an operation by its name in the API; a client's methods have other names."""
    return client._make_api_call(operation, request)


def client(service: str, **settings: Any) -> Any:
    """A client of boto3's own session, signed and carried by ours; `settings` are of Config."""
    import boto3
    from botocore.config import Config

    config = Config(user_agent=USER_AGENT, signature_version=SIGNATURE, **settings)
    return quick(boto3.client(service, config=config))  # type: ignore[call-overload]
