"""Refunds that wait for their payment: applied when it comes, or by the sweep."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.earning import queries
from chalicelib.earning.actions.clawbacks import apply_refund, change_sums, check_refund
from chalicelib.earning.errors import RefundExceedsPayment
from chalicelib.earning.rules.orders import WAITING
from chalicelib.earning.tables import (
    ITEMS,
    EventItem,
    PartnerOrderItem,
    SoldItemsItem,
    WaitingRefundItem,
)
from chalicelib.kernel.clock import from_ms, to_ms
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.kernel.sweeps import each, raise_failed

LONG_WAIT = timedelta(days=1)
HOUR_MS = 3_600_000


def apply_waiting_refunds(
    partner: str, order_id: str, now: datetime, account_id: str | None = None
) -> int:
    """Apply the refunds that wait for an order's payment; returns how many wait no longer.

    `account_id` is the account that the payment credited, if known.
    """
    credited = account_id.partition(":")[0] if account_id else None
    return sum(
        _apply_one(waiting, credited, now)
        for waiting in queries.refunds_waiting_for(partner, order_id)
    )


def _apply_one(waiting: WaitingRefundItem, credited: str | None, now: datetime) -> bool:
    refund, partner = waiting.value(), waiting.partner

    def write() -> bool:
        order = queries.find_order(partner, refund.order_id)
        if queries.find_waiting_refund(waiting) is None:
            return True
        named = [credited, queries.member_of(refund)]
        receipt = queries.find_receipt(partner, order, named)
        if receipt is None or not receipt.settled:
            return False
        try:
            check_refund(refund, receipt, receipt.payment.amount - (order.refunded or 0))
        except (RefundExceedsPayment, Invalid) as error:
            _drop(waiting, order, error.code)
        else:
            apply_refund(partner, refund, order, receipt, waiting, now)
        return True

    return with_fresh_reads(write)


def _drop(waiting: WaitingRefundItem, order: PartnerOrderItem, why: str) -> None:
    """Drop a refund that does not fit its payment, as if it had never been sent."""
    writes = WriteSet()
    event = EventItem(*EventItem.key(waiting.partner, waiting.event_id))
    writes.delete(event, condition=EventItem.reason == WAITING)
    record = queries.find_event(waiting.partner, waiting.event_id)
    if record is not None and record.sold_apart:
        writes.delete(SoldItemsItem(record.pk, ITEMS))
    writes.delete(waiting, condition=WaitingRefundItem.pk.exists())
    change_sums(writes, order, refunded=0, waiting=-waiting.amount)
    writes.commit()
    _log("a refund that waited was dropped", waiting, why=why)
    count("RefundDropped", partner=waiting.partner)


def sweep_refunds(now: datetime) -> tuple[int, int]:
    """Apply the waiting refunds that can be: (applied, those still waiting after a day).

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []
    long: list[str] = []

    def settle(waiting: WaitingRefundItem) -> bool:
        settled = False
        try:
            settled = _apply_one(waiting, None, now)
        finally:
            if not settled and now - from_ms(waiting.recorded_at) > LONG_WAIT:
                long.append(waiting.event_id)
                # Its payment is unknown or names another member.
                _log("a refund waits for its payment", waiting)
                count("RefundWaits", partner=waiting.partner)
        return settled

    # Another shard goes first each hour, so that an interrupted run starves none of them.
    due = queries.waiting_refunds(to_ms(now) // HOUR_MS)
    settled = each(due, settle, failed, name=lambda waiting: waiting.event_id)
    raise_failed("refunds were not swept", failed)
    return settled, len(long)


def _log(said: str, waiting: WaitingRefundItem, **why: Any) -> None:
    why |= {"order_id": waiting.order_id, "event_id": waiting.event_id}
    logger().warning(said, partner=waiting.partner, **why)
