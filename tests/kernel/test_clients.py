"""The clients that a process makes are ours: signed, carried and read by `kernel/transport`."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSRequest, AWSResponse

from chalicelib.kernel import transport
from chalicelib.kernel.store import tables
from chalicelib.kernel.transport.protocol import ItemSerializer, Parsers
from chalicelib.kernel.transport.signing import QuickSigV4
from chalicelib.kernel.transport.sockets import Session
from tests.kernel.wire import content_of

PUBLISHED = (
    b"<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>"
)
TOPIC = "arn:aws:sns:ap-southeast-1:123456789012:jifen-dev-facts"


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps of ours that requests have gone through; nothing is sent."""
    taken: list[str] = []
    sign = QuickSigV4.add_auth

    def add_auth(self: QuickSigV4, request: AWSRequest) -> None:
        taken.append("signed")
        sign(self, request)

    def send(self: Session, request: Any) -> AWSResponse:
        assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 ")
        taken.append("carried")
        content = b"{}" if "X-Amz-Target" in request.headers else PUBLISHED
        return AWSResponse(request.url, 200, {}, content_of(content))

    monkeypatch.setattr(QuickSigV4, "add_auth", add_auth)
    monkeypatch.setattr(Session, "send", send)
    return taken


def test_the_client_of_the_tables_is_ours(engine: str, steps: list[str]) -> None:
    client: Any = tables.connection().client
    key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    answer = client.get_item(TableName="jifen-dev-orders", Key=key)
    assert "Item" not in answer
    assert steps == ["signed", "carried"]
    assert isinstance(client._endpoint.http_session, Session)
    assert isinstance(client._serializer, ItemSerializer)
    assert isinstance(client._endpoint._response_parser_factory, Parsers)


def test_a_client_of_another_service_is_ours(steps: list[str]) -> None:
    client = transport.client("sns")
    assert client.publish(TopicArn=TOPIC, Message="x")["MessageId"] == "m"
    assert steps == ["signed", "carried"]
    assert isinstance(client._endpoint.http_session, Session)


def test_a_client_of_botocores_has_each_name_of_its_that_we_use() -> None:
    """Assigning a name that botocore no longer reads would be no error."""
    client: Any = botocore.session.get_session().create_client("dynamodb")
    named = {
        "client": (client, ["_endpoint", "_make_api_call", "_ruleset_resolver", "_serializer"]),
        "endpoint": (
            client._endpoint,
            ["_response_parser_factory", "http_session", "prepare_request"],
        ),
        "session": (client._endpoint.http_session, ["_verify"]),
    }
    lacking = [
        f"{part}.{name}"
        for part, (held, names) in named.items()
        for name in names
        if not hasattr(held, name)
    ]
    assert lacking == []
