"""Uploads the built pages so that no browser meets half a release.

Hashed files come first and stay for a while: tabs that are open load parts of their own release.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from infra.web.files import Built, built_files

# The releases that there were, each with its hashed files: [{"at", "files"}], newest first.
RELEASES = ".releases.json"
_KEPT = timedelta(days=30)
_AT_ONCE = 1000


class Target(NamedTuple):
    """Where a stage keeps its pages."""

    bucket: str
    distribution: str


class Done(NamedTuple):
    """How many files were uploaded, and how many of old releases deleted."""

    uploaded: int
    deleted: int


def upload(
    dist: Path, target: Target, s3: Any, cloudfront: Any, now: datetime | None = None
) -> Done:
    """Upload what is built, the pages last, and let CloudFront ask for it; safe to repeat."""
    now = now or datetime.now(UTC)
    files = list(built_files(dist))
    there = _keys(s3, target.bucket)
    hashed = [file for file in files if file.is_hashed]
    # A name that is there has the same content.
    new = [file for file in hashed if file.name not in there]
    # A page comes after all that it names.
    others = sorted((file for file in files if not file.is_hashed), key=_is_page)
    for file in [*new, *others]:
        s3.put_object(
            Bucket=target.bucket,
            Key=file.name,
            Body=file.path.read_bytes(),
            ContentType=file.media_type,
            CacheControl=file.cache_control,
        )
    deleted = _forget_old(s3, target.bucket, hashed, there, now)
    _invalidate(cloudfront, target.distribution, [file.name for file in others], now)
    return Done(len(new) + len(others), deleted)


def _is_page(file: Built) -> bool:
    return file.path.suffix == ".html"


def _keys(s3: Any, bucket: str) -> set[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {each["Key"] for page in pages for each in page.get("Contents", [])}


def _forget_old(
    s3: Any, bucket: str, hashed: Iterable[Built], there: set[str], now: datetime
) -> int:
    """Delete the hashed files that no release of the last 30 days had; returns their number."""
    known = []
    if RELEASES in there:
        known = json.loads(s3.get_object(Bucket=bucket, Key=RELEASES)["Body"].read())
    releases = [{"at": now.isoformat(), "files": sorted(file.name for file in hashed)}, *known]
    recent = _still_open(releases, now)
    needed = {name for release in recent for name in release["files"]}
    old = sorted({name for release in known for name in release["files"]} & there - needed)
    for start in range(0, len(old), _AT_ONCE):
        keys = [{"Key": name} for name in old[start : start + _AT_ONCE]]
        s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
    # Written last: what a broken run has not deleted is known to the next.
    body = json.dumps(recent).encode()
    s3.put_object(Bucket=bucket, Key=RELEASES, Body=body, ContentType="application/json")
    return len(old)


def _still_open(releases: Sequence[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The releases, newest first, that were the current one within the last 30 days."""
    ends = [now, *(datetime.fromisoformat(each["at"]) for each in releases[:-1])]
    return [each for each, end in zip(releases, ends, strict=True) if now - end <= _KEPT]


def _invalidate(cloudfront: Any, distribution: str, names: Sequence[str], now: datetime) -> None:
    paths = [f"/{name}" for name in names]
    asked = hashlib.sha256(f"{now.isoformat()} {paths}".encode()).hexdigest()
    cloudfront.create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={
            "Paths": {"Quantity": len(paths), "Items": paths},
            "CallerReference": asked,
        },
    )
