"""Connections of one client: one write to the socket for each request, little else."""

from __future__ import annotations

import io
import select
import socket
import ssl
from collections.abc import Iterator
from functools import lru_cache
from http.client import HTTPException
from typing import Any
from urllib.request import getproxies

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import get_cert_path

from chalicelib.kernel.transport.answers import Answer, read_answer
from chalicelib.kernel.transport.bodies import bytes_of, place_of, text_of
from chalicelib.kernel.transport.headers import Headers


class Session:
    """Connections of one client that stay open, each with one request at a time."""

    def __init__(self, own: Any, connect_timeout_s: float, read_timeout_s: float) -> None:
        """Take botocore's own session, which sends what this one does not."""
        self._own = own
        # True, or the file of the authorities that the settings trust.
        self._verify = own._verify
        self._connect_timeout_s, self._read_timeout_s = connect_timeout_s, read_timeout_s
        self._idle: list[socket.socket] = []
        has_proxy = bool(getproxies().keys() & {"http", "https"})
        self._by_own = has_proxy or self._verify is False

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Send a POST to a path; botocore's own session sends all else, and behind a proxy all.

        Raises botocore's errors of a connection.
        """
        if self._by_own or request.method != "POST" or place_of(request.url).query:
            answer: AWSResponse = self._own.send(request)
            return answer
        connection = self._open_one() or self._connect(request.url)
        try:
            connection.sendall(_whole(request))
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
        answer = read_answer(connection)
        if answer.closes:
            connection.close()
        else:
            self._idle.append(connection)
        return _Response(request.url, answer)

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
        place = place_of(url)
        port = place.port or (443 if place.scheme == "https" else 80)
        try:
            connection = socket.create_connection(
                (place.hostname, port), timeout=self._connect_timeout_s
            )
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if place.scheme == "https":
                context = _tls(get_cert_path(self._verify))
                connection = context.wrap_socket(connection, server_hostname=place.hostname)
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=url, error=error) from error
        except ssl.SSLError as error:
            raise SSLError(endpoint_url=url, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=url, error=error) from error
        connection.settimeout(self._read_timeout_s)
        return connection


class _Response(AWSResponse):
    """botocore's response to a request, of an answer that is here already."""

    def __init__(self, url: str, answer: Answer) -> None:
        self.url, self.status_code = url, answer.status
        self.headers: Any = Headers(answer.headers)
        self.raw = _Content(answer.content)
        self._content = answer.content


class _Content(io.BytesIO):
    """A whole body, as botocore reads one."""

    def stream(self, *_rest: Any, **_named: Any) -> Iterator[bytes]:
        yield self.getvalue()


@lru_cache
def _tls(authorities: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authorities)


def _whole(request: AWSPreparedRequest) -> bytes:
    """A request's head and body."""
    place = place_of(request.url)
    lines = [f"{request.method} {place.path or '/'} HTTP/1.1", f"host: {place.netloc}"]
    for name, value in request.headers.items():
        lines.append(f"{name}: {text_of(value)}")
    head = "\r\n".join(lines) + "\r\n\r\n"
    return head.encode("latin-1") + bytes_of(request.body)
