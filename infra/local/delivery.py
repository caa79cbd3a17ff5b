"""Hands a shard's records to a function in order: retries, bisects, parks, as Lambda does."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from infra.local.errors import FunctionFailed
from infra.local.functions import StreamSource
from infra.local.settings import ACCOUNT_ID, REGION

Record = dict[str, Any]
Invoke = Callable[[str, dict[str, Any]], Any]
Park = Callable[[str, str, bytes], None]
Done = Callable[[str, int], None]

_FIRST_BACKOFF_S, _LONGEST_BACKOFF_S = 0.2, 5.0
EXHAUSTED, TOO_OLD = "RetryAttemptsExhausted", "RecordAgeExceeded"


class Stopping(Exception):
    """The stack stops: undelivered records stay in their stream."""


class Delivery:
    """Delivers batches; `done` gets the number of the last handled record each time."""

    def __init__(
        self,
        source: StreamSource,
        shard: str,
        invoke: Invoke,
        park: Park,
        done: Done,
        stop: threading.Event,
    ) -> None:
        """Take a function's stream settings and what runs it, keeps failures and remembers."""
        self._source, self._shard = source, shard
        self._invoke, self._park, self._done, self._stop = invoke, park, done, stop

    def deliver(self, records: list[Record]) -> None:
        """Deal with every record, in order.

        Raises Stopping.
        """
        attempts = 0
        while records:
            good = self._attempt(records)
            if good:
                self._done(_number(records[good - 1]), good)
                records, attempts = records[good:], 0
            elif self._source.bisects and len(records) > 1:
                middle = len(records) // 2
                self.deliver(records[:middle])
                records = records[middle:]
            else:
                attempts += 1
                condition = self._given_up(records, attempts)
                if condition:
                    self._give_up(records, attempts, condition)
                    return
                self._pause(attempts)

    def _attempt(self, records: list[Record]) -> int:
        """Run the function; the number of leading records that it dealt with."""
        if self._stop.is_set():
            raise Stopping
        arn = self._source.stream_arn
        event = {"Records": [{**record, "eventSourceARN": arn} for record in records]}
        try:
            answer = self._invoke(self._source.function, event)
        except FunctionFailed as error:
            if self._stop.is_set():
                raise Stopping from error
            print(f"{self._source.function} failed on {len(records)} records: {error}", flush=True)
            return 0
        failures = (answer or {}).get("batchItemFailures") if isinstance(answer, dict) else None
        if not failures or not self._source.reports_failures:
            return len(records)
        failed = {failure.get("itemIdentifier") for failure in failures}
        return next((i for i, each in enumerate(records) if _number(each) in failed), 0)

    def _given_up(self, records: list[Record], attempts: int) -> str | None:
        if 0 <= self._source.retries < attempts:
            return EXHAUSTED
        age_s = time.time() - records[0]["dynamodb"]["ApproximateCreationDateTime"]
        return TOO_OLD if 0 <= self._source.oldest_s < age_s else None

    def _give_up(self, records: list[Record], attempts: int, condition: str) -> None:
        now = datetime.now(UTC)
        name = f"{now:%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}"
        key = f"aws/lambda/{self._source.function}/{self._shard}/{now:%Y/%m/%d}/{name}"
        if self._source.parked is not None:
            body = json.dumps(self._parcel(records, attempts, condition, now)).encode()
            self._park(self._source.parked, key, body)
        print(f"{self._source.function} gave up {len(records)} records: {key}", flush=True)
        self._done(_number(records[-1]), len(records))

    def _parcel(
        self, records: list[Record], attempts: int, condition: str, now: datetime
    ) -> dict[str, Any]:
        """Lambda's invocation record with the whole event in `payload`.

        Source: AWS Lambda Developer Guide, "Retaining discarded batches" (S3 destinations).
        """
        function = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:jifen-{self._source.function}"
        arn = self._source.stream_arn
        event = {"Records": [{**record, "eventSourceARN": arn} for record in records]}
        return {
            "requestContext": {
                "requestId": str(uuid.uuid4()),
                "functionArn": function,
                "condition": condition,
                "approximateInvokeCount": attempts,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "version": "1.0",
            "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "DDBStreamBatchInfo": {
                "shardId": self._shard,
                "startSequenceNumber": _number(records[0]),
                "endSequenceNumber": _number(records[-1]),
                "approximateArrivalOfFirstRecord": _arrived(records[0]),
                "approximateArrivalOfLastRecord": _arrived(records[-1]),
                "batchSize": len(records),
                "streamArn": arn,
            },
            "payload": json.dumps(event),
        }

    def _pause(self, attempts: int) -> None:
        if self._stop.wait(backoff_s(attempts)):
            raise Stopping


def backoff_s(attempts: int) -> float:
    """How long to wait after so many failures: doubling, short, because someone is waiting."""
    doubled: float = _FIRST_BACKOFF_S * 2 ** min(attempts - 1, 10)
    return min(_LONGEST_BACKOFF_S, doubled)


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def _arrived(record: Record) -> str:
    at = datetime.fromtimestamp(record["dynamodb"]["ApproximateCreationDateTime"], UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
