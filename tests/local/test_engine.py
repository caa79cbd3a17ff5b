"""DynamoDB Local's start: its classes come out of an archive."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local import downloads
from infra.local.class_path import class_path
from infra.local.engine import DYNAMODB_LOCAL, start
from infra.local.engine_process import free_port
from infra.local.settings import from_environment


def test_java_maps_its_own_and_the_engines_classes_from_archives(tmp_path: Path) -> None:
    cache, (java, version) = from_environment().cache, downloads.java()
    running = start(tmp_path / "data", cache, tmp_path / "log", free_port(), DYNAMODB_LOCAL)
    try:
        mapped = Path(f"/proc/{running.child.pid}/maps").read_text()
    finally:
        running.child.kill()
    path = class_path(java, version, downloads.engine_jar(cache), cache)
    if not path.own.exists():
        pytest.skip("this Java archives no classes")
    assert "libsqlite4java" in mapped
    assert str(path.own) in mapped
    assert str(path.archive) in mapped


def test_concurrent_starts_keep_the_jar_of_the_first_one(tmp_path: Path) -> None:
    """An archive of classes fits one jar only: a later copy would make it useless."""
    (java, version), jar = downloads.java(), downloads.engine_jar(from_environment().cache)

    def start_one(_: int) -> int:
        class_path(java, version, jar, tmp_path)
        [bare] = tmp_path.glob("engine-*.jar")
        return bare.stat().st_ino

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start_one, range(4)))) == 1


def test_each_copy_of_the_engine_has_an_archive_of_its_own(tmp_path: Path) -> None:
    """A cache may serve several copies of the repository; Java checks where the jars are."""
    (java, version), jar = downloads.java(), downloads.engine_jar(from_environment().cache)
    copies = [tmp_path / name / jar.name for name in ("one", "other")]
    for copy in copies:
        copy.parent.mkdir()
        copy.symlink_to(jar)
    one, other = (class_path(java, version, copy, tmp_path) for copy in copies)
    assert one.own == other.own
    assert one.archive != other.archive


def test_an_engine_that_is_installed_anew_has_an_archive_of_its_own(tmp_path: Path) -> None:
    """A cache outlives an installation; Java checks when the jars were written."""
    (java, version), jar = downloads.java(), downloads.engine_jar(from_environment().cache)
    before = class_path(java, version, jar, tmp_path)
    bare = Path(before.jars.split(os.pathsep)[0])
    os.utime(bare, ns=(0, 0))
    after = class_path(java, version, jar, tmp_path)
    assert after.jars == before.jars
    assert after.archive != before.archive
