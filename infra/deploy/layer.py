"""Checks the layer that Chalice built, which only warns of a package without a wheel."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from infra.deploy.errors import PackagingFailed

# Source: the ELF specification, e_machine of a file's header, and Lambda's quota of the code and
# its layers, unzipped.
MACHINES = {"arm64": 183, "x86_64": 62}
MAX_BYTES = 250 * 1024 * 1024

_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_layer(layer: Path, requirements: Path, architecture: str) -> None:
    """Refuse a layer that lacks a requirement, is for another machine or is too large.

    Raises PackagingFailed.
    """
    with zipfile.ZipFile(layer) as archive:
        missing = set(_required(requirements.read_text("utf-8"))) - set(_contained(archive))
        if missing:
            raise PackagingFailed(f"no wheels of {', '.join(sorted(missing))} for {architecture}")
        for name in archive.namelist():
            if name.endswith(".so") and _machine(archive, name) != MACHINES[architecture]:
                raise PackagingFailed(f"{name} is not for {architecture}")
        size = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_BYTES:
            raise PackagingFailed(f"the layer has {size} bytes, Lambda takes {MAX_BYTES}")


def _required(text: str) -> Iterator[str]:
    """Normalized names of the packages in a requirements file."""
    for line in text.splitlines():
        if found := _REQUIREMENT.match(line):
            yield _normalized(found[0])


def _contained(archive: zipfile.ZipFile) -> Iterator[str]:
    for name in archive.namelist():
        folder, _, file = name.rpartition("/")
        if file == "METADATA" and folder.endswith(".dist-info"):
            yield _normalized(folder.rpartition("/")[2].removesuffix(".dist-info").split("-")[0])


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _machine(archive: zipfile.ZipFile, name: str) -> int:
    with archive.open(name) as library:
        return int.from_bytes(library.read(20)[18:], "little")
