"""The stage's payment provider. No other module imports its client."""

from __future__ import annotations

from chalicelib.payments.rules.gateway import Gateway


def gateway() -> Gateway:
    """The provider.

    Raises Unavailable.
    """
    from chalicelib.payments.actions import stripe_gateway

    return stripe_gateway.gateway()
