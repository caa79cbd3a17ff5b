"""The engine's start: its classes come out of an archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local import downloads
from infra.local.class_path import class_path
from infra.local.settings import from_environment
from tests.local.conftest import Sample


def test_java_maps_its_own_classes_and_the_engines_out_of_archives(sample: Sample) -> None:
    cache, (java, version) = from_environment().cache, downloads.java()
    path = class_path(java, version, downloads.engine_jar(cache), cache)
    if not path.own.exists():
        pytest.skip("this Java archives no classes")
    engines = [
        maps
        for maps in (Path(f"/proc/{pid}/maps").read_text() for pid in sample.stack.pids())
        if "libsqlite4java" in maps
    ]
    assert len(engines) == 1
    assert str(path.own) in engines[0]
    assert str(path.archive) in engines[0]
