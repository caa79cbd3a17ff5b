"""The routes: the part of Stripe's API that a mall needs."""

from __future__ import annotations

import re
from collections.abc import Callable

from infra.local.stripe import (
    balance,
    disputes,
    forms,
    intents,
    lists,
    payment_methods,
    payouts,
    refunds,
    transfers,
)
from infra.local.stripe.errors import WireError
from infra.local.stripe.forms import Params
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

Handler = Callable[..., Object]


def _one(kind: str) -> Handler:
    """Answers with the object of an id."""

    def retrieve(provider: Provider, params: Params, name: str) -> Object:
        forms.refuse_unknown(params, ())
        return provider.find(kind, name)

    return retrieve


def _all(kind: str, *filters: str) -> Handler:
    """Answers with a page of a kind's objects."""

    def list_all(provider: Provider, params: Params) -> Object:
        return lists.page(provider, kind, f"/v1/{kind}s", params, filters)

    return list_all


_ROUTES: dict[str, Handler] = {
    "POST /v1/payment_methods": payment_methods.create,
    "GET /v1/payment_methods/{}": payment_methods.retrieve,
    "POST /v1/payment_intents": intents.create,
    "GET /v1/payment_intents": _all("payment_intent"),
    "GET /v1/payment_intents/{}": intents.retrieve,
    "POST /v1/payment_intents/{}": intents.update,
    "POST /v1/payment_intents/{}/confirm": intents.confirm,
    "POST /v1/payment_intents/{}/cancel": intents.cancel,
    "GET /v1/charges": _all("charge", "payment_intent"),
    "GET /v1/charges/{}": _one("charge"),
    "POST /v1/refunds": refunds.create,
    "GET /v1/refunds": _all("refund", "payment_intent", "charge"),
    "GET /v1/refunds/{}": _one("refund"),
    "GET /v1/disputes": _all("dispute", "payment_intent", "charge"),
    "GET /v1/disputes/{}": _one("dispute"),
    "POST /v1/disputes/{}": disputes.update,
    "POST /v1/disputes/{}/close": disputes.close,
    "POST /v1/transfers": transfers.create,
    "GET /v1/transfers": _all("transfer", "destination", "transfer_group"),
    "GET /v1/transfers/{}": _one("transfer"),
    "GET /v1/transfers/{}/reversals": transfers.list_reversals,
    "POST /v1/transfers/{}/reversals": transfers.reverse,
    "POST /v1/payouts": payouts.create,
    "GET /v1/payouts": _all("payout", "destination", "status"),
    "GET /v1/payouts/{}": _one("payout"),
    "POST /v1/payouts/{}/cancel": payouts.cancel,
    "GET /v1/balance": balance.retrieve_balance,
    "GET /v1/balance_transactions": _all("balance_transaction", "currency", "source", "type"),
    "GET /v1/balance_transactions/{}": _one("balance_transaction"),
    "GET /v1/events": _all("event", "type"),
    "GET /v1/events/{}": _one("event"),
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
