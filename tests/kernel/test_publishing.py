"""A topic refuses some facts of a call: none is lost, skipped or reordered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import chain, pairwise
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store import facts, streams
from chalicelib.kernel.store.facts import Fact, FactData, FactRefused, sent_before
from tests.kernel.stream_events import fact, one_each, records, resume_at

BUSY, UNFIT = "InternalError", "InvalidParameter"


def size_of(entry: dict[str, Any]) -> int:
    """The bytes that SNS counts: the message, and names, types and values of its attributes."""
    told = [(name, *value.values()) for name, value in entry["MessageAttributes"].items()]
    return sum(len(text.encode()) for text in (entry["Message"], *chain(*told)))


class Topic:
    """An SNS client that fails given facts while it is told to."""

    def __init__(self, failing: dict[str, str]) -> None:
        self.failing, self.calls = failing, 0
        self.taken: list[str] = []
        self.sizes: list[int] = []
        self.attributes: list[dict[str, dict[str, str]]] = []

    def publish_batch(self, **asked: Any) -> dict[str, Any]:
        self.calls += 1
        answer: dict[str, list[Any]] = {"Successful": [], "Failed": []}
        entries = asked["PublishBatchRequestEntries"]
        self.sizes.append(sum(map(size_of, entries)))
        self.attributes += [entry["MessageAttributes"] for entry in entries]
        assert len(entries) <= 10
        for entry in entries:
            told: str = json.loads(entry["Message"])["id"]
            if code := self.failing.get(told):
                # SNS names those that failed in no order of ours.
                answer["Failed"].insert(0, {"Id": entry["Id"], "Code": code, "Message": "no"})
            else:
                self.taken.append(told)
                answer["Successful"].append({"Id": entry["Id"]})
        return answer


def topic(monkeypatch: pytest.MonkeyPatch, **failing: str) -> Topic:
    made = Topic({f"fact:{name[1:]}:0": code for name, code in failing.items()})
    monkeypatch.setattr(facts, "_sns", lambda: made)
    return made


@pytest.fixture
def parked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def park(record: dict[str, Any], _context: Any) -> str:
        found.append(record["dynamodb"]["SequenceNumber"])
        return "a key"

    monkeypatch.setattr(streams, "park", park)
    return found


def test_publishing_counts_the_facts_before_the_first_refused_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topic(monkeypatch, _13=BUSY, _17=BUSY)
    with pytest.raises(Unavailable) as busy:
        facts.publish([fact(n) for n in range(20)])
    assert sent_before(busy.value) == 13
    topic(monkeypatch, _4=UNFIT)
    with pytest.raises(FactRefused) as refused:
        facts.publish([fact(n) for n in range(10)])
    assert sent_before(refused.value) == 4
    assert sent_before(ValueError("no such thing")) == 0


def test_a_stream_resumes_at_the_first_refused_change(
    monkeypatch: pytest.MonkeyPatch, parked: list[str]
) -> None:
    busy = topic(monkeypatch, _14=BUSY, _17=BUSY)
    assert resume_at(streams.relay(records(*range(1, 26)), one_each)) == ["14"]
    # Those behind it in the same call may be out; the next calls are not made.
    assert busy.taken == [f"fact:{n}:0" for n in range(1, 21) if n not in {14, 17}]
    busy.failing.clear()
    assert resume_at(streams.relay(records(*range(14, 26)), one_each)) == []
    assert set(busy.taken) == {f"fact:{n}:0" for n in range(1, 26)}
    assert parked == []


def test_an_unfit_fact_is_parked_and_earlier_ones_are_not_sent_again(
    monkeypatch: pytest.MonkeyPatch, parked: list[str]
) -> None:
    unfit = topic(monkeypatch, _5=UNFIT)
    assert resume_at(streams.relay(records(*range(1, 13)), one_each)) == []
    assert parked == ["5"]
    sent = unfit.taken
    assert sent[:4] == [f"fact:{n}:0" for n in range(1, 5)]
    assert all(sent.count(f"fact:{n}:0") == 1 for n in (1, 2, 3, 4, 11, 12))
    assert set(sent) == {f"fact:{n}:0" for n in range(1, 13) if n != 5}


def test_an_outage_after_an_unfit_fact_parks_that_fact_and_resumes_after_it(
    monkeypatch: pytest.MonkeyPatch, parked: list[str]
) -> None:
    topic(monkeypatch, _3=UNFIT, _6=BUSY)
    assert resume_at(streams.relay(records(*range(1, 9)), one_each)) == ["6"]
    assert parked == ["3"]


def test_an_unfit_fact_after_an_outage_is_not_parked_yet(
    monkeypatch: pytest.MonkeyPatch, parked: list[str]
) -> None:
    topic(monkeypatch, _3=BUSY, _6=UNFIT)
    assert resume_at(streams.relay(records(*range(1, 9)), one_each)) == ["3"]
    assert parked == []


def test_a_change_whose_second_fact_is_refused_is_repeated_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy = topic(monkeypatch)
    busy.failing["fact:2:1"] = BUSY
    answer = streams.relay(
        records(1, 2, 3), lambda c: [fact(int(c.sequence_number), p) for p in range(2)]
    )
    assert resume_at(answer) == ["2"]


class Large(FactData, frozen=True):
    TYPE: ClassVar[str] = "large"
    ATTRIBUTES: ClassVar[Mapping[str, str]] = {"kind": "kind"}

    n: str
    kind: str = "cup"


def large(n: int, size: int) -> Fact[Large]:
    kind = "cup" * (size % 500)
    return Fact.of(f"fact:{n}:0", "2026-11-21T08:00:00Z", Large("杯" * (size // 3), kind))


def test_a_fact_has_its_type_and_its_declared_fields_as_attributes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = topic(monkeypatch)
    facts.publish([fact(1), large(2, 1)])
    assert found.attributes == [
        {"type": {"DataType": "String", "StringValue": "ledger.entry"}},
        {
            "type": {"DataType": "String", "StringValue": "large"},
            "kind": {"DataType": "String", "StringValue": "cup"},
        },
    ]


@settings(deadline=None)
@given(sizes=st.lists(st.integers(0, 250_000), max_size=25))
def test_no_call_exceeds_the_bytes_that_sns_takes(sizes: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        found = topic(patch)
        sent = [large(n, size) for n, size in enumerate(sizes)]
        facts.publish(sent)
    assert found.taken == [each.id for each in sent]
    assert all(size <= facts.MAX_BATCH_BYTES for size in found.sizes)
    # No call more than the limits ask for: two that follow each other would not fit into one.
    full = [a + b > facts.MAX_BATCH_BYTES - 1000 for a, b in pairwise(found.sizes)]
    assert found.calls <= -(-len(sizes) // 10) + sum(full)
