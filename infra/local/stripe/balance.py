"""The provider's books: balance transactions, their fees, and the balance that they sum to."""

from __future__ import annotations

from typing import Any

from infra.local.stripe import forms
from infra.local.stripe.errors import WireError
from infra.local.stripe.forms import Params
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

# Per mille of the amount, and a fixed part in minor units: invented, steady, in Stripe's manner.
_RATES = {"card": (29, 30), "alipay": (22, 0), "wechat_pay": (22, 0)}
DISPUTE_FEE = 1500


def fee_of(method: str, amount: int) -> int:
    """The fee of an amount by a method, rounded half up, never more than the amount."""
    per_mille, fixed = _RATES[method]
    return min(amount, (amount * per_mille + 500) // 1000 + fixed)


def book(
    provider: Provider, kind: str, category: str, amount: int, source: Object, fee: int = 0
) -> Object:
    """A line of the books: `amount` is signed from the account's side."""
    details = (
        [
            {
                "amount": fee,
                "currency": source["currency"],
                "type": "stripe_fee",
                "application": None,
                "description": "Processing fees",
            }
        ]
        if fee
        else []
    )
    line = provider.make(
        "balance_transaction",
        "txn",
        amount=amount,
        fee=fee,
        net=amount - fee,
        currency=source["currency"],
        type=kind,
        reporting_category=category,
        source=source["id"],
        status="available",
        available_on=provider.now_s(),
        balance_type="payments",
        description=None,
        exchange_rate=None,
        fee_details=details,
    )
    del line["livemode"]
    return provider.store.put(line)


def total(provider: Provider, currency: str) -> int:
    """The balance here."""
    rows = provider.store.run(
        "SELECT coalesce(sum(json_extract(body, '$.net')), 0) FROM objects"
        " WHERE kind = 'balance_transaction' AND json_extract(body, '$.currency') = ?",
        currency,
    )
    return int(rows[0][0])


def refuse_overdraft(provider: Provider, amount: int, currency: str) -> None:
    """Raises WireError."""
    if total(provider, currency) < amount:
        raise WireError(
            "You have insufficient funds in your Stripe account for this.", "balance_insufficient"
        )


def retrieve_balance(provider: Provider, params: Params) -> Object:
    forms.refuse_unknown(params, ())
    rows = provider.store.run(
        "SELECT json_extract(body, '$.currency'), sum(json_extract(body, '$.net')) FROM objects"
        " WHERE kind = 'balance_transaction' GROUP BY 1 ORDER BY 1"
    )
    parts: list[dict[str, Any]] = [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}}
        for currency, amount in rows
    ]
    none = [{**part, "amount": 0, "source_types": {"card": 0}} for part in parts]
    return {"object": "balance", "livemode": False, "available": parts, "pending": none}
