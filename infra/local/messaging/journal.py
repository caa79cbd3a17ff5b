"""The message server's memory beyond a kill: messages, and texts sent."""

import pickle
import sqlite3
import time
from pathlib import Path
from typing import Any

import msgspec

from infra.local.journal import Journal, Notice
from infra.local.messaging.messages import Message

# Queues do not outlive a start, messages do: each waits here until its queue is made again.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS queued (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, queue TEXT NOT NULL, body TEXT NOT NULL,
    attributes BLOB NOT NULL, sent_ms INTEGER NOT NULL, receives INTEGER NOT NULL,
    first_received_ms INTEGER);
"""
_INSERT = "INSERT INTO queued VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_BUSY_S = 10.0


class MessageJournal:
    """The tables of messages and notices in the SQLite file of this machine's AWS.

    Changes gather until `commit`, which the server calls before it answers what it has read at
    once: one transaction for all of it.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        self._notices = Journal(path)
        self._database = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)
        self._kept: dict[int, Message] = {}
        self._dropped: list[int] = []
        _take_over(self._database)

    def messages(self) -> list[Message]:
        """Give the kept messages, oldest first."""
        rows = self._database.execute(
            "SELECT number, id, queue, body, attributes, sent_ms, receives, first_received_ms"
            " FROM queued ORDER BY number"
        )
        return [
            Message(number, key, queue, body, msgspec.json.decode(attributes), *counts)
            for number, key, queue, body, attributes, *counts in rows
        ]

    def keep(self, message: Message) -> None:
        """Write a message that is new, was handed out, or is in another queue."""
        self._kept[message.number] = message

    def drop(self, message: Message) -> None:
        """Forget one that was consumed."""
        self._kept.pop(message.number, None)
        self._dropped.append(message.number)

    def commit(self) -> None:
        """Commit the changes since the last commit."""
        if not self._kept and not self._dropped:
            return
        run = self._database
        run.execute("BEGIN IMMEDIATE")
        run.executemany(
            f"{_INSERT} ON CONFLICT (number) DO UPDATE SET queue = excluded.queue,"
            " receives = excluded.receives, first_received_ms = excluded.first_received_ms",
            map(_row, self._kept.values()),
        )
        run.executemany("DELETE FROM queued WHERE number = ?", [(each,) for each in self._dropped])
        run.execute("COMMIT")
        self._kept.clear()
        self._dropped.clear()

    def sent_before(self, notice_id: str) -> str | None:
        """Give the message id that a text got when it was sent the first time."""
        return self._notices.sent_before("sms", notice_id)

    def keep_text(self, message_id: str, phone: str, text: str, notice_id: str | None) -> None:
        """Write a text that was sent, durably at once."""
        self._notices.keep_notice(
            Notice(message_id, "sms", phone, None, text, notice_id, time.time())
        )
        self._notices.commit()


def _row(message: Message) -> tuple[Any, ...]:
    return (
        message.number,
        message.id,
        message.queue,
        message.body,
        msgspec.json.encode(message.attributes),
        message.sent_ms,
        message.receives,
        message.first_received_ms,
    )


def _take_over(database: sqlite3.Connection) -> None:
    """Copy the messages of an earlier release, which moto pickled, into our table."""
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'messages'").fetchone():
        return
    rows = database.execute("SELECT queue, receives, content FROM messages ORDER BY sent_at, rowid")
    old = [_of_moto(number, *row) for number, row in enumerate(rows.fetchall(), 1)]
    database.execute("BEGIN IMMEDIATE")
    database.executemany(_INSERT, map(_row, old))
    database.execute("DROP TABLE messages")
    database.execute("COMMIT")


def _of_moto(number: int, queue: str, receives: int, content: bytes) -> Message:
    # The file is our own and only this program writes it.
    old = pickle.loads(content)  # noqa: S301
    attributes = {
        name: {"DataType": value["data_type"], "StringValue": value["string_value"]}
        for name, value in old.message_attributes.items()
        if "string_value" in value
    }
    sent_ms = int(old.sent_timestamp or 0)
    return Message(number, old.id, queue, old.body, attributes, sent_ms, receives)
