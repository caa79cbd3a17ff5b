"""The routes: the part of Stripe's API that a mall needs."""

from __future__ import annotations

import re
from collections.abc import Callable

from infra.local.stripe import (
    balance,
    charges,
    disputes,
    forms,
    intents,
    lists,
    payment_methods,
    payouts,
    refunds,
    transfers,
)
from infra.local.stripe.errors import WireError, missing
from infra.local.stripe.forms import Params
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

Handler = Callable[..., Object]


def _event(provider: Provider, params: Params, name: str) -> Object:
    forms.refuse_unknown(params, ())
    found = provider.store.get("event", name)
    if found is None:
        raise missing("event", name)
    return found


def _events(provider: Provider, params: Params) -> Object:
    return lists.page(provider, "event", "/v1/events", params, ("type",))


_ROUTES: dict[str, Handler] = {
    "POST /v1/payment_methods": payment_methods.create,
    "GET /v1/payment_methods/{}": payment_methods.retrieve,
    "POST /v1/payment_intents": intents.create,
    "GET /v1/payment_intents": intents.list_all,
    "GET /v1/payment_intents/{}": intents.retrieve,
    "POST /v1/payment_intents/{}": intents.update,
    "POST /v1/payment_intents/{}/confirm": intents.confirm,
    "POST /v1/payment_intents/{}/cancel": intents.cancel,
    "GET /v1/charges": charges.list_all,
    "GET /v1/charges/{}": charges.retrieve,
    "POST /v1/refunds": refunds.create,
    "GET /v1/refunds": refunds.list_all,
    "GET /v1/refunds/{}": refunds.retrieve,
    "GET /v1/disputes": disputes.list_all,
    "GET /v1/disputes/{}": disputes.retrieve,
    "POST /v1/disputes/{}": disputes.update,
    "POST /v1/disputes/{}/close": disputes.close,
    "POST /v1/transfers": transfers.create,
    "GET /v1/transfers": transfers.list_all,
    "GET /v1/transfers/{}": transfers.retrieve,
    "GET /v1/transfers/{}/reversals": transfers.list_reversals,
    "POST /v1/transfers/{}/reversals": transfers.reverse,
    "POST /v1/payouts": payouts.create,
    "GET /v1/payouts": payouts.list_all,
    "GET /v1/payouts/{}": payouts.retrieve,
    "POST /v1/payouts/{}/cancel": payouts.cancel,
    "GET /v1/balance": balance.retrieve_balance,
    "GET /v1/balance_transactions": balance.list_lines,
    "GET /v1/balance_transactions/{}": balance.retrieve_line,
    "GET /v1/events": _events,
    "GET /v1/events/{}": _event,
}
_PATTERNS = [
    (re.compile(route.replace("{}", "([A-Za-z0-9_-]+)")), _ROUTES[route]) for route in _ROUTES
]


def match(method: str, path: str) -> tuple[Handler, tuple[str, ...]]:
    """The handler of a request and the ids in its path.

    Raises WireError.
    """
    for pattern, handler in _PATTERNS:
        found = pattern.fullmatch(f"{method} {path}")
        if found:
            return handler, found.groups()
    message = f"Unrecognized request URL ({method}: {path})."
    raise WireError(message, status=404, kept=False)
