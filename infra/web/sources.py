"""What the pages are made from, named by its content: the sources of web/ and the API's code."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from infra.local.settings import REPOSITORY

# The document of the API, which the types of the pages are made from.
DOCUMENT = "shared/openapi.json"
DIST = "dist"
# Packages, what is built, and the tests in a browser: no page holds anything of them.
_NO_SOURCES = ("node_modules/", f"{DIST}/", "browse/", ".*", DOCUMENT)
_API = ("app.py", "chalicelib")
_NO_CODE = ("__pycache__/", "scalar.js")


def digest_of_inputs(folder: Path) -> str:
    """Name the sources of the pages together with all code that the API's document comes from."""
    api = (file for name in _API for file in _files(REPOSITORY / name, _NO_CODE))
    return _digest([*_pages(folder), *api], folder)


def digest_of_pages(folder: Path) -> str:
    """Name the sources of the pages together with the API's document as it is written."""
    return _digest([*_pages(folder), folder / DOCUMENT], folder)


def _pages(folder: Path) -> Iterator[Path]:
    listed = folder / ".gitignore"
    lines = listed.read_text("utf-8").splitlines() if listed.exists() else []
    ignored = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return _files(folder, (*_NO_SOURCES, *ignored))


def _files(root: Path, ignored: Iterable[str]) -> Iterator[Path]:
    """The files below `root`, or itself, without those that a line in git's words names."""
    if root.is_file():
        yield root
    for place, folders, names in os.walk(root):
        inside = Path(place).relative_to(root)
        folders[:] = sorted(
            name for name in folders if not _is_ignored(inside / name, ignored, is_folder=True)
        )
        for name in sorted(names):
            if not _is_ignored(inside / name, ignored, is_folder=False):
                yield Path(place) / name


def _is_ignored(path: Path, ignored: Iterable[str], *, is_folder: bool) -> bool:
    for line in ignored:
        if line.endswith("/") and not is_folder:
            continue
        pattern = line.rstrip("/")
        # Source: gitignore(5): a slash within ties a pattern to the folder of its file.
        asked = str(path) if "/" in pattern else path.name
        if fnmatchcase(asked, pattern.lstrip("/")):
            return True
    return False


def _digest(files: Iterable[Path], folder: Path) -> str:
    found = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        found.update(f"{os.path.relpath(file, folder)} {len(content)} ".encode() + content)
    return found.hexdigest()
