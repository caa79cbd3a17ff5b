"""Races by schedule: several acts, a thread each, of which exactly one moves at a time.

Each act stops before every request it makes. A schedule is a string such as "ABBA": whose request
is sent next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Self

from tests.faults.wire import Request, Send, tapped

Act = Callable[[], Any]
_PATIENCE_S = 30
_HERE = threading.local()


class Abandoned(BaseException):
    """The run does not wait for this act."""


class Actor:
    """An act in a thread of its own; `waiting` is the request that it has stopped before."""

    def __init__(self, act: Act) -> None:
        self.waiting: Request | None = None
        self.result: Any = None
        self.failed: BaseException | None = None
        self._abandoned = False
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, args=(act,), daemon=True)
        self._thread.start()
        self._wait()

    def _run(self, act: Act) -> None:
        _HERE.actor = self
        try:
            self.result = act()
        except Abandoned:
            pass
        except BaseException as error:
            self.failed = error
        self.waiting = None
        self._stopped.release()

    def stop_before(self, request: Request) -> None:
        self.waiting = request
        self._stopped.release()
        self._go.acquire()
        if self._abandoned:
            raise Abandoned

    def move(self) -> None:
        """Send the request, and go on to the next one or the end."""
        self._go.release()
        self._wait()

    def abandon(self) -> None:
        while self.waiting is not None:
            self._abandoned = True
            self.move()
        self._thread.join(_PATIENCE_S)

    def _wait(self) -> None:
        assert self._stopped.acquire(timeout=_PATIENCE_S), "an act stopped before no request"
        if self.failed is not None:
            raise self.failed


class Run:
    """One run of several acts by a schedule; unfinished acts are abandoned at its end."""

    def __init__(self, acts: Mapping[str, Act]) -> None:
        self._acts = acts
        self._actors: dict[str, Actor] = {}
        self._tap = tapped(_stop)
        self.schedule = ""

    def __enter__(self) -> Self:
        self._tap.__enter__()
        for name, act in self._acts.items():
            self._actors[name] = Actor(act)
        return self

    def __exit__(self, *_: object) -> None:
        for actor in self._actors.values():
            actor.abandon()
        self._tap.__exit__(None, None, None)

    def pending(self) -> dict[str, Request]:
        """The unfinished acts, and the next request of each."""
        return {name: a.waiting for name, a in self._actors.items() if a.waiting is not None}

    def move(self, name: str) -> None:
        self.schedule += name
        self._actors[name].move()

    @property
    def results(self) -> dict[str, Any]:
        return {name: actor.result for name, actor in self._actors.items()}


def _stop(request: Request, send: Send) -> dict[str, Any]:
    actor: Actor | None = getattr(_HERE, "actor", None)
    if actor is not None:
        actor.stop_before(request)
    return send(request)


def replay(acts: Mapping[str, Act], schedule: str) -> Run:
    """The run of a schedule, to its end; where the schedule ends, in order of name."""
    with Run(acts) as run:
        for name in schedule:
            if name in run.pending():
                run.move(name)
        while pending := run.pending():
            run.move(min(pending))
    return run
