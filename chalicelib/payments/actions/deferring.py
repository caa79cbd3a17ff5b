"""Put off what is due and could not be settled, so that it does not stand before all others."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.writes import was_written
from chalicelib.payments.tables.items import PaymentsItem
from chalicelib.payments.tables.payments import REFUND, payment_key


def defer_refund(order_id: str, refund_id: str, now: datetime, until: datetime) -> bool:
    """Let the sweeper look at a refund later, if it is due; whether it was."""
    return _defer(PaymentsItem(payment_key(order_id), REFUND + refund_id), now, until)


def _defer(item: PaymentsItem, now: datetime, until: datetime) -> bool:
    # What was settled or asked about meanwhile has no time any more, or a later one.
    is_due = PaymentsItem.due_at <= to_ms(now) // 1000
    later = PaymentsItem.due_at.set(to_ms(until) // 1000)
    return was_written(lambda: item.update([later], condition=is_due))
