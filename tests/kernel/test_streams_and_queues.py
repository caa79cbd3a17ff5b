"""Streams stop at the first failure; queues report each message for itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store import facts, queues, streams
from chalicelib.kernel.store.facts import Fact, FactRefused
from chalicelib.kernel.store.streams import relay
from tests.kernel.stream_events import Numbered, fact, messages, one_each, records, resume_at


def test_every_change_is_published_in_order(published: list[Fact]) -> None:
    assert resume_at(relay(records(*range(25)), one_each)) == []
    assert published == [fact(n) for n in range(25)]


def test_a_stream_resumes_at_the_first_unpublished_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[Fact] = []

    def publish(some: list[Fact]) -> None:
        if len(sent) >= 10:
            raise Unavailable()
        sent.extend(some)

    monkeypatch.setattr(streams, "publish", publish)
    assert resume_at(relay(records(*range(1, 25)), one_each)) == ["11"]
    assert sent == [fact(n) for n in range(1, 11)]


def test_a_change_counts_as_published_after_all_its_facts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[list[Fact]] = []

    def publish(some: list[Fact]) -> None:
        calls.append(some)
        if len(calls) == 2:
            raise Unavailable()

    monkeypatch.setattr(streams, "publish", publish)
    answer = relay(records(1, 2), lambda c: [fact(int(c.sequence_number), p) for p in range(7)])
    assert resume_at(answer) == ["2"]


def test_a_change_without_facts_counts_as_published(published: list[Fact]) -> None:
    assert resume_at(relay(records(1, 2), lambda _: [])) == []
    assert published == []


def test_a_removed_item_is_known_by_its_old_keys() -> None:
    image = {"pk": {"S": "MBR#1"}, "sk": {"S": "PROFILE"}}
    event = {"Records": [{"dynamodb": {"SequenceNumber": "7", "OldImage": image}}]}
    (change,) = streams.changes(event)
    assert (change.keys, change.after) == (("MBR#1", "PROFILE"), None)


def test_a_failed_message_comes_back_and_the_others_do_not() -> None:
    seen: list[Any] = []

    def handle(given: Fact) -> None:
        seen.append(given.data.n)
        if given.data.n == 1:
            raise Unavailable()

    bodies = [
        json.dumps({"id": "x", "type": "ledger.entry", "occurred_at": "", "data": {"n": n}})
        for n in range(3)
    ]
    answer = queues.consume(messages(*bodies, "not json", "[]", "{}"), {Numbered: handle})
    assert resume_at(answer) == ["1", "3", "4", "5"]
    assert seen == [0, 1, 2]


def test_an_unknown_type_of_fact_fails_unless_its_consumer_takes_all_types() -> None:
    newer = json.dumps(
        {
            "id": "x",
            "type": "tier.reached",
            "version": 1,
            "occurred_at": "",
            "data": {"tier": "gold"},
        }
    )
    handlers = {Numbered: lambda _: None}
    assert resume_at(queues.consume(messages(newer), handlers)) == ["0"]
    assert resume_at(queues.consume(messages(newer), handlers, hears_all=True)) == []


def test_a_newer_version_is_read_in_its_known_fields() -> None:
    seen: list[Fact] = []
    body = {"id": "x", "type": "ledger.entry", "occurred_at": "", "data": {"n": 1, "later": {}}}
    event = messages(json.dumps(body), json.dumps({**body, "version": 2, "later": []}))
    assert resume_at(queues.consume(event, {Numbered: seen.append})) == []
    assert [(fact.version, fact.data) for fact in seen] == [(1, Numbered(1)), (2, Numbered(1))]


class Topic:
    """An SNS client that takes ten facts a call and refuses given ones."""

    def __init__(self) -> None:
        self.calls: list[list[dict[str, Any]]] = []
        self.failed: list[dict[str, str]] = []
        self.error: Exception | None = None

    def publish_batch(self, **asked: Any) -> dict[str, Any]:
        if self.error is not None:
            raise self.error
        entries = asked["PublishBatchRequestEntries"]
        assert len(entries) <= 10
        assert len({entry["Id"] for entry in entries}) == len(entries)
        self.calls.append(entries)
        return {"Failed": self.failed}


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Topic:
    made = Topic()
    monkeypatch.setattr(facts, "_sns", lambda: made)
    return made


def test_facts_arrive_as_they_were_sent_with_their_type_as_an_attribute(topic: Topic) -> None:
    sent = [fact(n) for n in range(23)]
    facts.publish(sent)
    entries = [entry for call in topic.calls for entry in call]
    assert [facts.read_fact(entry["Message"], [Numbered]) for entry in entries] == sent
    assert {e["MessageAttributes"]["type"]["StringValue"] for e in entries} == {"ledger.entry"}


def test_a_fact_refused_by_the_topic_is_unavailable(topic: Topic) -> None:
    topic.failed = [{"Id": "0"}]
    with pytest.raises(Unavailable):
        facts.publish([fact(1)])


def test_a_fact_that_does_not_fit_the_topic_is_refused_for_good(topic: Topic) -> None:
    topic.failed = [{"Id": "0", "Code": "InvalidParameter"}]
    with pytest.raises(FactRefused):
        facts.publish([fact(1)])
    topic.error = ClientError({"Error": {"Code": "BatchRequestTooLong"}}, "PublishBatch")
    with pytest.raises(FactRefused):
        facts.publish([fact(1)])
    topic.error = ClientError({"Error": {"Code": "Throttling"}}, "PublishBatch")
    with pytest.raises(ClientError):
        facts.publish([fact(1)])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("InvalidParameter", "Invalid parameter: TopicArn Reason: no ARN"),
        ("InvalidParameter", "Invalid parameter: Topic Name"),
        ("InvalidParameter", "The MessageGroupId parameter is required for FIFO topics"),
        ("NotFound", "Topic does not exist"),
    ],
)
def test_a_wrong_topic_refuses_no_fact_for_good(topic: Topic, code: str, said: str) -> None:
    topic.failed = [{"Id": "0", "Code": code, "Message": said}]
    with pytest.raises(Unavailable):
        facts.publish([fact(1)])
    topic.error = ClientError({"Error": {"Code": code, "Message": said}}, "PublishBatch")
    with pytest.raises(ClientError) as refusal:
        facts.publish([fact(1)])
    assert not streams.is_its_own(refusal.value)


class Queue:
    """An SQS client that keeps messages, or is unreachable."""

    def __init__(self, error: Exception | None = None) -> None:
        self.taken: list[dict[str, Any]] = []
        self._error = error

    def send_message(self, **sent: Any) -> None:
        if self._error is not None:
            raise self._error
        self.taken.append(sent)


def test_a_consumer_reads_a_message_as_it_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue = Queue()
    monkeypatch.setattr(queues, "_sqs", lambda: queue)
    queues.send("https://sqs/settlements", fact(1))
    [sent] = queue.taken
    handled: list[Fact] = []
    event = {"Records": [{"messageId": "1", "body": sent["MessageBody"]}]}
    assert queues.consume(event, {Numbered: handled.append}) == {"batchItemFailures": []}
    assert (sent["QueueUrl"], handled) == ("https://sqs/settlements", [fact(1)])


def test_a_queue_that_cannot_be_reached_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = EndpointConnectionError(endpoint_url="https://sqs")
    monkeypatch.setattr(queues, "_sqs", lambda: Queue(lost))
    with pytest.raises(Unavailable):
        queues.send("https://sqs/settlements", fact(1))
