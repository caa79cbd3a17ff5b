"""The built files: how each is sent, and which of them answers a path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MALL, CONSOLE = "index.html", "console/index.html"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
PACKED = {".br": "br", ".gz": "gzip"}
_HASHED = ("assets/", "console/assets/")
_UNKNOWN_TYPE = "application/octet-stream"
_TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".json": "application/json", ".map": "application/json", ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml", ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
    ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon",
    ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".wasm": "application/wasm",
}  # fmt: skip


class Built(NamedTuple):
    """A built file, by its name below dist, such as `assets/index-4f2a.js`."""

    name: str
    path: Path

    @property
    def is_hashed(self) -> bool:
        """Whether its name tells its content, so that it never changes."""
        return self.name.startswith(_HASHED)

    @property
    def media_type(self) -> str:
        """Its Content-Type."""
        return _TYPES.get(self.path.suffix.lower(), _UNKNOWN_TYPE)

    @property
    def cache_control(self) -> str:
        """How long a browser may keep it."""
        return FOR_EVER if self.is_hashed else ASK_EACH_TIME


def built_files(dist: Path) -> Iterator[Built]:
    """All files to serve, without stamps and compressed copies."""
    for path in sorted(dist.rglob("*")):
        if path.is_file() and path.suffix not in PACKED and not path.name.startswith("."):
            yield Built(path.relative_to(dist).as_posix(), path)


def name_for(path: str) -> str:
    """The name of the file that answers a path: a path without a file's ending is a page.

    The function WebPaths of infra/resources.yaml does the same in CloudFront. The tests hold both
    equal.
    """
    is_console = path == "/console" or path.startswith("/console/")
    last = path.rpartition("/")[2]
    if "." in last or path.startswith(("/assets/", "/console/assets/")):
        return path[1:]
    return CONSOLE if is_console else MALL
