"""Whether a caller has agreed to the newest terms, and is somebody still: the kernel asks, a
context above it knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib.kernel.errors import JifenError
from chalicelib.kernel.web.requests import Caller

# The refusal of a caller who has to agree to something first; None for all others.
Asked = Callable[[Caller, datetime], JifenError | None]


def nobody_asks(_caller: Caller, _now: datetime) -> None:
    """A program without terms."""


_asked: list[Asked] = [nobody_asks, nobody_asks]


def ask(asked: Asked, gone: Asked) -> None:
    """Take the functions that know; the composition root gives them."""
    _asked[:] = asked, gone


def missing_consent(caller: Caller | None, now: datetime) -> JifenError | None:
    """The refusal of a caller who has to agree to something first."""
    return _asked[0](caller, now) if caller else None


def check_not_gone(caller: Caller | None, now: datetime) -> None:
    """Raises the refusal of a caller whose token is of an id that is nobody's any more."""
    refusal = _asked[1](caller, now) if caller else None
    if refusal is not None:
        raise refusal
