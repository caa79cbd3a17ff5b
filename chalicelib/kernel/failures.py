"""The log level of a failure: `error` is for failures that need a person, and for nothing else."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel.errors import Moved, Passes, Unavailable, Waits
from chalicelib.kernel.observe import logger
from chalicelib.kernel.outages import code_of, is_outage


def is_expected(error: BaseException) -> bool:
    """Whether the error is no failure: another process has the work, or it is not due yet."""
    return isinstance(error, (Waits, Moved))


def passes(error: BaseException) -> bool:
    """Whether a retry solves it: a service of AWS, or the provider, gives no answer now."""
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
    """The names of the errors behind it. Their texts stay out: providers quote phone numbers."""
    if (code := code_of(error)) is not None:
        return code
    cause = error.__cause__ or error.__context__
    return None if cause is None else code_of(cause) or type(cause).__name__
