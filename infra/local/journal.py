"""The AWS server's memory beyond a kill: objects, and notices sent."""

import pickle
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, metadata BLOB NOT NULL,
    PRIMARY KEY (bucket, key));
CREATE TABLE IF NOT EXISTS sent (
    number INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL, channel TEXT NOT NULL,
    recipient TEXT NOT NULL, subject TEXT, body TEXT NOT NULL, sent_at REAL NOT NULL,
    notice_id TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS sent_once ON sent (channel, notice_id, recipient)
    WHERE notice_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS sent_to ON sent (recipient, number);
"""


@dataclass(frozen=True)
class Notice:
    """A sent message; `sent_at` in epoch seconds."""

    message_id: str
    channel: str
    recipient: str
    subject: str | None
    body: str
    notice_id: str | None
    sent_at: float


class Journal:
    """A SQLite file that is written, and committed, before the request that changed it is answered.

    WAL without a sync at each commit: it survives the death of every process, not a power cut.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level="DEFERRED")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def commit(self) -> None:
        """Commit the changes since the last commit."""
        self._database.commit()

    def keep_object(self, bucket: str, key: str, body: bytes, metadata: dict[str, str]) -> None:
        """Write an object of a bucket."""
        self._database.execute(
            "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)",
            (bucket, key, body, pickle.dumps(metadata)),
        )

    def drop_object(self, bucket: str, key: str) -> None:
        """Forget an object."""
        self._database.execute("DELETE FROM objects WHERE bucket = ? AND key = ?", (bucket, key))

    def objects(self) -> list[tuple[str, str, bytes, dict[str, str]]]:
        """Give (bucket, key, body, metadata) for each kept object."""
        rows = self._database.execute("SELECT bucket, key, body, metadata FROM objects")
        return [(bucket, key, body, _unpickled(kept)) for bucket, key, body, kept in rows]

    def object_in(self, bucket: str, key: str) -> bytes | None:
        """The body of an object of a bucket."""
        row = self._database.execute(
            "SELECT body FROM objects WHERE bucket = ? AND key = ?", (bucket, key)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def sent_before(self, channel: str, notice_id: str) -> str | None:
        """Give the message id that a notice got when it was sent the first time."""
        row = self._database.execute(
            "SELECT message_id FROM sent WHERE channel = ? AND notice_id = ?", (channel, notice_id)
        ).fetchone()
        return None if row is None else str(row[0])

    def keep_notice(self, notice: Notice) -> None:
        """Write a message that was sent."""
        self._database.execute(
            "INSERT INTO sent (message_id, channel, recipient, subject, body, sent_at, notice_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                notice.message_id,
                notice.channel,
                notice.recipient,
                notice.subject,
                notice.body,
                notice.sent_at,
                notice.notice_id,
            ),
        )

    def notices(self, recipient: str | None, limit: int) -> list[Notice]:
        """Give the messages sent, to one recipient or to all, newest first."""
        rows = self._database.execute(
            "SELECT message_id, channel, recipient, subject, body, notice_id, sent_at FROM sent"
            " WHERE ?1 IS NULL OR recipient = ?1 ORDER BY number DESC LIMIT ?2",
            (recipient, limit),
        )
        return [Notice(*row) for row in rows]


def _unpickled(content: bytes) -> Any:
    # The file is our own and only this program writes it.
    return pickle.loads(content)  # noqa: S301
