"""Refusals that wait for a write: whoever changes nothing, such as a replay, does not meet them.

A replay outranks every refusal. So a refusal of a caller's standing (a consent that is missing)
is not raised before a view: it is raised by the view's first write, where whatever makes a record
only once looks for the record of an earlier try.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from chalicelib.kernel.errors import JifenError

_refusal: ContextVar[JifenError | None] = ContextVar("refusal", default=None)


@contextmanager
def refused_by(refusal: JifenError | None) -> Iterator[None]:
    """Refuse all writes of this thread meanwhile; None refuses none."""
    token = _refusal.set(refusal)
    try:
        yield
    finally:
        _refusal.reset(token)


def check_may_write() -> None:
    """Raises the refusal that waits for a write."""
    if (refusal := _refusal.get()) is not None:
        raise refusal
