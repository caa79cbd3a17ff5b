"""The clients that a process makes are ours: signed, carried and read by `kernel/transport`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.signers import RequestSigner

from chalicelib.kernel import transport
from chalicelib.kernel.store import tables
from chalicelib.kernel.transport import signing
from chalicelib.kernel.transport.protocol import ItemSerializer, Parsers
from chalicelib.kernel.transport.signing import QuickSigV4
from chalicelib.kernel.transport.sockets import Session
from tests.kernel.wire import content_of

PUBLISHED = (
    b"<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>"
)
TOPIC = "arn:aws:sns:ap-southeast-1:123456789012:jifen-dev-facts"


class StandingClock(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


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


def asked(context: dict[str, Any]) -> AWSRequest:
    request = AWSRequest(
        "POST", "https://sns.ap-southeast-1.amazonaws.com/", data=b"Action=Publish"
    )
    request.context.update(context)
    return request


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("service", ["dynamodb", "ses", "sns", "sqs"])
def test_no_hook_of_botocores_has_a_say_in_a_signature(service: str) -> None:
    client: Any = transport.client(service)
    named = {
        "signing_name": service,
        "region_name": client.meta.region_name,
        "signature_version": transport.SIGNATURE,
    }
    context = {"client_config": client.meta.config}
    events, place = client.meta.events, f"{client.meta.service_model.service_id.hyphenize()}.Any"
    assert events.emit(f"before-sign.{place}", request=None, **named) == []
    asked_for = events.emit_until_response(f"choose-signer.{place}", context=context, **named)
    assert asked_for[1] is None


def test_a_request_is_signed_as_by_botocores_signer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "datetime", StandingClock)
    client: Any = transport.client("sns")
    ours, theirs = asked({}), asked({})
    client._request_signer.handler("Publish", ours)
    RequestSigner.sign(client._request_signer, "Publish", theirs)
    assert "Authorization" in ours.headers
    assert dict(ours.headers.items()) == dict(theirs.headers.items())


@pytest.mark.parametrize(
    ("context", "special"),
    [
        ({"auth_type": "none"}, {}),
        ({"signing": {"region": "eu-west-1"}}, {}),
        ({}, {"signing_type": "presign-url"}),
    ],
    ids=["another signer", "another region", "in the URL"],
)
def test_a_request_that_is_signed_in_another_way_is_signed_by_botocore(
    context: dict[str, Any], special: dict[str, Any]
) -> None:
    taken: list[Any] = []

    def own(operation: str, request: AWSRequest, **special: Any) -> None:
        taken.append((operation, special))

    signer: Any = None
    signing.sign(signer, own, "Publish", asked(context), **special)
    assert taken == [("Publish", special)]


def test_a_client_of_botocores_has_each_name_of_its_that_we_use() -> None:
    """Assigning a name that botocore no longer reads would be no error."""
    client: Any = botocore.session.get_session().create_client("dynamodb")
    named = {
        "client": (
            client,
            [
                "_endpoint",
                "_make_api_call",
                "_request_signer",
                "_ruleset_resolver",
                "_serializer",
            ],
        ),
        "signer": (client._request_signer, ["sign"]),
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
