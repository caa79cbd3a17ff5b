"""Stripe behind the Gateway Protocol, by Stripe's own client."""

from __future__ import annotations

from functools import lru_cache

from chalicelib.kernel import secrets
from chalicelib.kernel.config import config
from chalicelib.payments.actions.stripe_gateway.client import StripeGateway
from chalicelib.payments.rules.gateway import Gateway


def gateway() -> Gateway:
    """The stage's provider; its client and connections live as long as the process.

    Raises Unavailable.
    """
    return _made(secrets.stripe().api_key, config().payments.stripe_api_base)


@lru_cache(maxsize=2)
def _made(api_key: str, api_base: str) -> StripeGateway:
    return StripeGateway(api_key, api_base)
