"""Adds bytecode to an archive: Lambda's folders are read-only, so each start would compile anew."""

from __future__ import annotations

import compileall
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from py_compile import PycInvalidationMode

# The earliest that an archive can name: the same content gives the same archive.
_ALWAYS = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def precompile(archive: Path) -> None:
    """Put the bytecode of each module beside it, to be taken without a look at the source.

    It is of the Python that runs this, which is the one that Chalice names as Lambda's runtime.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
        with _beside_the_sources():
            compileall.compile_dir(
                folder,
                quiet=2,
                force=True,
                stripdir=name,
                maxlevels=99,
                invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
            )
        found = sorted(folder.rglob("*.pyc"))
        add(archive, {str(each.relative_to(folder)): each.read_bytes() for each in found})


@contextmanager
def _beside_the_sources() -> Iterator[None]:
    """Write bytecode beside its source, wherever this process keeps its own."""
    prefix, sys.pycache_prefix = sys.pycache_prefix, None
    try:
        yield
    finally:
        sys.pycache_prefix = prefix


def add(archive: Path, files: dict[str, bytes]) -> None:
    """Add files to an archive that does not have them."""
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as packed:
        known = set(packed.namelist())
        for name, content in files.items():
            if name not in known:
                info = zipfile.ZipInfo(name, _ALWAYS)
                info.external_attr = _READABLE
                info.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(info, content)
