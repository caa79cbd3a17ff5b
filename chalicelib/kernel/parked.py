"""Reads stream records that a relay gave up: Lambda and `store/parking.py` keep them in a bucket.

A record is shown by its keys, which hold ids and hashes, and the names of what changed: its values
may be personal.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from chalicelib.kernel.config import config
from chalicelib.kernel.counts import COUNTED_AT_MOST, SomeOf
from chalicelib.kernel.errors import FieldError, Unreadable, Words


class Parcel(NamedTuple):
    """One batch that was given up: Lambda's record of it, and the event as the relay had it.

    Source: AWS Lambda Developer Guide, "Retaining discarded batches" (S3 destinations).
    """

    key: str
    at: datetime
    function: str
    condition: str
    tries: int
    event: dict[str, Any]

    @property
    def name(self) -> str:
        """Its distinct name: the time and a random id."""
        return self.key.rpartition("/")[2]

    @property
    def relay(self) -> str:
        """The function's name, out of its ARN."""
        return self.function.rpartition(":")[2]

    @property
    def records(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.event["Records"]
        return found

    @property
    def numbers(self) -> set[tuple[str, str]]:
        """The relay and the place in its stream, of each record: no two records share both."""
        return {(self.function, each["dynamodb"]["SequenceNumber"]) for each in self.records}


def parcel_of(key: str, stored_at: datetime, body: bytes) -> Parcel:
    """Raises ValueError if it is no record of Lambda's."""
    try:
        written = json.loads(body)
        asked = written["requestContext"]
        # arn:aws:lambda:REGION:ACCOUNT:function:NAME, without the version that ran.
        function = ":".join(asked["functionArn"].split(":")[:7])
        condition, tries = str(asked["condition"]), int(asked["approximateInvokeCount"])
        event = json.loads(written["payload"])
        at = datetime.fromisoformat(written["timestamp"]) if "timestamp" in written else stored_at
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{key} is no record that Lambda has parked: {error}") from error
    return Parcel(key, at, function, condition, tries, event)


def outline(record: dict[str, Any]) -> str:
    """A record by its keys and the names of what changed."""
    change = record["dynamodb"]
    before, after = change.get("OldImage") or {}, change.get("NewImage") or {}
    keys = change.get("Keys") or after or before
    where = " ".join(next(iter(keys[name].values())) for name in ("pk", "sk") if name in keys)
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    said = f"{record.get('eventName', '?')} {where} (record {change['SequenceNumber']})"
    return f"{said}: {', '.join(names) or 'nothing'}"


def count_parked() -> SomeOf:
    """How many batches are parked, up to a hundred: one request to S3.

    Raises ClientError, BotoCoreError.
    """
    found = _keys(COUNTED_AT_MOST + 1)
    return SomeOf(min(len(found), COUNTED_AT_MOST), len(found) > COUNTED_AT_MOST)


def parcels_after(key: str, limit: int) -> tuple[list[Parcel], bool]:
    """The next parcels in the order of their keys, and whether there are more.

    Raises ClientError, BotoCoreError, Unreadable.
    """
    keys = _keys(limit + 1, key)
    return [_read(each) for each in keys[:limit]], len(keys) > limit


def _keys(limit: int, after: str = "") -> list[str]:
    asked: dict[str, Any] = {"StartAfter": after} if after else {}
    found = s3().list_objects_v2(Bucket=_bucket(), MaxKeys=limit, **asked)
    return [each["Key"] for each in found.get("Contents", [])]


def _read(key: str) -> Parcel:
    found = s3().get_object(Bucket=_bucket(), Key=key)
    try:
        return parcel_of(key, found["LastModified"], found["Body"].read())
    except ValueError as error:
        named = FieldError("parked", "unreadable", Words(key, key))
        raise Unreadable(named, table="parked", key=key) from error


def _bucket() -> str:
    return config().required("parked_bucket")


@cache
def s3() -> Any:
    import boto3
    from botocore.config import Config

    patience = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 2})
    return boto3.client("s3", config=patience)
