"""Our signer signs as botocore's does; our session fails as botocore's does."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import get_cert_path
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.transport import signing, sockets
from chalicelib.kernel.transport.signing import QuickSigV4
from chalicelib.kernel.transport.sockets import Session

MOMENT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
URL = "https://dynamodb.ap-southeast-1.amazonaws.com/"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class _Clock(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return MOMENT


def asked(body: bytes | dict[str, str] = b"{}", url: str = URL, **headers: str) -> AWSRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return AWSRequest("POST", url, data=body, headers=named)


def signed(signer: Any, request: AWSRequest, token: str | None) -> dict[str, str]:
    signer(Credentials("AKID", "secret", token), "dynamodb", "ap-southeast-1").add_auth(request)
    return dict(request.headers.items())


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "datetime", _Clock)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: MOMENT)


@pytest.mark.usefixtures("one_moment")
@pytest.mark.parametrize("token", [None, "a-session"])
@pytest.mark.parametrize("body", [b"", "{}杯".encode(), {"Action": "Publish", "Message": "杯 &"}])
def test_our_signature_equals_botocores(body: bytes | dict[str, str], token: str | None) -> None:
    headers = {"X_Amz_Target": "DynamoDB.GetItem", "Content_Type": "application/x-amz-json-1.0"}
    ours = signed(QuickSigV4, asked(body, **headers), token)
    theirs = signed(SigV4Auth, asked(body, **headers), token)
    assert ours == theirs


@pytest.mark.usefixtures("one_moment")
def test_botocore_signs_all_requests_but_posts_to_the_root() -> None:
    path = f"{URL}bucket/key?x=1"
    assert signed(QuickSigV4, asked(url=path), None) == signed(SigV4Auth, asked(url=path), None)


@pytest.mark.usefixtures("one_moment")
def test_a_retry_has_one_new_signature() -> None:
    request = asked()
    first = signed(QuickSigV4, request, "old")
    assert signed(QuickSigV4, request, "new") == {
        **first,
        "X-Amz-Security-Token": "new",
        "Authorization": request.headers["Authorization"],
    }
    assert len(request.headers.get_all("Authorization")) == 1
    assert first["Authorization"] != request.headers["Authorization"]


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40))
def test_signing_keys_of_different_secrets_differ(secret: str) -> None:
    scope = "20261121/ap-southeast-1/dynamodb/aws4_request"
    assert (signing._key(secret, scope) == signing._key("other", scope)) == (secret == "other")


def test_without_credentials_nothing_is_signed() -> None:
    with pytest.raises(NoCredentialsError):
        QuickSigV4(None, "dynamodb", "ap-southeast-1").add_auth(asked())


Talk = Callable[[socket.socket], None]


@contextmanager
def server(*talks: Talk) -> Iterator[str]:
    """A server that holds one of these talks with each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for talk in talks:
            connection, _ = listener.accept()
            with connection:
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.close()


def answering(*answers: bytes) -> Talk:
    """One request after the other is read, in one piece, and answered."""

    def talk(connection: socket.socket) -> None:
        for answer in answers:
            assert connection.recv(65536).endswith(b"{}")
            connection.sendall(answer)

    return talk


def send(session: Session, url: str) -> tuple[int, bytes]:
    answer = session.send(asked(url=url).prepare())
    return answer.status_code, answer.content


class Own:
    """botocore's own session."""

    def __init__(self, verify: bool | str = True) -> None:
        self._verify = verify

    def send(self, request: Any) -> str:
        return "by botocore"


def session(read_timeout_s: float = 5) -> Session:
    return Session(Own(), 1, read_timeout_s)


def test_a_connection_is_reused() -> None:
    with server(answering(OK, OK.replace(b"200 OK", b"400 Bad"))) as url:
        kept = session()
        assert [send(kept, url) for _ in range(2)] == [(200, b"{}"), (400, b"{}")]


def test_a_closed_connection_is_not_reused() -> None:
    with server(answering(OK), answering(OK)) as url:
        kept = session()
        for _ in range(2):
            assert send(kept, url) == (200, b"{}")
            kept._idle[0].recv(1, socket.MSG_PEEK)


def test_an_answer_that_closes_its_connection_leaves_none_open() -> None:
    closing = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with server(answering(closing)) as url:
        kept = session()
        assert send(kept, url) == (200, b"{}")
        assert kept._idle == []


def test_a_lost_answer_raises_botocores_error() -> None:
    with server(answering(b"")) as url, pytest.raises(ConnectionClosedError):
        send(session(), url)
    with server(answering(OK[:-1])) as url, pytest.raises(ConnectionClosedError):
        send(session(), url)


def test_a_slow_answer_raises_botocores_error() -> None:
    with (
        server(lambda connection: threading.Event().wait(2) and None) as url,
        pytest.raises(ReadTimeoutError),
    ):
        send(session(read_timeout_s=0.1), url)


def test_an_unreachable_host_raises_botocores_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with server() as url:
        pass
    with pytest.raises(EndpointConnectionError):
        send(session(), url)

    def slow(*_: Any, **__: Any) -> socket.socket:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", slow)
    with pytest.raises(ConnectTimeoutError):
        send(session(), url)


def test_a_server_without_tls_raises_botocores_error() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with server(talk) as url, pytest.raises(SSLError):
        send(session(), url.replace("http:", "https:"))


def test_behind_a_proxy_botocores_own_session_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert sent_by(session(), asked()) == "by botocore"


@pytest.mark.parametrize(
    "request_",
    [AWSRequest("GET", URL), AWSRequest("HEAD", URL), asked(url=f"{URL}?x=1")],
    ids=["GET", "HEAD", "query"],
)
def test_botocores_own_session_sends_all_but_a_post_to_a_path(request_: AWSRequest) -> None:
    assert sent_by(session(), request_) == "by botocore"


def test_botocores_own_session_sends_where_nobody_is_to_be_verified() -> None:
    assert sent_by(Session(Own(verify=False), 1, 1), asked()) == "by botocore"


def test_the_authorities_of_the_settings_are_those_that_are_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusted: list[str] = []

    def context(authorities: str) -> ssl.SSLContext:
        trusted.append(authorities)
        raise ssl.SSLError

    monkeypatch.setattr(sockets, "_tls", context)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: socket.socket())
    for verify in ("/etc/own.pem", True):
        with pytest.raises(SSLError):
            send(Session(Own(verify), 1, 1), URL)
    assert trusted == ["/etc/own.pem", get_cert_path(True)]


def sent_by(by: Any, request: AWSRequest) -> Any:
    return by.send(request.prepare())
