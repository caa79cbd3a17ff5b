"""dynoxide, an engine in Rust on SQLite: ready at once, in a tenth of DynamoDB Local's memory."""

import contextlib
import os
import sqlite3
from pathlib import Path

from infra.local import downloads
from infra.local.engine_process import Engine, launch
from infra.local.errors import StackError
from infra.local.settings import HOST

NAME = "dynoxide"
FILE = "dynoxide.db"
# It looks for the last record of a table's stream at each write, for those behind a place at each
# read, and for the first and last of a shard, in a table without an index: all take longer with
# every record kept.
_ORDER = "CAST(sequence_number AS INTEGER)"
_INDEXES = {
    "jifen_stream_order": f"table_name, {_ORDER}",
    "jifen_shard_order": f"table_name, shard_id, {_ORDER}, sequence_number",
}


def program(cache: Path) -> Path:
    """Give its program.

    Raises StackError.
    """
    found = downloads.dynoxide(cache)
    if found is None:
        raise StackError(f"npm gave no dynoxide for {downloads.system()}; see JIFEN_ENGINE")
    return found


def start(folder: Path, cache: Path, log: Path, port: int) -> Engine:
    """Start it on its file in `folder`, which it makes when there is none.

    Raises StackError.
    """
    file = folder / FILE
    serve = ["serve", "--host", HOST, "--port", str(port), "--db-path", str(file)]
    # More than errors would put items, personal data among them, into the log.
    environment = {**os.environ, "RUST_LOG": "error"}
    engine = launch(
        NAME, [str(program(cache)), *serve], log, port, folder=folder, environment=environment
    )
    try:
        _index_stream_records(file)
    except BaseException:
        engine.child.kill()
        raise
    return engine


def _index_stream_records(file: Path) -> None:
    """Raises StackError."""
    try:
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
            for name, parts in _INDEXES.items():
                database.execute(f"CREATE INDEX IF NOT EXISTS {name} ON _stream_records ({parts})")
    except sqlite3.Error as failure:
        raise StackError(f"the stream records in {file} get no indexes: {failure}") from failure
