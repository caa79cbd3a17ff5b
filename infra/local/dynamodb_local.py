"""DynamoDB Local, Amazon's own engine, on a file that survives SIGKILL."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

from infra.local import downloads
from infra.local.class_path import class_path, share_own
from infra.local.engine_process import Engine, free_port, launch

NAME = "DynamoDB Local"
FILE = "shared-local-instance.db"
_ARCHIVE_S = 30.0


def jar(cache: Path) -> Path:
    """Give its jar, once there is a Java that runs it.

    Raises StackError.
    """
    downloads.java()
    return downloads.engine_jar(cache)


def start(folder: Path, cache: Path, log: Path, port: int) -> Engine:
    """Start it on its file in `folder`, making that file first when there is none.

    Raises StackError.
    """
    if not (folder / FILE).exists():
        _copy_whole(_empty_file(cache), folder / FILE)
    return _run(folder, cache, log, port)


def _empty_file(cache: Path) -> Path:
    """Give an empty database of the engine's with the indexes that it lacks, made once.

    The engine looks stream records up by shard and by stream in a table without an index, so
    every write slows down with every record kept; and without WAL readers wait for writers.
    The archive of its classes is made by the same run, so both are made for each Java.
    """
    java, version = downloads.java()
    path = class_path(java, version, downloads.engine_jar(cache), cache)
    made = path.archive.with_suffix(".db")
    if made.exists():
        return made
    with tempfile.TemporaryDirectory(dir=cache) as name:
        folder = Path(name)
        log, archive = folder / "engine.log", folder / path.archive.name
        share_own(java, path.own)
        _run(folder, cache, log, free_port(), archive).child.stop(_ARCHIVE_S)
        # Some Javas make no archive. The rename keeps an incomplete one out of sight.
        with contextlib.suppress(FileNotFoundError):
            archive.rename(path.archive)
        with sqlite3.connect(folder / FILE) as database:
            database.execute("CREATE INDEX us_by_shard ON us(ShardID, SequenceNumber)")
            database.execute("CREATE INDEX us_by_stream ON us(StreamID, SequenceNumber)")
        database.execute("PRAGMA journal_mode = WAL")
        database.close()
        _copy_whole(folder / FILE, made)
    return made


def _copy_whole(source: Path, target: Path) -> None:
    """Copy atomically: `target` is never incomplete."""
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copyfile(source, partial)
    partial.rename(target)


def _run(folder: Path, cache: Path, log: Path, port: int, archive: Path | None = None) -> Engine:
    """Run it; where `archive` is given, its classes are written there when it stops."""
    return launch(NAME, _command(folder, cache, port, archive), log, port, folder=folder)


def _command(folder: Path, cache: Path, port: int, archive: Path | None) -> list[str]:
    found = jar(cache)
    java, version = downloads.java()
    path = class_path(java, version, found, cache)
    native = ["--enable-native-access=ALL-UNNAMED"] if version >= 22 else []
    return [
        java,
        *native,
        "-Xms64m",
        "-Xmx512m",
        "-XX:+UseSerialGC",
        f"-Djava.library.path={found.parent / 'DynamoDBLocal_lib'}",
        *(path.running() if archive is None else path.archiving(archive)),
        *("-port", str(port), "-dbPath", str(folder), "-sharedDb", "-disableTelemetry"),
    ]
