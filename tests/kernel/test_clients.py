"""The clients that a process makes are ours: signed, carried and read by `kernel/transport`."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.endpoint import Endpoint
from botocore.exceptions import ClientError
from botocore.signers import RequestSigner

from chalicelib.kernel import transport
from chalicelib.kernel.store import tables
from chalicelib.kernel.transport import signing
from chalicelib.kernel.transport.headers import Headers
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


@pytest.mark.parametrize(
    "body",
    [b'{"TableName": "x"}', {"Action": "Publish", "Message": "杯 & a=b", "Empty": "", "n": 1}],
    ids=["JSON", "a form"],
)
def test_a_request_is_made_as_botocore_makes_it(
    monkeypatch: pytest.MonkeyPatch, body: bytes | dict[str, Any]
) -> None:
    monkeypatch.setattr(signing, "datetime", StandingClock)
    client: Any = transport.client("sns")
    endpoint, operation = client._endpoint, client.meta.service_model.operation_model("Publish")
    parts = {
        "method": "POST",
        "url": "https://sns.ap-southeast-1.amazonaws.com/",
        "headers": {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "jifen"},
        "body": body,
        "context": {"client_config": client.meta.config, "retries": {"invocation-id": "i"}},
    }
    ours = endpoint.create_request(parts, operation)
    theirs = Endpoint.create_request(endpoint, parts, operation)
    assert (ours.method, ours.url, ours.body) == (theirs.method, theirs.url, theirs.body)
    assert dict(ours.headers.items()) == dict(theirs.headers.items())
    assert ours.headers["AUTHORIZATION"].startswith("AWS4-HMAC-SHA256 ")


def test_headers_have_one_value_and_names_of_any_case() -> None:
    headers = Headers({"User-Agent": "jifen"})
    headers["user-agent"] = "x"
    headers.add_header("X-Amz-Date", "now")
    headers.replace_header("x-amz-date", "later")
    assert dict(headers) == {"User-Agent": "x", "X-Amz-Date": "later"}
    assert (headers["x-AMZ-date"], headers.get("none"), headers.get_all("none")) == (
        "later",
        None,
        None,
    )
    del headers["USER-AGENT"], headers["was never there"]
    assert "user-agent" not in headers
    assert (list(headers), len(headers)) == (["X-Amz-Date"], 1)
    with pytest.raises(KeyError):
        headers["User-Agent"]


def test_our_user_agent_is_the_same_for_each_try(steps: list[str]) -> None:
    sent: list[str] = []
    client = transport.client("sns")
    client.meta.events.register(
        "before-send.sns", lambda request, **_: sent.append(request.headers["User-Agent"])
    )
    client.publish(TopicArn=TOPIC, Message="x")
    assert [each.split()[0] for each in sent] == [transport.USER_AGENT]


@pytest.mark.parametrize(("status", "tries"), [(200, 1), (400, 1), (500, 3)])
def test_botocore_says_whether_a_refusal_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, status: int, tries: int
) -> None:
    client, sent = transport.client("sns"), []

    def send(self: Session, request: Any) -> AWSResponse:
        sent.append(request)
        content = PUBLISHED if status == 200 else b"<ErrorResponse/>"
        return AWSResponse(request.url, status, {}, content_of(content))

    monkeypatch.setattr(Session, "send", send)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with suppress(ClientError):
        client.publish(TopicArn=TOPIC, Message="x")
    assert len(sent) == tries


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
                "_user_agent_creator",
            ],
        ),
        "signer": (client._request_signer, ["sign"]),
        "endpoint": (
            client._endpoint,
            [
                "_needs_retry",
                "_response_parser_factory",
                "create_request",
                "http_session",
                "prepare_request",
            ],
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
