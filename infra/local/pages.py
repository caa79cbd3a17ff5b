"""Serves web/dist as CloudFront does in a stage: paths, caching, compression, headers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from infra.local.policies import behaviours, headers_of
from infra.local.template import Template
from infra.local.wire import HttpAnswer
from infra.web.building import STAMP
from infra.web.files import PACKED, Built, built_files, name_for
from infra.web.sources import DIST

Headers = list[tuple[bytes, bytes]]
# What this machine answers beside the API.
_OTHERS = ("/_local*", "/2015-03-31/*")


class Kept(NamedTuple):
    """A file in memory: its headers, its tag, and its content by encoding."""

    headers: Headers
    tag: bytes
    contents: dict[str, bytes]


class Pages:
    """The built files in memory, read again when they are built again."""

    def __init__(self, folder: Path | None, template: Template) -> None:
        """Take the folder of the sources, None for no pages, and where a stage's headers stand."""
        self._stamp = folder and folder / DIST / STAMP
        self._not_pages = (*behaviours(template), *_OTHERS)
        self._headers = headers_of(template, "WebHeaders")
        self._read_at, self._files = 0, dict[str, Kept]()
        if self._stamp is not None:
            self._look_again(self._stamp)

    def find(self, method: str, path: str, asked: Headers) -> HttpAnswer | None:
        """Answer a request for a page or its file; None for what the API has to answer."""
        if self._stamp is None or method not in ("GET", "HEAD"):
            return None
        if any(fnmatchcase(path, pattern) for pattern in self._not_pages):
            return None
        self._look_again(self._stamp)
        # Only names that were listed are served: no path leads out of the folder.
        found = self._files.get(name_for(path))
        return found and _answer(found, {name: value.decode("latin-1") for name, value in asked})

    def _look_again(self, stamp: Path) -> None:
        try:
            made_at = stamp.stat().st_mtime_ns
        except FileNotFoundError:
            # Amid a build the last pages stay.
            return
        if made_at != self._read_at:
            self._files = {file.name: self._read(file) for file in built_files(stamp.parent)}
            self._read_at = made_at

    def _read(self, file: Built) -> Kept:
        contents = {"identity": file.path.read_bytes()}
        for suffix, encoding in PACKED.items():
            packed = file.path.with_name(file.path.name + suffix)
            if packed.exists():
                contents[encoding] = packed.read_bytes()
        headers = [
            (b"content-type", file.media_type.encode()),
            (b"cache-control", file.cache_control.encode()),
            *self._headers,
        ]
        if len(contents) > 1:
            headers.append((b"vary", b"accept-encoding"))
        tag = hashlib.sha256(contents["identity"]).hexdigest()[:32]
        # Weak, because the encodings of a content share it.
        return Kept(headers, f'W/"{tag}"'.encode(), contents)


def _answer(found: Kept, asked: Mapping[bytes, str]) -> HttpAnswer:
    headers = [*found.headers, (b"etag", found.tag)]
    if _is_known(asked.get(b"if-none-match", ""), found.tag.decode()):
        return HttpAnswer(HTTPStatus.NOT_MODIFIED, headers, b"", 0)
    encoding = _encoding(asked.get(b"accept-encoding", ""), found.contents)
    if encoding != "identity":
        headers.append((b"content-encoding", encoding.encode()))
    return HttpAnswer(HTTPStatus.OK, headers, found.contents[encoding], 0)


def _is_known(said: str, tag: str) -> bool:
    known = {each.strip().removeprefix("W/") for each in said.split(",")}
    return "*" in known or tag.removeprefix("W/") in known


def _encoding(said: str, contents: Mapping[str, Any]) -> str:
    """The best encoding that is there and that the browser takes."""
    taken = set()
    for each in said.lower().split(","):
        name, _, weight = each.replace(" ", "").partition(";q=")
        if weight.strip("0.") or not weight:
            taken.add(name)
    return next((each for each in PACKED.values() if each in taken & contents.keys()), "identity")
