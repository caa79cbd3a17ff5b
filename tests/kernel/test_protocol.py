"""Requests and answers of the operations on items are those that botocore makes and reads."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSRequest
from botocore.parsers import JSONParser
from botocore.serialize import create_serializer
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.transport.bodies import prepared
from chalicelib.kernel.transport.protocol import ItemParser, ItemSerializer, Parsers

MODEL = botocore.session.get_session().get_service_model("dynamodb")
THEIRS = create_serializer("json", include_validation=False)
OURS = ItemSerializer(THEIRS)

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.builds(lambda text: {"S": text}, st.text()),
        st.builds(lambda number: {"N": str(number)}, st.integers()),
        st.builds(lambda raw: {"B": raw}, st.binary()),
        st.builds(lambda raws: {"BS": raws}, st.lists(st.binary(), min_size=1)),
        st.just({"NULL": True}),
        st.builds(lambda is_so: {"BOOL": is_so}, st.booleans()),
    ),
    lambda inner: st.one_of(
        st.builds(lambda several: {"L": several}, st.lists(inner)),
        st.builds(lambda named: {"M": named}, st.dictionaries(st.text(min_size=1), inner)),
    ),
    max_leaves=8,
)
# Attributes may have the names that types have.
ITEMS = st.dictionaries(st.one_of(st.text(min_size=1), st.sampled_from(["B", "BS", "S"])), VALUES)


def as_json(item: Any) -> Any:
    """As DynamoDB sends it: bytes are base64."""
    body = THEIRS.serialize_to_request(
        {"TableName": "t", "Item": item}, MODEL.operation_model("PutItem")
    )["body"]
    return json.loads(body)["Item"]


@settings(max_examples=30, deadline=None)
@given(ITEMS)
def test_a_request_is_the_one_that_botocore_makes(item: dict[str, Any]) -> None:
    for operation, asked in (
        ("PutItem", {"TableName": "表", "Item": item}),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "表", "Item": item}}]}),
        ("GetItem", {"TableName": "表", "Key": item, "ConsistentRead": True}),
    ):
        model = MODEL.operation_model(operation)
        ours, theirs = (each.serialize_to_request(asked, model) for each in (OURS, THEIRS))
        assert json.loads(ours.pop("body")) == json.loads(theirs.pop("body"))
        assert ours == theirs


def test_another_operation_is_serialized_by_botocore() -> None:
    model = MODEL.operation_model("DescribeTable")
    asked = {"TableName": "表"}
    assert OURS.serialize_to_request(asked, model) == THEIRS.serialize_to_request(asked, model)


def answer(body: Any, status: int = 200) -> dict[str, Any]:
    headers = {"x-amzn-requestid": "request-1", "content-type": "application/x-amz-json-1.0"}
    return {"status_code": status, "headers": headers, "body": json.dumps(body).encode()}


@settings(max_examples=30, deadline=None)
@given(st.lists(ITEMS, max_size=3))
def test_an_answer_is_read_as_botocore_reads_it(items: list[dict[str, Any]]) -> None:
    sent = [as_json(item) for item in items]
    for operation, body in (
        ("Query", {"Items": sent, "Count": len(sent), "LastEvaluatedKey": sent[0]} if sent else {}),
        ("BatchGetItem", {"Responses": {"B": sent}, "UnprocessedKeys": {}}),
        ("GetItem", {"Item": sent[0]} if sent else {}),
    ):
        shape = MODEL.operation_model(operation).output_shape
        ours, theirs = (
            ItemParser().parse(answer(body), shape),
            JSONParser().parse(answer(body), shape),
        )
        assert ours == theirs
        assert set(ours) == {*body, "ResponseMetadata"}


@pytest.mark.parametrize(
    "body",
    [
        {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slowly"},
        {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "CancellationReasons": [{"Code": "None"}, {"Code": "X", "Item": {"a": {"B": "AA=="}}}],
        },
    ],
)
def test_a_refusal_is_read_by_botocore(body: dict[str, Any]) -> None:
    shape = MODEL.operation_model("TransactWriteItems").output_shape
    ours, theirs = (each.parse(answer(body, 400), shape) for each in (ItemParser(), JSONParser()))
    assert ours == theirs
    assert ours["Error"]["Code"] == body["__type"].partition("#")[2]


@pytest.mark.parametrize("body", [b"", b'{"Item":', b"<html>", b"[]", b"null"])
def test_a_damaged_answer_is_read_by_botocore(body: bytes) -> None:
    shape = MODEL.operation_model("GetItem").output_shape
    damaged = {**answer({}), "body": body}
    assert outcome(ItemParser(), damaged, shape) == outcome(JSONParser(), damaged, shape)


def outcome(parser: JSONParser, response: dict[str, Any], shape: Any) -> Any:
    try:
        return parser.parse(response, shape)
    except Exception as error:
        return type(error)


def test_another_answer_is_read_by_botocore() -> None:
    shape = MODEL.operation_model("DescribeTable").output_shape
    body = {"Table": {"CreationDateTime": 1_700_000_000.0}}
    assert ItemParser().parse(answer(body), shape) == JSONParser().parse(answer(body), shape)


def test_a_parser_is_made_once_for_each_protocol() -> None:
    parsers = Parsers()
    assert isinstance(parsers.create_parser("json"), ItemParser)
    assert parsers.create_parser("query") is parsers.create_parser("query")


def test_a_prepared_request_is_the_one_that_botocore_prepares() -> None:
    request = AWSRequest("POST", "http://here/", {"X-Amz-Target": b"a.b", "H": "h"}, b"{}")
    ours, theirs = prepared(request, own=AWSRequest.prepare), request.prepare()
    for name in ("method", "url", "body", "stream_output", "context"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert dict(ours.headers) == {**dict(theirs.headers.items()), "X-Amz-Target": "a.b"}


@pytest.mark.parametrize(
    "request_",
    [
        AWSRequest("POST", "http://here/", {}, {"Action": "Publish"}),  # type: ignore[arg-type]
        AWSRequest("GET", "http://here/", {}, b""),
        AWSRequest("POST", "http://here/", {}, b"{}", {"a": "b"}),
    ],
    ids=["a form", "a GET", "with a query"],
)
def test_another_request_is_prepared_by_botocore(request_: AWSRequest) -> None:
    ours, theirs = prepared(request_, own=AWSRequest.prepare), request_.prepare()
    assert (ours.url, ours.body) == (theirs.url, theirs.body)
