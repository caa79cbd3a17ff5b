"""Refunds of orders: points are clawed back pro rata to the payment's amounts.

A refund that comes before its payment waits for it. The second writer looks for the first: a
payment for waiting refunds, a waiting refund for its payment. The sweep applies those that a crash
or a race leaves.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.earning import queries, rules
from chalicelib.earning.actions.clawbacks import apply_refund, change_sums, check_refund, refundable
from chalicelib.earning.actions.records import put_event, record_once, same
from chalicelib.earning.actions.waiting import apply_waiting_refunds
from chalicelib.earning.rules import (
    APPLIED,
    DUPLICATE,
    UNMATCHED,
    Decision,
    Outcome,
    RefundedOrder,
)
from chalicelib.earning.rules.orders import WAITING
from chalicelib.earning.tables import EventItem, PartnerOrderItem, WaitingRefundItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Entry


def receive(
    partner: str, refund: RefundedOrder, record: EventItem | None, now: datetime
) -> Outcome:
    """Apply a refund, or make it wait for its payment.

    Raises EventIdReused, RefundExceedsPayment, Invalid naming the field.
    """
    new = False
    if record is None:
        record, new = _record(partner, refund, now)
    if record.reason == WAITING:
        apply_waiting_refunds(partner, refund.order_id, now)
        settled = queries.find_event(partner, refund.id)
        if settled is None:
            # It did not fit its payment and was dropped: refuse it like a new one.
            return receive(partner, refund, None, now)
        record = settled
    status = APPLIED if new else DUPLICATE
    if record.reason == WAITING:
        status = UNMATCHED
    return Outcome(refund.id, status, _entries_of(partner, record), record.decisions)


def _entries_of(partner: str, record: EventItem) -> list[Entry]:
    def reference_of(rule_id: str) -> str:
        return rules.refund_reference(partner, record.order_id, rule_id, record.event_id)

    told = [made for made in record.decisions if made.points]
    return queries.entries_of(record, told, reference_of)


def _record(partner: str, refund: RefundedOrder, now: datetime) -> tuple[EventItem, bool]:
    """The recorded refund, applied if its payment is known, and whether it is new."""

    def write() -> EventItem:
        order = queries.find_order(partner, refund.order_id)
        named = queries.named_in(refund)
        receipt = queries.find_receipt(partner, order, [named.member_id if named else None])
        if receipt is not None and receipt.accruals and order.waiting:
            # The waiting refunds named another member than the payment; this one finds the payment.
            apply_waiting_refunds(partner, refund.order_id, now, receipt.accruals[0].account_id)
            order = queries.find_order(partner, refund.order_id)
        if receipt is not None:
            check_refund(refund, receipt, refundable(order, receipt))
        if receipt is None or not receipt.settled:
            return _put_waiting(partner, refund, order, now)
        if named is not None and named.is_uninvited:
            receipt = receipt._replace(uninvited=named.member_id)
        return apply_refund(partner, refund, order, receipt, None, now)

    record, existed = record_once(write, lambda: same(partner, refund))
    return record, not existed


def _put_waiting(
    partner: str, refund: RefundedOrder, order: PartnerOrderItem, now: datetime
) -> EventItem:
    writes = WriteSet()
    decision = Decision(rules.PURCHASES.id, 0, WAITING)
    item = EventItem.of(partner, refund, [decision], None)
    put_event(writes, item, partner, refund)
    writes.put(WaitingRefundItem.of(partner, refund, to_ms(now)))
    change_sums(writes, order, refunded=0, waiting=refund.amount)
    writes.commit()
    return item
