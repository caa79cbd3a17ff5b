"""The bucket of settlements: uploads from disk, downloads by links that expire."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.finance.errors import SettlementDoesNotTie
from chalicelib.finance.rules.settlements import Manifest, object_key
from chalicelib.kernel.config import config

CLEARING = "clearing.csv"
LINK_S = 15 * 60
_CHUNK = 1 << 20
_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@cache
def bucket() -> Any:
    """The S3 client of this process: a call takes 15 seconds at most."""
    import boto3
    from botocore.config import Config

    # Links are signed for the bucket's region, as all but the oldest regions require.
    return boto3.client(
        "s3", config=Config(connect_timeout=2, read_timeout=15, signature_version="s3v4")
    )


def upload(manifest: Manifest, folder: Path, kept: Collection[str] = ()) -> None:
    """Upload all files of a settlement but the `kept` ones, the manifest last; safe to repeat."""
    from boto3.s3.transfer import TransferConfig

    # One part of a large file in memory at a time.
    one_by_one = TransferConfig(use_threads=False)
    names = [file.name for file in manifest.files if file.name not in kept]
    for name in [*names, "manifest.json"]:
        bucket().upload_file(
            str(folder / name),
            config().finance.required("settlements_bucket"),
            object_key(manifest.day, manifest.currency, name),
            ExtraArgs={"ContentType": _TYPES[Path(name).suffix]},
            Config=one_by_one,
        )


def download_clearing(manifest: Manifest, folder: Path) -> Path:
    """The published open lines of a settlement.

    Raises SettlementDoesNotTie if the file is not the one in the manifest.
    """
    path = folder / "before.csv"
    key = object_key(manifest.day, manifest.currency, CLEARING)
    bucket().download_file(config().finance.required("settlements_bucket"), key, str(path))
    wanted = next(file.sha256 for file in manifest.files if file.name == CLEARING)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != wanted:
            raise SettlementDoesNotTie(f"{key} is not the file that was published")
    return path


def digest(manifest: Manifest, name: str) -> str | None:
    """The SHA-256 of a file in the bucket; None if it is absent."""
    from botocore.exceptions import ClientError

    key = object_key(manifest.day, manifest.currency, name)
    try:
        found = bucket().get_object(Bucket=config().finance.required("settlements_bucket"), Key=key)
    except ClientError as error:
        # Source: S3 answers AccessDenied for an absent key if the caller may not list the bucket.
        if error.response["Error"]["Code"] in ("NoSuchKey", "AccessDenied"):
            return None
        raise
    made = hashlib.sha256()
    for chunk in found["Body"].iter_chunks(_CHUNK):
        made.update(chunk)
    return made.hexdigest()


def link(manifest: Manifest, name: str) -> str:
    """A link to a file that expires after LINK_S seconds; it downloads under a clear name."""
    saved_as = f"jifen-{manifest.settlement_id}-{name}"
    found: str = bucket().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": config().finance.required("settlements_bucket"),
            "Key": object_key(manifest.day, manifest.currency, name),
            "ResponseContentDisposition": f'attachment; filename="{saved_as}"',
        },
        ExpiresIn=LINK_S,
    )
    return found
