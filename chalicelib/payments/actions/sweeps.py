"""Parts shared by the sweeps and consumers that call the provider."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.sweeps import CircuitBreaker, raise_failed
from chalicelib.payments.errors import NotBookedYet, ProviderSilent

# The provider books most payments at once, some a few minutes later.
BOOKED_WITHIN = timedelta(hours=1)


def provider_breaker() -> CircuitBreaker:
    """The provider's breaker for one queue in one run of a sweep."""
    return CircuitBreaker(ProviderSilent)


def end_sweep(
    swept: str, done: dict[str, int], failed: list[Exception], now: datetime
) -> dict[str, int]:
    """Log a sweep and return how many of each kind were done.

    Raises ExceptionGroup of the failures. A payment that the provider took within the hour and has
    not booked yet is no failure.
    """
    # A recent payment that the provider has not booked yet raises no alarm.
    waiting = [error for error in failed if _was_taken_just_now(error, now)]
    failed = [error for error in failed if error not in waiting]
    logger().info(f"{swept} swept", done=done, failed=len(failed), waiting=len(waiting))
    raise_failed(f"{swept} were not swept", failed)
    return done


def _was_taken_just_now(error: Exception, now: datetime) -> bool:
    return isinstance(error, NotBookedYet) and now < from_ms(error.taken_at_ms) + BOOKED_WITHIN


def sync_if_ours(sync: Callable[[], object], about: str) -> None:
    """Sync an object that the provider told of, if it is ours.

    Others may use the same account of the provider. The reconciliation lists their money as missing
    here.
    """
    try:
        sync()
    except NotFound as error:
        if type(error) is not NotFound:
            raise
        logger().warning("the provider told of nothing of ours", about=about)
        count("UnknownPayment")
