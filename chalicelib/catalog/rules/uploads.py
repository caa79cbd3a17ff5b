"""Pictures that are sent straight to S3: what may be sent, and what became of it."""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from chalicelib.kernel.errors import FieldError, Words

Media = Literal["image/jpeg", "image/png", "image/webp"]
Status = Literal["waiting", "ready", "refused"]
# What was wrong with a file: it is no picture of its type, it is not whole, or it has too many
# points or other bytes than were told.
Reason = Literal["other_type", "broken", "too_many_pixels", "other_size"]

# A photograph of a phone, as it is taken.
MAX_BYTES = 10_000_000
# Source: a phone of 2026 takes photographs of 50 million points.
MAX_PIXELS = 60_000_000
# The longest side of what is shown, and of its thumbnail.
FULL, SMALL = 1600, 400
ENDINGS: dict[str, str] = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
SENT_WITHIN_S = 600

_PATH = re.compile(r"/pictures/(upl_[a-z2-7]{26})\.(jpg|png|webp)\Z")


class UploadIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The type and the bytes of a picture that is to be sent."""

    content_type: Media
    bytes: Annotated[int, Meta(ge=1, le=MAX_BYTES)]


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that somebody sends, or has sent. `reason` tells why it was refused.

    `used_for` is the one review or return that a member gave it to.
    """

    id: str
    media: Media
    size: int
    made_by: str
    created_at_ms: int
    status: Status = "waiting"
    reason: Reason | None = None
    width: int | None = None
    height: int | None = None
    used_for: str | None = None

    @property
    def key(self) -> str:
        """Its name in either bucket."""
        return f"{self.id}.{ENDINGS[self.media]}"

    @property
    def path(self) -> str:
        """Where it is shown once it is ready."""
        return f"/pictures/{self.key}"


def small_key(key: str) -> str:
    """The name of a picture's thumbnail."""
    name, _, ending = key.rpartition(".")
    return f"{name}-small.{ending}"


Path = TypeVar("Path", str, str | None)


def thumbnail_of(path: Path) -> Path:
    """The thumbnail of a picture that was sent to us; any other stands for itself."""
    return small_key(path) if path is not None and _PATH.match(path) else path


def upload_in(path: str) -> str | None:
    """The id of the upload that a picture's path names; None for a picture from elsewhere."""
    found = _PATH.match(path)
    return found[1] if found else None


def wrong_picture(field: str, path: str, upload: Upload | None) -> FieldError | None:
    """What is wrong with showing the picture of an upload, None of nothing."""
    if upload is None or upload.path != path:
        words = Words("图片不存在，请重新上传", "is no picture of ours: send it again")
        return FieldError(field, "unknown_picture", words)
    if upload.status == "waiting":
        words = Words(
            "图片尚未检查完，请稍候再试", "is not checked yet: try again in a few seconds"
        )
        return FieldError(field, "picture_not_ready", words)
    if upload.status == "refused":
        words = Words("图片未通过检查，请换一张", "was refused: send another picture")
        return FieldError(field, "picture_refused", words)
    return None


def used_picture(field: str) -> FieldError:
    """A member's picture proves one thing: it belongs to another review or return."""
    words = Words("图片已在其他评价或售后中使用", "belongs to another review or return of yours")
    return FieldError(field, "picture_used", words)


def twice_named(field: str) -> FieldError:
    return FieldError(field, "picture_named_twice", Words("同一图片重复", "is named twice"))


def wrong_own_picture(field: str, path: str, upload: Upload | None) -> FieldError | None:
    """What is wrong with a member's picture for a review or a return, None of nothing."""
    wrong = wrong_picture(field, path, upload)
    if wrong is None and upload is not None and upload.used_for is not None:
        return used_picture(field)
    return wrong
