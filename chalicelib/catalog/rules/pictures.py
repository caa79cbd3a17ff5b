"""Pictures as we show them: upright and small, without what else a file may hold."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

from chalicelib.catalog.rules.uploads import FULL, MAX_PIXELS, SMALL, Media, Reason

_FORMATS: dict[Media, str] = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_SAVED: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 85, "method": 4},
}


class NotAPicture(Exception):
    """A file is not the picture that it was told to be."""

    def __init__(self, reason: Reason) -> None:
        """Take the reason."""
        super().__init__(reason)
        self.reason: Reason = reason


class Shown(NamedTuple):
    """A picture and its thumbnail, with the size of the first in points."""

    full: bytes
    small: bytes
    width: int
    height: int


def shown(content: bytes, media: Media) -> Shown:
    """A file as it is shown. It is encoded anew: no place, no script and no second file stays.

    Raises NotAPicture.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    # Points are counted before any is unpacked, by a limit of our own.
    Image.MAX_IMAGE_PIXELS = None
    kind = _FORMATS[media]
    try:
        opened = Image.open(io.BytesIO(content), formats=[kind])
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NotAPicture("other_type") from error
    if opened.width * opened.height > MAX_PIXELS:
        raise NotAPicture("too_many_pixels")
    try:
        upright: Any = ImageOps.exif_transpose(opened)
        plain = _plain(upright, kind)
        full, small = _within(plain, FULL), _within(plain, SMALL)
        return Shown(_saved(full, kind), _saved(small, kind), full.width, full.height)
    except (OSError, SyntaxError, ValueError, EOFError, OverflowError) as error:
        raise NotAPicture("broken") from error


def _plain(picture: Any, kind: str) -> Any:
    """The first picture of a file, in colours that its kind can keep."""
    picture.load()
    if kind == "JPEG":
        return picture.convert("RGB")
    has_alpha = picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info
    return picture.convert("RGBA" if has_alpha else "RGB")


def _within(picture: Any, side: int) -> Any:
    made = picture.copy()
    made.thumbnail((side, side))
    return made


def _saved(picture: Any, kind: str) -> bytes:
    picture.info = {}
    made = io.BytesIO()
    picture.save(made, kind, **_SAVED[kind])
    return made.getvalue()
