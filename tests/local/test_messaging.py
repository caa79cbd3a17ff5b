"""The message server does what the mall uses of SQS and SNS, called by AWS's own client."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from infra.local.settings import REPOSITORY
from tests.local.message_server import Server


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> str:
    code: str = refused.value.response["Error"]["Code"]
    return code


def test_messages_arrive_in_order_with_all_their_attributes(server: Server) -> None:
    attributes = {"type": {"DataType": "String", "StringValue": "tea"}}
    first = server.send("一杯 & <tea>", MessageAttributes=attributes)
    server.send("2")
    one, two = server.take()
    assert (one["MessageId"], one["Body"], two["Body"]) == (first, "一杯 & <tea>", "2")
    assert one["MessageAttributes"] == attributes
    assert one["Attributes"]["ApproximateReceiveCount"] == "1"
    assert abs(int(one["Attributes"]["SentTimestamp"]) / 1000 - time.time()) < 5
    assert (server.take(), server.counts()) == ([], (0, 2))


def test_attributes_arrive_only_on_request(server: Server) -> None:
    attributes = {"type": {"DataType": "String", "StringValue": "tea"}}
    server.send("1", MessageAttributes=attributes)
    [bare] = server.sqs.receive_message(QueueUrl=server.work)["Messages"]
    assert not bare.keys() & {"Attributes", "MessageAttributes"}


def test_a_received_message_is_visible_again_after_its_timeout(server: Server) -> None:
    server.send("1")
    assert server.bodies(VisibilityTimeout=1) == ["1"]
    assert server.take() == []
    time.sleep(1.1)
    [again] = server.take()
    assert again["Attributes"]["ApproximateReceiveCount"] == "2"


def test_a_peek_returns_every_message_once_and_leaves_it_visible(server: Server) -> None:
    for number in range(3):
        server.send(str(number))
    assert server.bodies(server.work, VisibilityTimeout=0) == ["0", "1", "2"]
    assert server.counts() == (3, 0)


def test_a_message_received_too_often_moves_to_the_dead_letters(server: Server) -> None:
    server.send("1")
    for _ in range(2):
        assert server.bodies(VisibilityTimeout=0) == ["1"]
    assert (server.bodies(), server.bodies(server.dead)) == ([], ["1"])


def test_a_deleted_message_never_comes_back_and_may_be_deleted_twice(server: Server) -> None:
    server.send("1")
    [taken] = server.take()
    for _ in range(2):
        server.sqs.delete_message(QueueUrl=server.work, ReceiptHandle=taken["ReceiptHandle"])
    assert server.counts() == (0, 0)


def test_a_batch_names_its_failed_entries(server: Server) -> None:
    entries = [{"Id": str(n), "MessageBody": str(n), "DelaySeconds": n} for n in range(2)]
    sent = server.sqs.send_message_batch(QueueUrl=server.work, Entries=entries)
    assert [each["Id"] for each in sent["Successful"]] == ["0", "1"]
    [taken] = server.take()
    receipts = [taken["ReceiptHandle"], "no receipt"]
    shown = server.sqs.change_message_visibility_batch(
        QueueUrl=server.work,
        Entries=[
            {"Id": str(n), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
            for n, receipt in enumerate(receipts)
        ],
    )
    assert [each["Id"] for each in shown["Successful"]] == ["0"]
    assert [(each["Id"], each["Code"]) for each in shown["Failed"]] == [
        ("1", "ReceiptHandleIsInvalid")
    ]
    assert server.bodies() == ["0"]
    time.sleep(1.1)
    assert server.bodies() == ["1"]


def test_a_poll_waits_for_a_message_and_no_longer(server: Server) -> None:
    threading.Timer(0.3, server.send, ["late"]).start()
    began = time.monotonic()
    assert server.bodies(WaitTimeSeconds=10) == ["late"]
    assert 0.2 < time.monotonic() - began < 3
    began = time.monotonic()
    assert server.bodies(WaitTimeSeconds=1) == []
    assert 0.9 < time.monotonic() - began < 3


def test_a_poll_receives_a_message_once_it_is_visible_again(server: Server) -> None:
    server.send("1")
    server.take(VisibilityTimeout=1)
    began = time.monotonic()
    assert server.bodies(WaitTimeSeconds=10) == ["1"]
    assert 0.5 < time.monotonic() - began < 3


def test_an_abandoned_poll_takes_no_message(server: Server) -> None:
    endpoint = server.sqs.meta.endpoint_url
    source = (
        "import sys; from infra.local.resources import client; print('here', flush=True);"
        "client('sqs', sys.argv[1]).receive_message(QueueUrl=sys.argv[2], WaitTimeSeconds=20)"
    )
    command = [sys.executable, "-c", source, endpoint, server.work]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY) as gone:
        assert gone.stdout is not None
        gone.stdout.readline()
        time.sleep(1)
        gone.kill()
    server.send("1")
    assert server.bodies() == ["1"]


def test_a_message_of_a_topic_goes_to_each_queue_with_a_matching_filter(server: Server) -> None:
    wanted = json.dumps({"type": ["tea", "cup"]})
    server.subscribe(server.work, RawMessageDelivery="true", FilterPolicy=wanted)
    server.subscribe(server.dead)
    entries = [
        {
            "Id": str(n),
            "Message": f"{kind} 杯",
            "MessageAttributes": {"type": {"DataType": "String", "StringValue": kind}},
        }
        for n, kind in enumerate(["tea", "milk", "cup"])
    ]
    answer = server.sns.publish_batch(TopicArn=server.topic, PublishBatchRequestEntries=entries)
    assert [each["Id"] for each in answer["Successful"]] == ["0", "1", "2"]
    assert answer["Failed"] == []
    assert [(each["Body"], each["MessageAttributes"]) for each in server.take()] == [
        (f"{each} 杯", {"type": {"DataType": "String", "StringValue": each}})
        for each in ("tea", "cup")
    ]
    told = [json.loads(body) for body in server.bodies(server.dead)]
    assert [each["Message"] for each in told] == ["tea 杯", "milk 杯", "cup 杯"]
    assert told[0]["MessageAttributes"] == {"type": {"Type": "String", "Value": "tea"}}


def test_a_message_without_the_filtered_attribute_does_not_pass(server: Server) -> None:
    server.subscribe(
        server.work, RawMessageDelivery="true", FilterPolicy=json.dumps({"type": ["tea"]})
    )
    server.sns.publish(TopicArn=server.topic, Message="bare")
    assert server.take() == []


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([("0", "x"), ("0", "y")], "BatchEntryIdsNotDistinct"),
        ([(str(n), "x") for n in range(11)], "TooManyEntriesInBatchRequest"),
        ([("0", "x" * 140_000), ("1", "x" * 140_000)], "BatchRequestTooLong"),
    ],
)
def test_a_batch_that_sns_refuses_is_refused_whole(
    server: Server, entries: list[tuple[str, str]], code: str
) -> None:
    server.subscribe(server.work, RawMessageDelivery="true")
    asked = [{"Id": key, "Message": text} for key, text in entries]
    with pytest.raises(ClientError) as refused:
        server.sns.publish_batch(TopicArn=server.topic, PublishBatchRequestEntries=asked)
    assert (code_of(refused), server.take()) == (code, [])


def test_a_deleted_topic_takes_no_messages(server: Server) -> None:
    server.sns.delete_topic(TopicArn=server.topic)
    with pytest.raises(ClientError) as refused:
        server.sns.publish(TopicArn=server.topic, Message="1")
    assert code_of(refused) == "NotFound"


def test_an_unknown_filter_is_refused(server: Server) -> None:
    with pytest.raises(ClientError) as refused:
        server.subscribe(server.work, FilterPolicy=json.dumps({"type": [{"prefix": "t"}]}))
    assert code_of(refused) == "InvalidParameter"


def test_an_unknown_queue_has_the_error_of_sqs(server: Server) -> None:
    with pytest.raises(server.sqs.exceptions.QueueDoesNotExist) as refused:
        server.sqs.get_queue_url(QueueName="nobody")
    assert code_of(refused) == "AWS.SimpleQueueService.NonExistentQueue"


def test_a_text_goes_out_once_for_each_notice(server: Server) -> None:
    named = {"jifen.notice_id": {"DataType": "String", "StringValue": "ntc_1"}}
    ids = [
        server.sns.publish(PhoneNumber="+8613800138000", Message="hi", MessageAttributes=named)
        for _ in range(2)
    ]
    assert ids[0]["MessageId"] == ids[1]["MessageId"]


def test_a_killed_server_keeps_all_answered_messages(server: Server) -> None:
    for number in range(4):
        server.send(str(number))
    [first] = server.take(MaxNumberOfMessages=1)
    server.take(MaxNumberOfMessages=1)
    server.sqs.delete_message(QueueUrl=server.work, ReceiptHandle=first["ReceiptHandle"])
    server.kill()
    server.start()
    found = server.take()
    assert [each["Body"] for each in found] == ["1", "2", "3"]
    # Who had received one is gone; that it was received counts on.
    assert [each["Attributes"]["ApproximateReceiveCount"] for each in found] == ["2", "1", "1"]


def test_a_kill_loses_none_of_many_answered_messages(server: Server) -> None:
    answered: list[str] = []

    def send(lane: int) -> None:
        for number in range(10_000):
            try:
                body = f"{lane}-{number}"
                server.sqs.send_message(QueueUrl=server.work, MessageBody=body)
            except Exception:
                return
            answered.append(body)

    lanes = [threading.Thread(target=send, args=(lane,)) for lane in range(4)]
    for lane in lanes:
        lane.start()
    while len(answered) < 60:
        time.sleep(0.01)
    server.kill()
    for lane in lanes:
        lane.join()
    server.start()
    there: set[str] = set()
    while found := server.bodies():
        there.update(found)
    assert set(answered) <= there


def test_messages_stored_by_an_earlier_release_are_taken_over(tmp_path: Path) -> None:
    written = subprocess.run(
        [sys.executable, "-c", _EARLIER, str(tmp_path / "aws.db")],
        cwd=REPOSITORY,
        env={**os.environ},
        check=False,
        capture_output=True,
        text=True,
    )
    assert written.returncode == 0, written.stderr
    server = Server(tmp_path / "aws.db")
    try:
        [found] = server.take()
    finally:
        server.kill()
    assert (found["Body"], found["Attributes"]["ApproximateReceiveCount"]) == ("old", "2")
    assert found["MessageAttributes"]["type"]["StringValue"] == "tea"


_EARLIER = """
import pickle, sqlite3, sys
from moto.sqs.models import Message
message = Message("id-1", "old")
message.mark_sent()
message.message_attributes = {"type": {"data_type": "String", "string_value": "tea"}}
database = sqlite3.connect(sys.argv[1])
database.execute(
    "CREATE TABLE messages (id TEXT PRIMARY KEY, queue TEXT NOT NULL, sent_at REAL NOT NULL,"
    " receives INTEGER NOT NULL, content BLOB NOT NULL)"
)
row = (message.id, "work-0", message.sent_timestamp, 1, pickle.dumps(message))
database.execute("INSERT INTO messages VALUES (?, ?, ?, ?, ?)", row)
database.commit()
"""
