"""The engine's start: its classes come out of an archive."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from infra.local import downloads
from infra.local.class_path import class_path
from infra.local.settings import from_environment
from tests.local.conftest import Sample


def test_a_java_that_shares_classes_maps_the_archive_of_the_engines(sample: Sample) -> None:
    cache, (java, version) = from_environment().cache, downloads.java()
    shares = subprocess.run([java, "-Xshare:on", "-version"], capture_output=True, check=False)
    if shares.returncode != 0:
        pytest.skip("this Java has no classes to share, nor can it archive others")
    path = class_path(java, version, downloads.engine_jar(cache), cache)
    assert path.archive.exists()
    engines = [
        maps
        for maps in (Path(f"/proc/{pid}/maps").read_text() for pid in sample.stack.pids())
        if "libsqlite4java" in maps
    ]
    assert len(engines) == 1
    assert str(path.archive) in engines[0]
