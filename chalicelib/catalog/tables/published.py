"""The index of goods in its bucket: `current` is the small part, and names the large one.

Both are files of `tables/segments.py`, compressed. `current` is replaced on the condition that it
is still the one that was read, so writers cannot undo each other.
"""

from __future__ import annotations

import sqlite3
import tempfile
import uuid
import zlib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from chalicelib.catalog.rules.cards import Card, Delta
from chalicelib.catalog.tables import segments
from chalicelib.catalog.tables.segments import Segment
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.failures import tell

CURRENT = "current"
_BASES = "base/"
_DELTA = "delta"
_LEVEL = 6
_NOT_MODIFIED, _NOT_THERE = {"304", "NotModified"}, {"NoSuchKey", "AccessDenied", "404"}
_MOVED = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


class Current(NamedTuple):
    """The small part as it was read; `tag` is None if nothing is published yet."""

    tag: str | None
    delta: Delta
    segment: Segment | None


def read_current(seen_tag: str | None, folder: Path) -> Current | None:
    """The small part, or None if it is still the one that was seen.

    Raises ClientError, BotoCoreError.
    """
    from botocore.exceptions import ClientError

    asked = {"IfNoneMatch": seen_tag} if seen_tag else {}
    try:
        found = _s3().get_object(Bucket=_bucket(), Key=CURRENT, **asked)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _NOT_MODIFIED:
            return None
        # Source: S3 answers AccessDenied for an absent key to those who may not list the bucket.
        if code in _NOT_THERE:
            return Current(None, Delta(), None)
        raise
    segment = open_segment(found["Body"].read(), folder)
    delta = msgspec.msgpack.decode(segment.note(_DELTA) or b"", type=Delta)
    return Current(found["ETag"], delta, segment)


def publish_current(delta: Delta, seen_tag: str | None, folder: Path) -> str:
    """Replace the small part, on the condition that it is the one that was seen; its new tag.

    Raises Moved, ClientError, BotoCoreError.
    """
    from botocore.exceptions import ClientError

    cards = [each.card for each in delta.changed.values() if each.card is not None]
    body = _file_of(cards, {_DELTA: msgspec.msgpack.encode(delta)}, folder)
    condition = {"IfMatch": seen_tag} if seen_tag else {"IfNoneMatch": "*"}
    try:
        answer = _s3().put_object(Bucket=_bucket(), Key=CURRENT, Body=body, **condition)
    except ClientError as error:
        if error.response["Error"]["Code"] in _MOVED:
            raise Moved() from error
        raise
    return str(answer["ETag"])


def read_base(key: str, folder: Path) -> Segment | None:
    """A large part; None if it is gone, or if its file is not whole.

    Raises ClientError, BotoCoreError.
    """
    from botocore.exceptions import ClientError

    try:
        found = _s3().get_object(Bucket=_bucket(), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _NOT_THERE:
            return None
        raise
    try:
        return open_segment(found["Body"].read(), folder)
    except (sqlite3.DatabaseError, zlib.error) as error:
        tell("the large part of the index of goods is not whole", error)
        return None


def publish_base(path: Path, built_ms: int) -> str:
    """Upload a large part; its key. Nobody reads it before `current` names it.

    Raises ClientError, BotoCoreError.
    """
    key = f"{_BASES}{built_ms:013d}-{uuid.uuid4().hex[:12]}"
    body = zlib.compress(path.read_bytes(), _LEVEL)
    _s3().put_object(Bucket=_bucket(), Key=key, Body=body)
    return key


def remove_bases(keep: Collection[str], before_ms: int) -> None:
    """Delete the large parts that nobody reads any more: others that were built before an instant.

    A later one may be another writer's, who has yet to name it.

    Raises ClientError, BotoCoreError.
    """
    found = _s3().list_objects_v2(Bucket=_bucket(), Prefix=_BASES)
    for each in found.get("Contents", []):
        if each["Key"] not in keep and each["Key"] < f"{_BASES}{before_ms:013d}":
            _s3().delete_object(Bucket=_bucket(), Key=each["Key"])


def open_segment(body: bytes, folder: Path) -> Segment:
    """A segment out of its compressed file."""
    path = unused(folder)
    path.write_bytes(zlib.decompress(body))
    return Segment(path)


def close_segment(segment: Segment | None) -> None:
    if segment is not None:
        segment.close()
        segment.path.unlink(missing_ok=True)


def _file_of(cards: list[Card], notes: dict[str, bytes], folder: Path) -> bytes:
    path = unused(folder)
    try:
        segments.write(path, cards, notes)
        return zlib.compress(path.read_bytes(), _LEVEL)
    finally:
        path.unlink(missing_ok=True)


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder for files of segments, which goes with its holder. Forks of a process share it."""
    return tempfile.TemporaryDirectory(prefix="jifen-goods-", ignore_cleanup_errors=True)


def unused(folder: Path) -> Path:
    """A name in the folder that no process takes at the same time."""
    return folder.joinpath(f"{uuid.uuid4().hex}.sqlite")


def _bucket() -> str:
    return config().catalog.required("search_bucket")


@cache
def _s3() -> Any:
    import boto3
    from botocore.config import Config

    patience = Config(connect_timeout=1, read_timeout=10, retries={"total_max_attempts": 2})
    return boto3.client("s3", config=patience)
