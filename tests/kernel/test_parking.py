"""A record that can never be applied is parked at once; an outage parks nothing."""

from __future__ import annotations

import json
from threading import Event
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from chalice.app import DynamoDBEvent

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.settings import MissingSetting
from chalicelib.kernel.store import parking, streams
from chalicelib.kernel.store.facts import Fact, FactRefused
from chalicelib.kernel.store.streams import Change, relay
from infra.local.delivery import Delivery
from infra.local.errors import FunctionFailed
from infra.local.functions import StreamSource
from tests.kernel.stream_events import ARN, STREAM, fact, one_each, records, resume_at
from tests.settings import changed

AN_OUTAGE = [
    Unavailable(),
    EndpointConnectionError(endpoint_url="https://sns"),
    *(ClientError({"Error": {"Code": code}}, "PublishBatch")
      for code in ("Throttling", "InternalError", "AuthorizationError", "NotFound")),
    MissingSetting("JIFEN_FACTS_TOPIC is not set"),
]  # fmt: skip


class Bucket:
    """An S3 client that keeps objects, or is unreachable."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.error: Exception | None = None

    def put_object(self, **asked: Any) -> None:
        if self.error is not None:
            raise self.error
        assert asked["Bucket"] == "jifen-dev-parked"
        self.kept[asked["Key"]] = json.loads(asked["Body"])

    def numbers(self) -> list[str]:
        """Sequence numbers of the records that are parked."""
        return [
            record["dynamodb"]["SequenceNumber"]
            for parcel in self.kept.values()
            for record in json.loads(parcel["payload"])["Records"]
        ]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    made = Bucket()
    monkeypatch.setattr(parking, "s3", lambda: made)
    monkeypatch.setattr(parking, "config", lambda: changed(parked_bucket="jifen-dev-parked"))
    return made


def test_an_unreadable_record_is_parked_and_the_others_are_published(
    published: list[Fact], bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    assert resume_at(relay(records(1, 2, -3, 4), one_each)) == []
    assert published == [fact(1), fact(2), fact(4)]
    assert bucket.numbers() == ["-3"]
    [key] = bucket.kept
    assert key.startswith("aws/lambda/jifen-dev-ledger_relay/unreadable/")
    assert '"RecordParked"' in capsys.readouterr().out


def test_a_record_replayed_too_early_is_parked_again(published: list[Fact], bucket: Bucket) -> None:
    """The replay reads "no failures" and deletes the replayed record."""
    relay(records(-3), one_each)
    [first] = bucket.kept
    payload = json.loads(bucket.kept[first]["payload"])
    assert resume_at(relay(DynamoDBEvent(payload, records().context), one_each)) == []
    del bucket.kept[first]
    assert (bucket.numbers(), published) == (["-3"], [])


def test_a_record_is_parked_once_although_an_outage_repeats_its_batch(
    monkeypatch: pytest.MonkeyPatch, bucket: Bucket
) -> None:
    sent: list[int] = []

    def publish(some: list[Fact]) -> None:
        if "down" in outage or any(each.data.n == 4 for each in some):
            raise Unavailable()
        sent.extend(each.data.n for each in some)

    monkeypatch.setattr(streams, "publish", publish)
    outage = {"down"}
    for _ in range(3):
        assert resume_at(relay(records(1, -3, 4), one_each)) == ["1"]
    assert bucket.kept == {}
    outage.clear()
    assert resume_at(relay(records(1, -3, 4), one_each)) == ["4"]
    assert (sent, bucket.numbers()) == ([1], ["-3"])


def _lambdas_own(record: dict[str, Any]) -> dict[str, Any]:
    """The local stack's record for the failure destination."""
    kept: list[bytes] = []

    def fails(*_: object) -> None:
        raise FunctionFailed("always")

    source = StreamSource("ledger_relay", STREAM, 1, True, True, 0, -1, "parked")
    delivery = Delivery(
        source, "shard", fails, lambda *told: kept.append(told[2]), lambda *_: None, Event()
    )
    delivery.deliver([record])
    found: dict[str, Any] = json.loads(kept[0])
    return found


def _shape(parcel: Any) -> Any:
    """Names and kinds of its content."""
    if isinstance(parcel, dict):
        return {name: _shape(value) for name, value in parcel.items()}
    return type(parcel)


@pytest.mark.usefixtures("published")
def test_a_parked_record_has_the_shape_of_lambdas_own_ones(bucket: Bucket) -> None:
    event = records(1, -3)
    relay(event, one_each)
    [parcel] = bucket.kept.values()
    own = _lambdas_own(event.to_dict()["Records"][1])
    assert _shape(parcel) == _shape(own)
    assert parcel["payload"] == own["payload"]
    differ = {"requestContext": ARN, "timestamp": "", "DDBStreamBatchInfo": ""}
    assert {k: v for k, v in parcel.items() if k not in differ} == {
        k: v for k, v in own.items() if k not in differ
    }
    assert parcel["requestContext"] == {
        "requestId": "r-1",
        "functionArn": ARN,
        "condition": "RecordUnreadable",
        "approximateInvokeCount": 1,
    }


def test_a_record_that_cannot_be_parked_stops_its_stream(
    published: list[Fact], bucket: Bucket
) -> None:
    bucket.error = EndpointConnectionError(endpoint_url="https://s3")
    assert resume_at(relay(records(1, 2, -3, 4), one_each)) == ["-3"]
    assert published == [fact(1), fact(2)]


@pytest.mark.parametrize("error", AN_OUTAGE, ids=str)
def test_an_outage_parks_nothing_and_all_facts_are_published_after_it(
    monkeypatch: pytest.MonkeyPatch, bucket: Bucket, error: Exception
) -> None:
    sent: list[Fact] = []
    outage: list[Exception] = [error]

    def publish(some: list[Fact]) -> None:
        if outage:
            raise outage[0]
        sent.extend(some)

    def asks_somebody(change: Change) -> list[Fact]:
        if outage:
            # Powertools raises this for an unreachable secret.
            raise RuntimeError("wrapped") from outage[0]
        return one_each(change)

    monkeypatch.setattr(streams, "publish", publish)
    for _ in range(20):
        assert resume_at(relay(records(1, 2, 3), one_each)) == ["1"]
        assert resume_at(relay(records(1, 2, 3), asks_somebody)) == ["1"]
    outage.clear()
    assert resume_at(relay(records(1, 2, 3), asks_somebody)) == []
    assert (sent, bucket.kept) == ([fact(1), fact(2), fact(3)], {})


def test_a_fact_that_the_topic_refuses_for_good_is_parked_alone(
    monkeypatch: pytest.MonkeyPatch, bucket: Bucket
) -> None:
    sent: list[Fact] = []

    def publish(some: list[Fact]) -> None:
        if any(each.data.n == 5 for each in some):
            raise FactRefused("InvalidParameter")
        sent.extend(some)

    monkeypatch.setattr(streams, "publish", publish)
    assert resume_at(relay(records(*range(25)), one_each)) == []
    assert sent == [fact(n) for n in range(25) if n != 5]
    assert bucket.numbers() == ["5"]


def test_facts_that_are_too_large_together_go_out_one_by_one(
    monkeypatch: pytest.MonkeyPatch, bucket: Bucket
) -> None:
    sent: list[Fact] = []

    def publish(some: list[Fact]) -> None:
        if len(some) > 1:
            raise FactRefused("BatchRequestTooLong")
        sent.extend(some)

    monkeypatch.setattr(streams, "publish", publish)
    assert resume_at(relay(records(*range(12)), one_each)) == []
    assert (sent, bucket.kept) == ([fact(n) for n in range(12)], {})
