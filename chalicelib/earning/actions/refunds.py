"""Refunds of orders: what a payment gave is taken back pro rata, at the payment's numbers.

A refund that comes before its payment waits for it. Whoever writes second looks for the first:
a payment for refunds that wait, a refund that was made to wait for its payment. What falls
between, or is left by a crash, the sweep settles.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib import ledger
from chalicelib.earning import queries, rules
from chalicelib.earning.actions.clawbacks import (
    change,
    check,
    event_item,
    refundable,
    take_back,
)
from chalicelib.earning.actions.records import put_event, same
from chalicelib.earning.actions.waiting import apply_waiting_refunds
from chalicelib.earning.errors import EventExists
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
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import Entry


def receive(
    partner: str, refund: RefundedOrder, record: EventItem | None, now: datetime
) -> Outcome:
    """Take back what a refund is worth, or make it wait for its payment.

    Raises EventIdReused, RefundExceedsPayment, Invalid naming the field.
    """
    new = False
    if record is None:
        record, new = _record(partner, refund, now)
    if record.reason == WAITING:
        apply_waiting_refunds(partner, refund.order_id, now)
        settled = queries.find_event(partner, refund.id)
        if settled is None:
            # It did not fit its payment and is forgotten: refuse it as one that comes now.
            return receive(partner, refund, None, now)
        record = settled
    status = APPLIED if new else DUPLICATE
    if record.reason == WAITING:
        status = UNMATCHED
    return Outcome(refund.id, status, _entries_of(partner, record), record.decisions)


def _entries_of(partner: str, record: EventItem) -> list[Entry]:
    if record.matched is None:
        return []
    found = [
        ledger.find_entry(
            ledger.account_of(record.matched, made.unit),
            rules.refund_reference(partner, record.order_id, made.rule_id, record.event_id),
        )
        for made in record.decisions
        if made.points
    ]
    return [entry for entry in found if entry is not None]


def _record(partner: str, refund: RefundedOrder, now: datetime) -> tuple[EventItem, bool]:
    """The refund as recorded, applied where its payment is there; and whether it is new."""

    def write() -> EventItem:
        order = queries.find_order(partner, refund.order_id)
        receipt = queries.find_receipt(partner, order, [queries.member_of(refund)])
        if receipt is not None and receipt.accruals and order.waiting:
            # What waits has named somebody else than the payment did: this one leads there.
            apply_waiting_refunds(partner, refund.order_id, now, receipt.accruals[0].account_id)
            order = queries.find_order(partner, refund.order_id)
        if receipt is not None:
            check(refund, receipt, refundable(order, receipt))
        if receipt is None or not receipt.settled:
            return _put_waiting(partner, refund, order, now)
        return take_back(partner, refund, order, receipt, None, now)

    try:
        record, existed = replay_outranks_refusal(write, lambda: same(partner, refund))
    except EventExists as error:
        raise Unavailable() from error
    return record, not existed


def _put_waiting(
    partner: str, refund: RefundedOrder, order: PartnerOrderItem, now: datetime
) -> EventItem:
    writes = WriteSet()
    decision = Decision(rules.PURCHASES.id, 0, WAITING)
    item = event_item(partner, refund, None, [decision])
    put_event(writes, item, partner, refund)
    writes.put(WaitingRefundItem.of(partner, refund, to_ms(now)))
    change(writes, order, refunded=0, waiting=refund.amount)
    writes.commit()
    return item
