"""DynamoDB Local on a file that survives SIGKILL."""

import contextlib
import http.client
import os
import random
import shutil
import socket
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local import downloads
from infra.local.class_path import class_path, share_own
from infra.local.errors import StackError
from infra.local.processes import Child
from infra.local.resources import create_tables, dynamodb_client
from infra.local.settings import CREDENTIALS, HOST, REGION, STAGE, from_environment

_FILE = "shared-local-instance.db"
_START_S = 60.0
_ARCHIVE_S = 30.0
# Below the ports that Linux and macOS hand out by themselves.
_PORTS = (20000, 32000)


@dataclass(frozen=True)
class Engine:
    """An engine that answers at `endpoint`."""

    endpoint: str
    child: Child


def start(folder: Path, cache: Path, log: Path, port: int) -> Engine:
    """Start the engine on the file in `folder`, making that file first when there is none.

    Raises StackError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / _FILE).exists():
        _copy_whole(_empty_file(cache), folder / _FILE)
    return _run(folder, cache, log, port)


@contextmanager
def temporary_engine() -> Iterator[str]:
    """Give tests the address of an engine with the stage's tables, on memory if there is any.

    Its tables have no streams, which nobody would read: they cost a third of each write.

    Raises StackError.
    """
    settings = from_environment()
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        engine = start(
            Path(name) / "engine", settings.cache, Path(name) / "engine.log", free_port()
        )
        try:
            create_tables(dynamodb_client(engine.endpoint), STAGE, streamed=False)
            yield engine.endpoint
        finally:
            engine.child.kill()


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
        # Where Java can archive nothing there is none. A half of one is seen by nobody.
        with contextlib.suppress(FileNotFoundError):
            archive.rename(path.archive)
        with sqlite3.connect(folder / _FILE) as database:
            database.execute("CREATE INDEX us_by_shard ON us(ShardID, SequenceNumber)")
            database.execute("CREATE INDEX us_by_stream ON us(StreamID, SequenceNumber)")
        database.execute("PRAGMA journal_mode = WAL")
        database.close()
        _copy_whole(folder / _FILE, made)
    return made


def _copy_whole(source: Path, target: Path) -> None:
    """Copy so that `target` is never half there."""
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copyfile(source, partial)
    partial.rename(target)


def _run(folder: Path, cache: Path, log: Path, port: int, archive: Path | None = None) -> Engine:
    """Run it; where `archive` is given, its classes are written there when it stops."""
    command = _command(folder, cache, port, archive)
    # It leaves a file of its own where it is started.
    child = Child("DynamoDB Local", command, log, folder=folder)
    try:
        _wait_until_it_answers(child, port)
    except BaseException:
        child.kill()
        raise
    return Engine(f"http://{HOST}:{port}", child)


def _command(folder: Path, cache: Path, port: int, archive: Path | None) -> list[str]:
    jar = downloads.engine_jar(cache)
    java, version = downloads.java()
    path = class_path(java, version, jar, cache)
    native = ["--enable-native-access=ALL-UNNAMED"] if version >= 22 else []
    return [
        java,
        *native,
        "-Xms64m",
        "-Xmx512m",
        "-XX:+UseSerialGC",
        f"-Djava.library.path={jar.parent / 'DynamoDBLocal_lib'}",
        *(path.running() if archive is None else path.archiving(archive)),
        *("-port", str(port), "-dbPath", str(folder), "-sharedDb", "-disableTelemetry"),
    ]


def free_port() -> int:
    """A port that nobody has and that no outgoing connection will be given meanwhile."""
    while True:
        port = random.randrange(*_PORTS)  # noqa: S311 - no secret
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port


def _wait_until_it_answers(child: Child, port: int) -> None:
    """Raises StackError."""
    deadline = time.monotonic() + _START_S
    while not answers_at(HOST, port):
        if child.exit_code() is not None:
            raise StackError(f"DynamoDB Local does not start: {child.last_words()}")
        if time.monotonic() > deadline:
            raise StackError(f"DynamoDB Local did not answer within {_START_S:.0f} s")
        time.sleep(0.03)


def answers_at(host: str, port: int) -> bool:
    """Whether a DynamoDB engine lists its tables there."""
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("POST", "/", b"{}", headers("DynamoDB_20120810.ListTables"))
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def headers(target: str) -> dict[str, str]:
    """What the engine wants to see of a signed request; it checks no signature."""
    key = CREDENTIALS["AWS_ACCESS_KEY_ID"]
    scope = f"{key}/20260101/{REGION}/dynamodb/aws4_request"
    return {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": target,
        "X-Amz-Date": "20260101T000000Z",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
