"""A crowd in processes of its own, some of which are killed; their members then do the same again.

Each member's acts follow from the member's number alone, so that what is done again is a retry.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib import audit
from chalicelib.audit import Actor
from chalicelib.kernel import clock, ids, secrets
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import JifenError
from chalicelib.orders.rules import OrderAct
from tests.conftest import SECRETS
from tests.faults.wire import Request, Send, tapped

PROCESSES = 6
# The killed processes of a crowd, and how soon after the last one the next is.
KILLS, PAUSE_S = 3, (0.2, 0.8)
# How long a process may wait before a write, so that what it read grows old.
DAWDLE_S = 0.04
# A process begins again a few members before the one with whom it was killed.
_AGAIN = 3
_IMPORTED = ["tests.faults.flash", "tests.faults.pools", "tests.faults.seats"]
# Forked from one process that has imported the mall already.
_FORKED: Any = multiprocessing.get_context("forkserver")

Errands = Callable[["Buyer"], None]


@dataclass(frozen=True)
class Buyer:
    """A member of a crowd: its number chooses what it does, under ids of its own."""

    crowd: str
    number: int
    member: str

    @property
    def dice(self) -> random.Random:
        return random.Random(f"{self.crowd}:{self.number}")

    def id_of(self, prefix: str, name: str = "") -> str:
        return ids.derived_id(prefix, self.crowd, str(self.number), name)

    @property
    def order_id(self) -> str:
        return self.id_of("ord")

    @property
    def content(self) -> bytes:
        return ids.digest(self.order_id.encode())

    def act(self, name: str, at_ms: int | None = None) -> OrderAct:
        """An act on its order or on its return; done again, it is a retry."""
        at_ms = to_ms(clock.now()) if at_ms is None else at_ms
        key = ids.digest(self.id_of("act", name).encode())
        return OrderAct(name.partition(" ")[0], "staff", self.member, at_ms, key=key)

    def audited(self, name: str) -> audit.Act:
        actor, now = Actor("mbr_ops", frozenset({"ops"}), None, "request"), clock.now()
        act_id = self.id_of("act", name)
        return audit.Act(act_id, f"test.{name}", act_id, actor, to_ms(now), content=b"content")


def go_shopping(errands: Errands, buyers: Sequence[Buyer], meanwhile: Callable[[], None]) -> int:
    """All errands of all buyers, while processes are killed; the number of killed ones.

    `meanwhile` is done between two kills. Raises AssertionError if a process has failed.
    """
    dice, killed = random.Random(buyers[0].crowd), 0
    _FORKED.set_forkserver_preload(_IMPORTED)
    shares = [_Share(errands, buyers[first::PROCESSES]) for first in range(PROCESSES)]
    with ExitStack() as stack:
        for share in shares:
            stack.enter_context(share.running())
        while running := [share for share in shares if share.process.is_alive()]:
            time.sleep(dice.uniform(*PAUSE_S))
            meanwhile()
            if killed < KILLS and dice.choice(running).kill():
                killed += 1
        assert [share.process.exitcode for share in shares] == [0] * PROCESSES
    return killed


class _Share:
    """The buyers of one process, in their order; those behind `done` are through."""

    def __init__(self, errands: Errands, buyers: Sequence[Buyer]) -> None:
        self._errands, self._buyers = errands, buyers
        # Without a lock: a killed process would keep it.
        self._done = _FORKED.RawValue("i", 0)
        self.process = self._start()

    def _start(self) -> Any:
        told = (self._errands, self._buyers, self._done, os.environ["AWS_ENDPOINT_URL_DYNAMODB"])
        process = _FORKED.Process(target=_work, args=told, daemon=True)
        process.start()
        return process

    @contextmanager
    def running(self) -> Iterator[None]:
        try:
            yield
        finally:
            self.process.kill()
            self.process.join()

    def kill(self) -> bool:
        """Kill the process and start its successor; False if it had ended."""
        self.process.kill()
        self.process.join()
        if self.process.exitcode == 0:
            return False
        self._done.value = max(0, self._done.value - _AGAIN)
        self.process = self._start()
        return True


def _work(errands: Errands, buyers: Sequence[Buyer], done: Any, endpoint: str) -> None:
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint
    with pytest.MonkeyPatch.context() as patch, tapped(_dawdle):
        patch.setattr(secrets, "_secret", SECRETS.__getitem__)
        for buyer in buyers[done.value :]:
            errands(buyer)
            done.value += 1


def _dawdle(request: Request, send: Send) -> dict[str, Any]:
    if request.writes:
        time.sleep(random.uniform(0, DAWDLE_S))
    return send(request)


def each_if_allowed(*steps: Callable[[], object]) -> None:
    """These steps up to the first that is refused."""
    with suppress(JifenError):
        for step in steps:
            step()
