"""The two buckets of pictures: one takes what is sent, the other has what is shown."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from chalicelib.catalog.rules.uploads import MAX_BYTES, SENT_WITHIN_S, Upload
from chalicelib.kernel.config import config

# A picture never changes under its name.
_FOREVER = "public, max-age=31536000, immutable"
# Source: S3 answers AccessDenied for an absent key to who may not list the bucket.
_ABSENT = ("NoSuchKey", "AccessDenied")


class Form(NamedTuple):
    """Where a picture is sent, and the fields that stand before its file."""

    url: str
    fields: dict[str, str]


@cache
def _s3() -> Any:
    import boto3
    from botocore.config import Config

    # Forms are signed for the bucket's region, as all but the oldest regions require.
    return boto3.client(
        "s3", config=Config(connect_timeout=2, read_timeout=10, signature_version="s3v4")
    )


def form_for(upload: Upload) -> Form:
    """The form that takes this picture, and nothing else, for ten minutes: S3 holds its type and
    its bytes against what was told."""
    sent = {"Content-Type": upload.media}
    made = _s3().generate_presigned_post(
        Bucket=config().catalog.required("uploads_bucket"),
        Key=upload.key,
        Fields=sent,
        Conditions=[sent, ["content-length-range", upload.size, upload.size]],
        ExpiresIn=SENT_WITHIN_S,
    )
    return Form(made["url"], made["fields"])


def read_sent(key: str) -> bytes | None:
    """What was sent under a key; None where nothing is, b"" for more than a picture may have."""
    from botocore.exceptions import ClientError

    bucket = config().catalog.required("uploads_bucket")
    try:
        found = _s3().get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise
    if found["ContentLength"] > MAX_BYTES:
        return b""
    content: bytes = found["Body"].read()
    return content


def remove_sent(key: str) -> None:
    """Delete what was sent under a key; that nothing is there is as good."""
    _s3().delete_object(Bucket=config().catalog.required("uploads_bucket"), Key=key)


def show(key: str, content: bytes, media: str) -> None:
    """Put a picture where everybody sees it."""
    _s3().put_object(
        Bucket=config().catalog.required("pictures_bucket"),
        Key=key,
        Body=content,
        ContentType=media,
        CacheControl=_FOREVER,
    )


def hide(key: str) -> None:
    """Delete a shown picture; that nothing is there is as good."""
    _s3().delete_object(Bucket=config().catalog.required("pictures_bucket"), Key=key)
