"""No source waits for another: a slow, stuck or unreadable one blocks only itself."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.local.conftest import Sample


def _send(sample: Sample, **message: Any) -> None:
    sqs, queue = sample.client("sqs"), sample.ref("Work")
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(message))


def _write(sample: Sample, *numbers: int, **attributes: Any) -> None:
    for n in numbers:
        item = {"pk": {"S": "told"}, "n": {"N": str(n)}, **attributes}
        sample.client("dynamodb").put_item(TableName=sample.ref("Others"), Item=item)


def _heard(sample: Sample) -> list[int]:
    sqs, queue = sample.client("sqs"), sample.ref("Heard")
    heard: list[int] = []
    while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for message in found:
            heard.append(json.loads(message["Body"])["data"]["n"])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return sorted(heard)


def _parked(sample: Sample) -> list[dict[str, Any]]:
    s3, bucket = sample.client("s3"), sample.ref("Parked")
    found = s3.list_objects_v2(Bucket=bucket, Prefix="aws/lambda/jifen-tell/").get("Contents", [])
    return [
        json.loads(s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()) for each in found
    ]


def _failures(sample: Sample) -> int:
    return (sample.stack.home / "logs/functions.log").read_text().count('"RelayStopped":[')


def test_long_functions_delay_no_stream_and_no_queue(sample: Sample) -> None:
    with ThreadPoolExecutor(3) as clients, sample.resting():
        naps = [clients.submit(sample.http.post, "/_local/functions/nap") for _ in range(3)]
        _send(sample, n="slow", rests=True)
        sample.wait_for("resting", ["slow"])
        while len(sample.notes("nap")) < len(naps):
            time.sleep(0.01)
        sample.put("beside", n={"N": "77"})
        _send(sample, n="beside")
        sample.wait_for("record", [77])
        sample.wait_for("message", ["beside"])
        assert "slow" not in sample.notes("message")
    assert {nap.result().status_code for nap in naps} == {200}
    sample.drain()
    assert "slow" in sample.notes("message")


def test_a_drain_waits_for_running_functions(sample: Sample) -> None:
    with ThreadPoolExecutor(2) as clients, sample.resting():
        _send(sample, n="last", rests=True)
        sample.wait_for("resting", ["last"])
        draining = clients.submit(sample.drain)
    assert draining.result()["consume"] == 1
    assert "last" in sample.notes("message")


def test_a_relay_parks_an_unreadable_record_and_publishes_the_next_ones(sample: Sample) -> None:
    _write(sample, 1, 2)
    _write(sample, 3, poison={"BOOL": True}, raw={"B": b"\x00\xff"})
    _write(sample, 4)
    sample.drain()
    assert _heard(sample) == [1, 2, 4]
    [parcel] = _parked(sample)
    assert parcel["requestContext"]["condition"] == "RecordUnreadable"
    assert parcel["requestContext"]["functionArn"].endswith(":function:jifen-tell")
    [record] = json.loads(parcel["payload"])["Records"]
    assert record["dynamodb"]["NewImage"]["n"] == {"N": "3"}
    assert parcel["DDBStreamBatchInfo"]["streamArn"] == record["eventSourceARN"]


def test_an_outage_parks_nothing_and_all_facts_are_published_after_it(sample: Sample) -> None:
    sample.drain()
    parked, failed = _parked(sample), _failures(sample)
    sns, topic = sample.client("sns"), sample.ref("Told")
    [hears] = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    sns.delete_topic(TopicArn=topic)
    _write(sample, *range(10, 15))
    # More often than the failure destination of any stream here would have patience.
    while _failures(sample) < failed + 4:
        time.sleep(0.05)
    assert _heard(sample) == []
    sns.create_topic(Name=topic.rpartition(":")[2])
    sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=hears["Endpoint"],
        Attributes={"RawMessageDelivery": "true"},
    )
    sample.drain()
    assert _heard(sample) == list(range(10, 15))
    assert _parked(sample) == parked
