"""Refusals in the shape of Stripe's."""

from __future__ import annotations

from typing import Any

INVALID = "invalid_request_error"


class WireError(Exception):
    """An answer above 399; `kept` under the request's idempotency key, like executed requests."""

    def __init__(
        self,
        message: str,
        code: str | None = None,
        param: str | None = None,
        *,
        status: int = 400,
        kind: str = INVALID,
        kept: bool = True,
        **facts: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.kept = status, kept
        known = {"code": code, "param": param, **facts}
        self.error = {"message": message, "type": kind} | {
            name: value for name, value in known.items() if value is not None
        }


def invalid(message: str, code: str, param: str) -> WireError:
    """A parameter that does not pass validation: nothing was executed, nothing is kept."""
    return WireError(message, code, param, kept=False)


def missing(what: str, found: str, param: str = "id") -> WireError:
    """No such object."""
    return WireError(
        f"No such {what}: '{found}'", "resource_missing", param, status=404, kept=False
    )


def unexpected_state(intent: dict[str, Any], verb: str) -> WireError:
    """The state of the PaymentIntent does not allow this."""
    return WireError(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        "payment_intent_unexpected_state",
        payment_intent=intent,
    )
