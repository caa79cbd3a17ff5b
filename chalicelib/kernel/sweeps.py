"""Sweeps: do each thing that is due, keep what fails, and let a stuck thing block no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from chalicelib.kernel.errors import Waits
from chalicelib.kernel.failures import tell

T = TypeVar("T")
# Of so many in a row: one alone may be what cannot be answered. Each costs the client's time-outs,
# some 25 s at worst, and all queues have to be through within the function's 300 s.
PATIENCE = 2
# What failed is left alone for so long.
DEFERRED = timedelta(minutes=10)


@dataclass
class Line:
    """The line to somebody else for one queue in one run: once they have been silent about several
    things in a row it is down, and asked again by the next run."""

    silence: type[Exception]
    missed: int = 0

    @property
    def is_down(self) -> bool:
        return self.missed >= PATIENCE

    def hear(self, error: Exception | None) -> None:
        if isinstance(error, self.silence):
            self.missed += 1
        elif error is None or isinstance(error, Waits):
            self.missed = 0
        # Anything else, such as a table of ours that is busy, says nothing of them.


def each(
    things: Iterable[T],
    act: Callable[[T], int],
    failed: list[Exception],
    line: Line | None = None,
    defer: Callable[[T], bool] | None = None,
    name: Callable[[T], str] = str,
) -> int:
    """Act on each thing; the sum of what the acts return, such as whether something was done.

    A failure is logged under the thing's name, added to `failed`, and the thing is deferred. It
    stops the others only if the line is down.
    """
    done = 0
    for thing in things:
        if line is not None and line.is_down:
            break
        error: Exception | None = None
        try:
            done += act(thing)
        except Exception as raised:
            tell("something due was not settled", raised, what=name(thing))
            failed.append(raised)
            error = raised
        if line is not None:
            line.hear(error)
        if error is not None and defer is not None:
            each([thing], defer, failed, name=name)
    return done


def raise_failed(said: str, failed: list[Exception]) -> None:
    """Raises ExceptionGroup of what failed in a sweep, if anything has."""
    if failed:
        raise ExceptionGroup(said, failed)
