"""How loudly a failure is told: an error is what somebody has to look at, and nothing else is."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel.errors import Moved, Passes, Unavailable, Waits
from chalicelib.kernel.observe import logger
from chalicelib.kernel.outages import code_of, is_outage


def is_expected(error: BaseException) -> bool:
    """Whether it is no failure: somebody else has it in hand, or it is not time yet."""
    return isinstance(error, (Waits, Moved))


def passes(error: BaseException) -> bool:
    """Whether it passes by itself: a service of AWS, or the provider, gives no answer now."""
    return isinstance(error, (Passes, Unavailable)) or is_outage(error)


def tell(said: str, error: BaseException, /, **about: Any) -> None:
    """Log what failed: what is expected as information, what passes by itself as a warning, both
    in a line without a trace; anything else as an error with its trace.
    """
    if is_expected(error):
        logger().info(said, why=type(error).__name__, **about)
    elif passes(error):
        logger().warning(said, why=type(error).__name__, cause=cause_of(error), **about)
    else:
        logger().error(said, exc_info=error, **about)


def cause_of(error: BaseException) -> str | None:
    """What it came of, by name only: providers quote phone numbers in what they say."""
    if (code := code_of(error)) is not None:
        return code
    cause = error.__cause__ or error.__context__
    return None if cause is None else code_of(cause) or type(cause).__name__
