"""A pure test cannot start or call anything, even if its code catches the error."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest

from chalicelib.orders.tables import OrdersItem
from tests import purity

OUTSIDE: dict[str, Callable[[], object]] = {
    "a socket": socket.socket,
    "a connection": lambda: socket.create_connection(("127.0.0.1", 9)),
    "a process": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "a shell": lambda: os.system("true"),
}


@pytest.fixture
def own() -> str:
    return "made here"


@pytest.mark.parametrize("act", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_a_pure_test_with_a_violation_is_stopped(act: Callable[[], object]) -> None:
    with pytest.raises(purity.NotPure), purity.nothing_outside():
        act()


def test_a_swallowed_violation_fails_the_test_at_its_end() -> None:
    def swallowing() -> None:
        with purity.nothing_outside(), suppress(BaseException):
            socket.socket()

    with pytest.raises(purity.NotPure, match=r"socket.__new__"):
        swallowing()


def test_a_pure_test_may_ask_for_fixtures_of_its_own_module_only(own: str) -> None:
    names = ["monkeypatch", "own", "engine", "number"]
    here = sys.modules[__name__]
    assert purity.refused_fixtures(names, here, ["number"]) == ["engine"]


def test_a_test_without_the_engine_makes_no_client_of_the_tables() -> None:
    with pytest.raises(AssertionError, match="asks for the fixture `engine`"):
        OrdersItem.find("nobody", "nothing")
