"""Streams, queues and schedules reach the application like with Lambda."""

import json
import time

from tests.local.conftest import Sample


def test_stream_records_arrive_once_and_in_order(sample: Sample) -> None:
    for n in range(30):
        sample.put("in-order", n={"N": str(n)})
    assert sample.drain()["relay"] == 30
    assert sample.notes("record")[-30:] == list(range(30))
    assert sample.drain() == {}


def test_a_poison_record_is_parked_whole_and_the_others_are_delivered(sample: Sample) -> None:
    sample.drain()
    for n in range(100, 112):
        extra = {"poison": {"S": "yes"}} if n == 105 else {}
        sample.put("poisoned", n={"N": str(n)}, **extra)
    sample.put("poisoned", n={"N": "112"}, crash={"BOOL": True}, raw={"B": b"\x00\xff"})
    sample.put("poisoned", n={"N": "113"})
    sample.drain()
    # Records before a failure may be repeated; none is skipped or reordered.
    seen = [n for n in sample.notes("record") if n >= 100]
    assert list(dict.fromkeys(seen)) == [n for n in range(100, 114) if n not in {105, 112}]
    s3, bucket = sample.client("s3"), sample.ref("Parked")
    parcels = [
        json.loads(s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read())
        for each in s3.list_objects_v2(Bucket=bucket, Prefix="aws/lambda/relay/")["Contents"]
    ]
    parked = [json.loads(parcel["payload"])["Records"] for parcel in parcels]
    assert sorted(int(r["dynamodb"]["NewImage"]["n"]["N"]) for [r] in parked) == [105, 112]
    assert {parcel["requestContext"]["condition"] for parcel in parcels} == {
        "RetryAttemptsExhausted"
    }
    assert all(parcel["DDBStreamBatchInfo"]["batchSize"] == 1 for parcel in parcels)


def test_messages_of_a_topic_reach_a_function_through_the_filter_of_its_queue(
    sample: Sample,
) -> None:
    sns, topic = sample.client("sns"), sample.ref("Facts")
    for n, kind in enumerate(["wanted", "other", "wanted"]):
        attributes = {"type": {"DataType": "String", "StringValue": kind}}
        message = json.dumps({"n": f"fact-{n}"})
        sns.publish(TopicArn=topic, Message=message, MessageAttributes=attributes)
    assert sample.drain()["consume"] == 2
    assert sorted(sample.notes("message")[-2:]) == ["fact-0", "fact-2"]


def test_a_failed_message_is_retried_alone(sample: Sample) -> None:
    sqs, queue = sample.client("sqs"), sample.ref("Work")
    entries = [
        {"Id": str(n), "MessageBody": json.dumps({"n": f"try-{n}", "fails": n})} for n in (0, 1)
    ]
    sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    sample.drain()
    assert sorted(n for n in sample.notes("message") if str(n).startswith("try")) == [
        "try-0",
        "try-1",
    ]


def test_a_message_that_always_fails_ends_in_the_dead_letters(sample: Sample) -> None:
    sqs = sample.client("sqs")
    sqs.send_message(QueueUrl=sample.ref("Work"), MessageBody='{"n": 1, "fails": 99}')
    sample.drain()
    dead = sqs.receive_message(QueueUrl=sample.ref("WorkDead"))["Messages"]
    assert [json.loads(message["Body"])["fails"] for message in dead] == [99]


def test_a_batch_gathers_what_comes_within_its_window_and_a_drain_ends_it(sample: Sample) -> None:
    sqs, queue, numbers = sample.client("sqs"), sample.ref("Many"), list(range(24))
    for start in range(0, len(numbers), 8):
        part = numbers[start : start + 8]
        entries = [{"Id": str(number), "MessageBody": json.dumps(number)} for number in part]
        sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    assert sample.drain()["gather"] == len(numbers)
    batches = sample.notes("gathered")
    assert sorted(number for batch in batches for number in batch) == numbers
    assert len(batches) <= 2, "as many as batches run at a time"
    assert sample.drain() == {}, "all were deleted"


def test_a_scheduled_function_runs_by_its_name_on_the_programs_clock(sample: Sample) -> None:
    before = sample.http.get("/_local/info").json()["now"]
    moved = sample.http.post("/_local/clock", json={"advance_seconds": 86400}).json()["now"]
    assert moved > before
    answer = sample.http.post("/_local/functions/sweep").json()
    assert answer["function"] == "sweep"
    assert answer["result"]["at"] >= moved
    assert sample.notes("sweep") == ["Scheduled Event"]


def test_a_message_arrives_within_half_a_second(sample: Sample) -> None:
    began = time.monotonic()
    body = '{"n": "quick"}'
    sample.client("sqs").send_message(QueueUrl=sample.ref("Work"), MessageBody=body)
    while "quick" not in sample.notes("message"):
        assert time.monotonic() - began < 0.5
        time.sleep(0.01)
