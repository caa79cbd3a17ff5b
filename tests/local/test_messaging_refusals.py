"""The message server refuses malformed requests, and they change nothing."""

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from tests.local.message_server import Server

_HEAD = "POST / HTTP/1.1\r\nHost: x\r\n"


def raw(server: Server, sent: bytes) -> bytes:
    """The first bytes of the answer to these bytes."""
    address = urlsplit(server.work)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(sent)
        return connection.recv(1 << 16)


def ask(server: Server, call: str, content: bytes) -> bytes:
    lines = f"x-amz-target: AmazonSQS.{call}\r\ncontent-length: {len(content)}\r\n\r\n"
    return raw(server, f"{_HEAD}{lines}".encode() + content)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"x\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\ncontent-length: 8388609\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\ncontent-length: " + b"9" * 5000 + b"\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nx: " + b"a" * 70_000, 431),
    ],
)
def test_bytes_that_are_no_request_are_refused_and_the_server_goes_on(
    server: Server, sent: bytes, status: int
) -> None:
    assert raw(server, sent).startswith(f"HTTP/1.1 {status} ".encode())
    server.send("1")
    assert server.bodies() == ["1"]


@pytest.mark.parametrize(
    ("call", "asked", "code"),
    [
        ("ListQueues", b"{", "InvalidParameterValue"),
        ("ListQueues", b"\xff", "InvalidParameterValue"),
        ("ListQueues", b"[" * 100_000, "InvalidParameterValue"),
        ("ListQueues", [], "InvalidParameterValue"),
        ("SendMessage", None, "InvalidParameterValue"),
        ("CreateQueue", {}, "MissingParameter"),
        ("CreateQueue", {"QueueName": 1}, "InvalidParameterValue"),
        ("CreateQueue", {"QueueName": "a b"}, "InvalidParameterValue"),
        ("CreateQueue", {"QueueName": "q", "Attributes": {"RedrivePolicy": "{"}},
         "InvalidParameterValue"),
        ("CreateQueue", {"QueueName": "q", "Attributes": {"RedrivePolicy": "[]"}},
         "InvalidParameterValue"),
        ("CreateQueue", {"QueueName": "q", "Attributes": {"VisibilityTimeout": "x"}},
         "InvalidParameterValue"),
        ("SendMessage", {"QueueUrl": 7, "MessageBody": "x"}, "InvalidParameterValue"),
        ("SendMessage", {"QueueUrl": "work"}, "MissingParameter"),
        ("SendMessage", {"MessageBody": ""}, "InvalidParameterValue"),
        ("SendMessage", {"MessageBody": 7}, "InvalidParameterValue"),
        ("SendMessage", {"MessageBody": "x", "DelaySeconds": "x"}, "InvalidParameterValue"),
        ("SendMessage", {"MessageBody": "x", "DelaySeconds": 901}, "InvalidParameterValue"),
        ("SendMessage", {"MessageBody": "x", "MessageAttributes": "x"}, "InvalidParameterValue"),
        ("SendMessage", {"MessageBody": "x", "MessageAttributes": {"a": {}}},
         "InvalidParameterValue"),
        ("SendMessageBatch", {"Entries": {"a": 1}}, "InvalidParameterValue"),
        ("SendMessageBatch", {"Entries": [{"MessageBody": "x"}]}, "MissingParameter"),
        ("SendMessageBatch", {"Entries": [{"Id": "a", "MessageBody": "x"}, {"Id": "b"}]},
         "MissingParameter"),
        ("ReceiveMessage", {"MaxNumberOfMessages": 11}, "InvalidParameterValue"),
        ("ReceiveMessage", {"MaxNumberOfMessages": "x"}, "InvalidParameterValue"),
        ("ReceiveMessage", {"WaitTimeSeconds": 21}, "InvalidParameterValue"),
        ("ReceiveMessage", {"VisibilityTimeout": "x"}, "InvalidParameterValue"),
        ("ReceiveMessage", {"WaitTimeSeconds": 1, "VisibilityTimeout": "x"},
         "InvalidParameterValue"),
        ("ReceiveMessage", {"MessageAttributeNames": 5}, "InvalidParameterValue"),
        ("DeleteMessage", {"ReceiptHandle": 4}, "InvalidParameterValue"),
        ("DeleteMessage", {"ReceiptHandle": "x"}, "ReceiptHandleIsInvalid"),
        ("ChangeMessageVisibility", {"ReceiptHandle": "a.1"}, "MissingParameter"),
        ("StartMessageMoveTask", {}, "MissingParameter"),
        ("Nothing", {}, "InvalidAction"),
    ],
)  # fmt: skip
def test_a_malformed_body_is_refused_by_its_code_and_changes_nothing(
    server: Server, call: str, asked: Any, code: str
) -> None:
    server.send("1")
    if isinstance(asked, dict):
        asked = {"QueueUrl": server.work, **asked}
    content = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
    head, _, told = ask(server, call, content).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(told)["__type"] == f"com.amazonaws.sqs#{code}"
    assert server.bodies() == ["1"]


@pytest.mark.parametrize(
    "form",
    [
        "", "Action=Publish&Message=1", "Action=Publish&Message=&TopicArn={}",
        "Action=Publish&Message=1&Message.a=2&TopicArn={}",
        "Action=Publish&Message.a=1&TopicArn={}",
        "Action=Publish&Message=1&TopicArn={}&MessageAttributes.entry.1.Name=a",
        "Action=Publish&Message=1&TopicArn={}&MessageAttributes.entry.x.Name=a",
        "Action=Publish&Message=1&TopicArn={}&MessageAttributes=x",
        "Action=Publish&Message=1&TopicArn={}&MessageAttributes.entry.1=x",
        "Action=PublishBatch&TopicArn={}&PublishBatchRequestEntries.member.1.Message=1",
        "Action=PublishBatch&TopicArn={}&PublishBatchRequestEntries.member.1.Id=1",
        "Action=PublishBatch&TopicArn={}",
        "Action=Subscribe&TopicArn={}&Protocol=sqs",
        "Action=Subscribe&TopicArn={}&Protocol=http&Endpoint=x",
        "Action=Subscribe&TopicArn={}&Protocol=sqs&Endpoint=x&Attributes.entry.1.key=FilterPolicy"
        "&Attributes.entry.1.value=%7b",
        "Action=CreateTopic", "Action=Nothing", "\xff",
    ],
)  # fmt: skip
def test_a_malformed_form_is_refused_and_publishes_nothing(server: Server, form: str) -> None:
    server.subscribe(server.work, RawMessageDelivery="true")
    content = form.format(server.topic).encode("latin-1")
    head = f"{_HEAD}content-length: {len(content)}\r\n\r\n".encode()
    answer = raw(server, head + content)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"<ErrorResponse" in answer
    assert server.take() == []


def test_a_batch_and_a_message_have_the_size_that_sqs_takes(server: Server) -> None:
    entries = [{"Id": str(n), "MessageBody": "x" * 140_000} for n in range(2)]
    with pytest.raises(ClientError) as refused:
        server.sqs.send_message_batch(QueueUrl=server.work, Entries=entries)
    code = refused.value.response["Error"]["Code"]
    assert code == "AWS.SimpleQueueService.BatchRequestTooLong"
    half = {"a": {"DataType": "String", "StringValue": "x" * 131_072}}
    with pytest.raises(ClientError) as refused:
        server.send("x" * 131_072, MessageAttributes=half)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterValue"
    server.send("x" * 262_144)
    assert [len(body) for body in server.bodies()] == [262_144]
