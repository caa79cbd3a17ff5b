"""Defer a refund that could not be synced, so that it does not block the others."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.writes import was_written
from chalicelib.payments.tables.items import PaymentsItem
from chalicelib.payments.tables.payments import REFUND, payment_key


def defer_refund(order_id: str, refund_id: str, now: datetime, until: datetime) -> bool:
    """Set a later due time for a refund that is still due; returns whether it was due."""
    return _defer(PaymentsItem(payment_key(order_id), REFUND + refund_id), now, until)


def _defer(item: PaymentsItem, now: datetime, until: datetime) -> bool:
    # A refund that was synced meanwhile has a later due time or none.
    is_due = PaymentsItem.due_at <= to_ms(now) // 1000
    later = PaymentsItem.due_at.set(to_ms(until) // 1000)
    return was_written(lambda: item.update([later], condition=is_due))
