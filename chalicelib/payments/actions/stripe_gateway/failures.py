"""Stripe's refusals and outages as our errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chalicelib.kernel.errors import IdempotencyKeyReused, JifenError
from chalicelib.kernel.observe import logger
from chalicelib.payments.errors import NotAtProvider, ProviderSilent

if TYPE_CHECKING:
    from stripe import StripeError

_MISSING = "resource_missing"
# The client's field for the object that may be missing; another missing object is a refusal.
_OURS = ("id", "intent", "payment_intent", "payout", "transfer")


@contextmanager
def in_our_errors(refused: type[JifenError]) -> Iterator[None]:
    """Raise Stripe's errors as ours: `refused(reason=Stripe's code)` for a refusal.

    Raises ProviderSilent, NotAtProvider, IdempotencyKeyReused and `refused`.
    """
    from stripe import CardError, IdempotencyError, InvalidRequestError, StripeError

    try:
        yield
    except IdempotencyError as error:
        raise IdempotencyKeyReused() from error
    except (CardError, InvalidRequestError) as error:
        if error.code == _MISSING and error.param in _OURS:
            raise NotAtProvider() from error
        raise refused(reason=error.code or error.param or "refused") from error
    except StripeError as error:
        # No answer, a rate limit, a server error, or a rejected API key, which operators cure.
        # The effect is unknown in each case, and the same call again is safe.
        log = logger().warning if _says_later(error) else logger().error
        log(
            "Stripe did not answer as it should",
            kind=type(error).__name__,
            status=error.http_status,
            stripe_request=error.request_id,
        )
        raise ProviderSilent() from error


def _says_later(error: StripeError) -> bool:
    """Whether a retry alone may cure it: no answer, a rate limit, a server error."""
    from stripe import APIConnectionError, RateLimitError

    if isinstance(error, (APIConnectionError, RateLimitError)):
        return True
    return error.http_status is not None and error.http_status >= 500
