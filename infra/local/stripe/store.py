"""Objects, idempotent answers, deliveries and settings in one SQLite file, one writer at a time."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Object = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS of_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS of_intent ON objects (kind, json_extract(body, '$.payment_intent'));
CREATE INDEX IF NOT EXISTS of_group ON objects (kind, json_extract(body, '$.transfer_group'));
CREATE INDEX IF NOT EXISTS of_transfer ON objects (kind, json_extract(body, '$.transfer'));
CREATE INDEX IF NOT EXISTS of_order ON objects (kind, json_extract(body, '$.metadata.order_id'));
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    at_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, due_ms INTEGER NOT NULL,
    first_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, ended TEXT);
CREATE INDEX IF NOT EXISTS of_due ON deliveries (due_ms) WHERE ended IS NULL;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
# The filters of a list, besides its time.
FILTERS = {
    "payment_intent": "$.payment_intent",
    "charge": "$.charge",
    "transfer_group": "$.transfer_group",
    "destination": "$.destination",
    "source": "$.source",
    "transfer": "$.transfer",
    "status": "$.status",
    "type": "$.type",
    "currency": "$.currency",
    "order_id": "$.metadata.order_id",
}


class Store:
    """The file; a request is one transaction of it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        self._lock = threading.RLock()
        self._depth = 0
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction; a nested one is part of the outer one."""
        with self._lock:
            outermost, self._depth = self._depth == 0, self._depth + 1
            if outermost:
                self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if outermost:
                    self._database.execute("ROLLBACK")
                raise
            else:
                if outermost:
                    self._database.execute("COMMIT")
            finally:
                self._depth -= 1

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """One statement, of the caller's own words only; its rows."""
        with self._lock:
            return self._database.execute(statement, values).fetchall()

    def put(self, found: Object) -> Object:
        """Keep an object as it is now; it stays in its place."""
        self.run(
            "INSERT INTO objects (id, kind, created, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            found["id"],
            found["object"],
            found["created"],
            json.dumps(found, ensure_ascii=False),
        )
        return found

    def get(self, kind: str, name: str) -> Object | None:
        """An object by its id."""
        rows = self.run("SELECT body FROM objects WHERE id = ? AND kind = ?", name, kind)
        return json.loads(rows[0][0]) if rows else None

    def any(self, name: str) -> Object | None:
        """An object of whatever kind by its id."""
        rows = self.run("SELECT body FROM objects WHERE id = ?", name)
        return json.loads(rows[0][0]) if rows else None

    def place(self, name: str) -> int | None:
        """Where an object stands among all."""
        rows = self.run("SELECT seq FROM objects WHERE id = ?", name)
        return int(rows[0][0]) if rows else None

    def find(
        self,
        kind: str,
        filters: dict[str, str],
        *,
        conditions: list[tuple[str, int]],
        limit: int,
        oldest_first: bool = False,
    ) -> list[Object]:
        """Objects of a kind; `conditions` compare `created` or `seq` (`created >=`, 17)."""
        clauses, values = ["kind = ?"], [kind]
        for name, wanted in filters.items():
            clauses.append(f"json_extract(body, '{FILTERS[name]}') = ?")
            values.append(wanted)
        rows = self.run(
            # Names of this module alone, values apart.
            f"SELECT body FROM objects WHERE {' AND '.join(clauses)}"  # noqa: S608
            + "".join(f" AND {compared} ?" for compared, _ in conditions)
            + f" ORDER BY seq {'ASC' if oldest_first else 'DESC'} LIMIT ?",
            *values,
            *(value for _, value in conditions),
            limit,
        )
        return [json.loads(body) for (body,) in rows]

    def setting(self, name: str, default: Any) -> Any:
        """The value that was set, or the default."""
        rows = self.run("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(rows[0][0]) if rows else default

    def set(self, name: str, value: Any) -> None:
        """Set it."""
        self.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))


def new_id(prefix: str) -> str:
    """`ch_…`, never given before."""
    return f"{prefix}_{secrets.token_hex(12)}"
