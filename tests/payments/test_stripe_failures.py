"""An outage of Stripe is logged as a warning, a rejected API key as an error."""

from __future__ import annotations

import pytest
import stripe

from chalicelib.payments.actions.stripe_gateway.failures import in_our_errors
from chalicelib.payments.errors import PaymentRefused, ProviderSilent
from tests.logs import levels, recorded


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (stripe.APIConnectionError("no route"), "WARNING"),
        (stripe.RateLimitError("slow down", http_status=429), "WARNING"),
        (stripe.APIError("oops", http_status=503), "WARNING"),
        (stripe.AuthenticationError("no such key", http_status=401), "ERROR"),
        (stripe.PermissionError("a restricted key", http_status=403), "ERROR"),
        (stripe.APIError("no JSON"), "ERROR"),
    ],
)
def test_only_failures_that_operators_can_repair_are_logged_as_errors(
    error: stripe.StripeError, level: str
) -> None:
    with recorded() as said, pytest.raises(ProviderSilent), in_our_errors(PaymentRefused):
        raise error
    assert levels(said) == [(level, False)]
