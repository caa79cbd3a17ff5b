"""Enforces the mark `pure`: such a test starts nothing, calls nothing and needs no fixture
of ours that could do so."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# The fixtures that a pure test may use, besides those of its own module.
HARMLESS = {
    "_client",
    "_pure",
    "_stage_secrets",
    "capsys",
    "caplog",
    "monkeypatch",
    "record_property",
    "request",
    "subtests",
    "time",
    "tmp_path",
    "tmp_path_factory",
}
FORBIDDEN = (
    "socket.__new__",
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.posix_spawn",
    "os.fork",
    "os.system",
    "os.exec",
)
MARK = "pytest.mark.pure"

# The threads of pure tests, with their violations.
_watched: dict[int, list[str]] = {}


class NotPure(BaseException):
    """Not an `Exception`, lest the code under test takes it for a fault of the network."""


def refused_fixtures(names: Iterable[str], module: object, parameters: Iterable[str]) -> list[str]:
    """Fixtures among these that a pure test of this module may not ask for."""
    return sorted(name for name in {*names} - HARMLESS - {*parameters} if name not in vars(module))


def refuse_impure(items: Iterable[pytest.Item]) -> None:
    """Raises UsageError for a pure test whose fixtures start an engine, a server or a stack."""
    for item in items:
        if isinstance(item, pytest.Function) and item.get_closest_marker("pure"):
            parameters = item.callspec.params if hasattr(item, "callspec") else ()
            if found := refused_fixtures(item.fixturenames, item.module, parameters):
                raise pytest.UsageError(f"{item.nodeid} is marked pure and asks for {found}")


def has_no_pure_tests(path: Path) -> bool:
    """Whether neither this file of tests nor one in this folder has the mark."""
    files = path.rglob("test_*.py") if path.is_dir() else [path]
    return not any(MARK in file.read_text("utf-8") for file in files)


@contextmanager
def nothing_outside() -> Iterator[None]:
    """Meanwhile this thread opens no socket and starts no process. Raises NotPure."""
    me = threading.get_ident()
    _watched[me] = tried = []
    try:
        yield
    finally:
        del _watched[me]
    if tried:
        raise NotPure(f"a pure test tried {tried}")


def _watch(event: str, _arguments: tuple[Any, ...]) -> None:
    if _watched and event in FORBIDDEN and threading.get_ident() in _watched:
        _watched[threading.get_ident()].append(event)
        raise NotPure(f"a pure test tried {event}")


sys.addaudithook(_watch)
