"""People, codes and tokens in one SQLite file; a code is taken once, whoever asks at once."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from infra.local.providers.apps import App

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, nickname TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY, app TEXT NOT NULL, person TEXT NOT NULL, redirect TEXT NOT NULL,
    ends_at REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, app TEXT NOT NULL, person TEXT NOT NULL, openid TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
FIRST = {"mei": "小梅", "lei": "韩雷", "ann": "Ann", "blocked": "被限制的人 Blocked"}
# Source: WeChat's codes live for five minutes, QQ's for ten.
_LIVES_S = {"wechat": 300.0, "qq": 600.0}


class Code(NamedTuple):
    """A code that was given: `is_good` the first time, while it lives."""

    person: str
    redirect: str
    app: str
    is_good: bool
    was_used: bool


class Store:
    """The file."""

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        """Open or make it; `now` is the program's time in seconds."""
        self._lock, self._now = threading.RLock(), now
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.executescript(_SCHEMA)
        for person, nickname in FIRST.items():
            self._run("INSERT OR IGNORE INTO people VALUES (?, ?)", person, nickname)

    def people(self) -> list[tuple[str, str]]:
        """Everybody: (id, nickname)."""
        return self._run("SELECT id, nickname FROM people ORDER BY rowid")

    def nickname(self, person: str) -> str | None:
        rows = self._run("SELECT nickname FROM people WHERE id = ?", person)
        return rows[0][0] if rows else None

    def add_person(self, nickname: str) -> str:
        """A new person; their id."""
        person = secrets.token_hex(8)
        self._run("INSERT INTO people VALUES (?, ?)", person, nickname[:40] or "新朋友")
        return person

    def new_code(self, app: App, person: str, redirect: str) -> str:
        """A code by which an app learns who a person is."""
        code = secrets.token_urlsafe(24).replace("-", "x").replace("_", "y")
        ends_at = self._now() + _LIVES_S[app.provider]
        self._run(
            "INSERT INTO codes (code, app, person, redirect, ends_at) VALUES (?, ?, ?, ?, ?)",
            *(code, app.id, person, redirect, ends_at),
        )
        return code

    def take(self, code: str, app: App) -> Code | None:
        """Use a code up; None if the app has none such."""
        asked = "SELECT person, redirect, app, ends_at, used FROM codes WHERE code = ? AND app = ?"
        with self._lock:
            rows = self._run(asked, code, app.id)
            if not rows:
                return None
            person, redirect, app_id, ends_at, used = rows[0]
            self._run("UPDATE codes SET used = 1 WHERE code = ?", code)
        is_good = not used and self._now() < ends_at
        return Code(person, redirect, app_id, is_good, bool(used))

    def new_token(self, app: App, person: str) -> str:
        token = secrets.token_hex(32)
        openid = openid_of(app, person)
        self._run("INSERT INTO tokens VALUES (?, ?, ?, ?)", token, app.id, person, openid)
        return token

    def holder(self, token: str) -> tuple[str, str] | None:
        """The app's id and the person of a token."""
        rows = self._run("SELECT app, person FROM tokens WHERE token = ?", token)
        return (rows[0][0], rows[0][1]) if rows else None

    def setting(self, name: str, default: Any) -> Any:
        rows = self._run("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(rows[0][0]) if rows else default

    def set(self, name: str, value: Any) -> None:
        self._run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))

    def _run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(statement, values).fetchall()


def openid_of(app: App, person: str) -> str:
    """A person as one app knows them: 28 characters, as WeChat's, or 32 digits, as QQ's."""
    return _name(app.provider, app.id, person)


def unionid_of(app: App, person: str) -> str:
    """A person as all our apps at a provider know them."""
    return _name(app.provider, "union", person)


def _name(provider: str, *parts: str) -> str:
    digest = hashlib.sha256("\x1f".join((provider, *parts)).encode())
    if provider == "qq":
        return digest.hexdigest()[:32].upper()
    return "o" + urlsafe_b64encode(digest.digest()).decode()[:27]
