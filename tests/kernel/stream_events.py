"""Batches of a stream or a queue as Lambda hands them over, and facts of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

from chalice.app import DynamoDBEvent

from chalicelib.kernel.store.facts import Fact, FactData
from chalicelib.kernel.store.streams import Change

ARN = "arn:aws:lambda:ap-southeast-1:123456789012:function:jifen-dev-ledger_relay"
STREAM = "arn:aws:dynamodb:ap-southeast-1:123456789012:table/jifen-dev-ledger/stream/2026"


def records(*numbers: int) -> DynamoDBEvent:
    """A batch of changes as Lambda hands it over."""
    told = [
        {
            "eventName": "INSERT",
            "eventSourceARN": STREAM,
            "dynamodb": {
                "ApproximateCreationDateTime": 1763712000.0,
                "SequenceNumber": str(n),
                "NewImage": {"pk": {"S": "p"}, "n": {"N": n}},
            },
        }
        for n in numbers
    ]
    context = SimpleNamespace(
        function_name="jifen-dev-ledger_relay",
        function_version="$LATEST",
        invoked_function_arn=ARN,
        aws_request_id="r-1",
    )
    return DynamoDBEvent({"Records": told}, context)


class Numbered(FactData, frozen=True):
    TYPE: ClassVar[str] = "ledger.entry"

    n: int


def fact(n: int, part: int = 0) -> Fact[Numbered]:
    return Fact.of(f"fact:{n}:{part}", "2026-11-21T08:00:00Z", Numbered(n))


def one_each(change: Change) -> list[Fact]:
    assert change.after is not None
    n = change.after["n"]["N"]
    if n < 0:
        raise ValueError("poison")
    return [fact(n)]


def resume_at(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def messages(*bodies: str) -> dict[str, Any]:
    return {"Records": [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]}
