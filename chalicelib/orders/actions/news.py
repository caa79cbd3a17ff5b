"""News of the provider: each event syncs the object that it names."""

from __future__ import annotations

from datetime import datetime

from chalicelib import payments
from chalicelib.kernel.ids import is_id
from chalicelib.orders.actions import sync
from chalicelib.payments import PaymentNews


def act_on_news(told: PaymentNews, now: datetime) -> None:
    """Sync the object of a provider's event: an order's payment or a payout to our bank.

    Raises Unavailable.
    """
    ours = _id(told.ours)
    if told.type.startswith("payout."):
        payments.sync_payout(told.about, now)
    else:
        found = payments.payment_of(told.intent) if told.intent and not ours else None
        payment_id = ours or _id(found)
        if payment_id:
            order_id = payments.order_id_of(payment_id)
            payments.sync_if_ours(lambda: sync.sync_order(order_id, now), order_id)


def _id(named: str | None) -> str:
    """The id in the provider's object, or empty text if it cannot be one of ours."""
    return named if named and is_id("pay", named) else ""
