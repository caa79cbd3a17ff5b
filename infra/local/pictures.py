"""Pictures of the seeded goods, simple SVGs, served from their bucket as a CDN would."""

from __future__ import annotations

from hashlib import sha256
from html import escape

from infra.local.journal import Journal
from infra.local.policies import headers_of
from infra.local.settings import Settings
from infra.local.template import load
from infra.local.wire import HttpAnswer

MEDIA_TYPE = "image/svg+xml"
_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
PICTURES = "/pictures/"


class Pictures:
    """The pictures' bucket, read where the AWS server keeps it."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings that say where; a template without the bucket has no pictures."""
        self._journal = Journal(settings.journal)
        template = load(settings.template)
        bucket = template.resources.get("PicturesBucket", {}).get("Properties", {})
        self._headers = headers_of(template, "PictureHeaders")
        self._bucket = template.resolve(bucket.get("BucketName", ""))

    def find(self, path: str) -> HttpAnswer | None:
        """The picture under a path such as `/pictures/cup-red.svg`."""
        body = self._journal.object_in(self._bucket, path.removeprefix(PICTURES))
        if body is None:
            return None
        headers = [
            (b"content-type", _TYPES.get(path.rpartition(".")[2], MEDIA_TYPE).encode()),
            (b"cache-control", b"max-age=86400"),
            *self._headers,
        ]
        return HttpAnswer(200, headers, body, 0)


def picture(emoji: str, caption: str) -> bytes:
    """An SVG of 400 by 400 with a colour that its caption decides."""
    emoji, caption = escape(emoji), escape(caption)
    hue = int.from_bytes(sha256(caption.encode()).digest()[:2], "big") % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">'
        f"<title>{caption}</title>"
        f'<rect width="400" height="400" fill="hsl({hue} 60% 92%)"/>'
        f'<circle cx="200" cy="200" r="128" fill="hsl({hue} 60% 82%)"/>'
        f'<text x="200" y="246" font-size="128" text-anchor="middle">{emoji}</text></svg>'
    ).encode()
