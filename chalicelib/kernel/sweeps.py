"""Sweeps: do each thing that is due, keep what fails, and let a stuck thing block no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

import msgspec

from chalicelib.kernel.errors import Waits
from chalicelib.kernel.failures import tell

T = TypeVar("T")
# Of so many in a row: one alone may be what cannot be answered. Each costs the client's time-outs,
# some 25 s at worst, and all queues have to be through within the function's 300 s.
PATIENCE = 2
# What failed is left alone for so long.
DEFERRED = timedelta(minutes=10)


class CircuitBreaker(msgspec.Struct):
    """Opens after several silent answers in a row of another service, for one queue and one run.
    The next run asks again."""

    silence: type[Exception]
    missed: int = 0

    @property
    def is_open(self) -> bool:
        return self.missed >= PATIENCE

    def record(self, error: Exception | None) -> None:
        if isinstance(error, self.silence):
            self.missed += 1
        elif error is None or isinstance(error, Waits):
            self.missed = 0
        # Anything else, such as a table of ours that is busy, says nothing of them.


def each(
    things: Iterable[T],
    act: Callable[[T], int],
    failed: list[Exception],
    breaker: CircuitBreaker | None = None,
    defer: Callable[[T], bool] | None = None,
    name: Callable[[T], str] = str,
) -> int:
    """Act on each thing; the sum of what the acts return, such as whether something was done.

    A failure is logged under the thing's name, added to `failed`, and the thing is deferred. It
    stops the others only while the breaker is open.
    """
    done = 0
    for thing in things:
        if breaker is not None and breaker.is_open:
            break
        error: Exception | None = None
        try:
            done += act(thing)
        except Exception as raised:
            tell("something due was not settled", raised, what=name(thing))
            failed.append(raised)
            error = raised
        if breaker is not None:
            breaker.record(error)
        if error is not None and defer is not None:
            each([thing], defer, failed, name=name)
    return done


def raise_failed(said: str, failed: list[Exception]) -> None:
    """Raises ExceptionGroup of what failed in a sweep, if anything has."""
    if failed:
        raise ExceptionGroup(said, failed)
