"""The position of each function in each shard of its stream, kept across restarts."""

import sqlite3
import threading
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS checkpoints (
    function TEXT NOT NULL, shard TEXT NOT NULL, sequence_number TEXT, ended INTEGER NOT NULL,
    PRIMARY KEY (function, shard))
"""


class Checkpoints:
    """A SQLite file, written after a batch has succeeded."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute(_SCHEMA)

    def position(self, function: str, shard: str) -> str | None:
        """The sequence number of the last record done; None before the first."""
        row = self._row(function, shard)
        return row[0] if row else None

    def ended(self, function: str, shard: str) -> bool:
        """Whether the shard is closed and every record of it done."""
        row = self._row(function, shard)
        return bool(row and row[1])

    def move(self, function: str, shard: str, sequence_number: str) -> None:
        """Everything up to this record is done."""
        self._write(function, shard, sequence_number, ended=False)

    def end(self, function: str, shard: str) -> None:
        """The shard is closed and every record of it done."""
        self._write(function, shard, self.position(function, shard), ended=True)

    def _row(self, function: str, shard: str) -> tuple[str | None, int] | None:
        with self._lock:
            found: tuple[str | None, int] | None = self._database.execute(
                "SELECT sequence_number, ended FROM checkpoints WHERE function = ? AND shard = ?",
                (function, shard),
            ).fetchone()
        return found

    def _write(
        self, function: str, shard: str, sequence_number: str | None, *, ended: bool
    ) -> None:
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?)",
                (function, shard, sequence_number, ended),
            )
