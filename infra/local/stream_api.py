"""DynamoDB Streams over plain HTTP: its JSON is, record for record, what Lambda hands over."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from infra.local.engine_process import headers

_TARGET = "DynamoDBStreams_20120810."


class StreamError(Exception):
    """The engine refused a call; `code` is the name of its exception."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class StreamApi:
    """One kept connection, for one thread."""

    def __init__(self, endpoint: str) -> None:
        """Take the engine's address."""
        self._place = urlsplit(endpoint).netloc
        self._connection = http.client.HTTPConnection(self._place, timeout=30)

    def shards(self, stream_arn: str) -> list[dict[str, Any]]:
        """List a stream's shards, parents first.

        Raises StreamError, OSError.
        """
        found: list[dict[str, Any]] = []
        asked: dict[str, Any] = {"StreamArn": stream_arn}
        while True:
            page = self._call("DescribeStream", asked)["StreamDescription"]
            found += page["Shards"]
            if "LastEvaluatedShardId" not in page:
                return found
            asked["ExclusiveStartShardId"] = page["LastEvaluatedShardId"]

    def iterator(self, stream_arn: str, shard: str, after: str | None) -> str:
        """Give an iterator behind a record, or at the oldest one kept.

        Raises StreamError, OSError.
        """
        asked = {"StreamArn": stream_arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
        if after is not None:
            asked |= {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
        found: str = self._call("GetShardIterator", asked)["ShardIterator"]
        return found

    def records(self, iterator: str, limit: int) -> tuple[list[dict[str, Any]], str | None]:
        """Give records and the next iterator, None at the end of a closed shard.

        Raises StreamError, OSError.
        """
        answer = self._call("GetRecords", {"ShardIterator": iterator, "Limit": limit})
        return answer["Records"], answer.get("NextShardIterator")

    def _call(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            self._connection.request("POST", "/", json.dumps(asked), headers(_TARGET + operation))
            answer = self._connection.getresponse()
            body = json.loads(answer.read())
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise OSError(f"{operation}: {error}") from error
        if answer.status != 200:
            code = body.get("__type", "").rpartition("#")[2]
            raise StreamError(code, body.get("message") or body.get("Message") or "")
        found: dict[str, Any] = body
        return found
