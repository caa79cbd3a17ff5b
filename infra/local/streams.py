"""Reads a table's stream for one function: every shard in order, from where it stopped."""

import threading
import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.checkpoints import Checkpoints
from infra.local.delivery import Delivery, Park, Stopping
from infra.local.filtering import passes
from infra.local.functions import StreamSource
from infra.local.invoking import Invoker
from infra.local.stream_api import StreamApi, StreamError

# Often enough for a member who waits for a message, seldom enough to gather batches; and seldom
# where nothing was written for a while.
_POLL_S = 0.15
_IDLE_POLL_S = 0.5
_IDLE_AFTER_S = 5.0
# Behind a shard that ends it looks at once. A look takes dynoxide 1 ms for each 1,000 records.
_LOOK_FOR_SHARDS_S = 60.0
_AFTER_ERROR_S = 1.0
_LOST_PLACE = {"ExpiredIteratorException", "TrimmedDataAccessException"}


class StreamPump(threading.Thread):
    """A thread that feeds one function from one stream."""

    def __init__(
        self,
        source: StreamSource,
        endpoint: str,
        checkpoints: Checkpoints,
        invoker: Invoker,
        park: Park,
        stop: threading.Event,
    ) -> None:
        """Take the stream's settings, the engine's address, and the callbacks of delivery."""
        super().__init__(name=source.function, daemon=True)
        self._source, self._api = source, StreamApi(endpoint)
        self._checkpoints, self._invoker, self._park = checkpoints, invoker, park
        self._stop_asked = stop
        self._hurry = threading.Event()
        self._iterators: dict[str, str] = {}
        self._shards: list[dict[str, Any]] = []
        self._looked_at = float("-inf")
        self._moved_at = time.monotonic()
        self.empty_since = float("-inf")

    def hurry(self) -> None:
        """Look for records now."""
        self._hurry.set()

    def run(self) -> None:
        """Read until told to stop."""
        while not self._stop_asked.is_set():
            try:
                self._read_all()
            except Stopping:
                return
            except (StreamError, OSError, BotoCoreError, ClientError) as error:
                print(f"{self.name} cannot read its stream: {error}", flush=True)
                self._looked_at = float("-inf")
                self._stop_asked.wait(_AFTER_ERROR_S)

    def _read_all(self) -> None:
        """Read each open shard once, then wait unless there may be more."""
        self._hurry.clear()
        began = time.monotonic()
        counts = [self._read(shard["ShardId"]) for shard in self._open_shards()]
        if any(counts):
            self._moved_at = began
        else:
            # `empty_since` is the start of the read: all earlier writes have been seen.
            self.empty_since = began
        if max(counts, default=0) < self._source.batch_size:
            idle = began - self._moved_at > _IDLE_AFTER_S
            self._hurry.wait(_IDLE_POLL_S if idle else _POLL_S)

    def _open_shards(self) -> list[dict[str, Any]]:
        """The shards that are not done and whose parents are."""
        if time.monotonic() - self._looked_at > _LOOK_FOR_SHARDS_S:
            self._shards = self._api.shards(self._source.stream_arn)
            self._looked_at = time.monotonic()
        waiting = {
            shard["ShardId"]
            for shard in self._shards
            if not self._checkpoints.ended(self.name, self._place(shard["ShardId"]))
        }
        return [
            shard
            for shard in self._shards
            if shard["ShardId"] in waiting and shard.get("ParentShardId") not in waiting
        ]

    def _read(self, shard: str) -> int:
        """Deliver one batch; the number of its records."""
        place = self._place(shard)
        if shard not in self._iterators:
            after = self._checkpoints.position(self.name, place)
            self._iterators[shard] = self._api.iterator(self._source.stream_arn, shard, after)
        try:
            records, following = self._api.records(self._iterators[shard], self._source.batch_size)
        except StreamError as error:
            if error.code not in _LOST_PLACE:
                raise
            del self._iterators[shard]
            return 1
        wanted = [each for each in records if passes(self._source.filters, each)]
        if wanted:
            self._delivery(shard, place).deliver(wanted)
        if records and records[-1:] != wanted[-1:]:
            last = str(records[-1]["dynamodb"]["SequenceNumber"])
            self._checkpoints.move(self.name, place, last)
        self._follow(shard, place, following)
        return len(records)

    def _follow(self, shard: str, place: str, following: str | None) -> None:
        if following is not None:
            self._iterators[shard] = following
            return
        del self._iterators[shard]
        self._checkpoints.end(self.name, place)
        self._looked_at = float("-inf")
        self._hurry.set()

    def _delivery(self, shard: str, place: str) -> Delivery:
        def done(sequence_number: str, records: int) -> None:
            self._checkpoints.move(self.name, place, sequence_number)
            self._invoker.count(self.name, records)

        return Delivery(
            self._source, shard, self._invoker.invoke, self._park, done, self._stop_asked
        )

    def _place(self, shard: str) -> str:
        # A table that is made anew has a stream of another name.
        return f"{self._source.stream_arn}/{shard}"
