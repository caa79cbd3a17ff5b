"""What a refund writes: a clawback pro rata, its record, and the sums of its order."""

from __future__ import annotations

from datetime import datetime

from chalicelib import ledger
from chalicelib.earning import rules
from chalicelib.earning.errors import EventExists, RefundExceedsPayment
from chalicelib.earning.queries import Receipt
from chalicelib.earning.rules import Decision, RefundedOrder
from chalicelib.earning.rules.orders import NOTHING_GIVEN, REFUNDED, WAITING
from chalicelib.earning.tables import EventItem, PartnerOrderItem, WaitingRefundItem
from chalicelib.kernel.errors import FieldError, Invalid, Moved, Words
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Cause, EntryExists


def refundable(order: PartnerOrderItem, receipt: Receipt) -> int:
    """What is left of a payment beside the refunds that wait."""
    return receipt.payment.amount - (order.refunded or 0) - (order.waiting or 0)


def check(refund: RefundedOrder, receipt: Receipt, refundable: int) -> None:
    """Raises RefundExceedsPayment, Invalid."""
    if refund.currency != receipt.payment.currency:
        words = Words("与付款币种不同", "is not the currency of the payment")
        raise Invalid(FieldError("data.currency", "not_the_payments", words))
    if refund.amount > refundable:
        left = max(0, refundable)
        words = Words("超过剩余实付金额", "is more than is left of the payment")
        too_much = FieldError("data", "too_much", words)
        raise RefundExceedsPayment(too_much, refundable=left, currency=refund.currency)


def take_back(
    partner: str,
    refund: RefundedOrder,
    order: PartnerOrderItem,
    receipt: Receipt,
    waiting: WaitingRefundItem | None,
    now: datetime,
) -> EventItem:
    """The record of a refund that is applied; `waiting` is what it leaves if it waited."""
    writes, accrual = WriteSet(), receipt.accrual
    paid, before = receipt.payment.amount, order.refunded or 0
    points = rules.taken_back(receipt.granted, paid, before, refund.amount)
    if accrual is not None and points:
        seen = ledger.find_account(accrual.account_id)
        cause = Cause(
            rules.refund_reference(partner, refund.order_id, rules.PURCHASES.id, refund.id),
            accrual.source, refund.occurred_at_ms, accrual.rule, content=refund.digest,
        )  # fmt: skip
        ledger.claw_back(writes, seen, accrual, points, cause, now)
    decision = Decision(rules.PURCHASES.id, -points, REFUNDED if accrual else NOTHING_GIVEN)
    member_id = accrual.account_id.partition(":")[0] if accrual else None
    item = event_item(partner, refund, member_id, decision)
    if waiting is None:
        writes.put_new(item, or_raise=EventExists)
        change(writes, order, refunded=refund.amount, waiting=0, member_id=member_id)
    else:
        writes.put(item, condition=EventItem.reason == WAITING)
        writes.delete(waiting, condition=WaitingRefundItem.pk.exists())
        change(writes, order, refunded=refund.amount, waiting=-refund.amount, member_id=member_id)
    try:
        writes.commit()
    except EntryExists as error:
        if waiting is None:
            raise
        raise Moved() from error  # Somebody has settled it meanwhile.
    return item


def event_item(
    partner: str, refund: RefundedOrder, member_id: str | None, decision: Decision
) -> EventItem:
    return EventItem(
        *EventItem.key(partner, refund.id), event_id=refund.id, order_id=refund.order_id,
        amount=refund.amount, currency=refund.currency, occurred_at=refund.occurred_at_ms,
        rule=decision.rule_id, points=decision.points, reason=decision.reason,
        digest=refund.digest, member_id=member_id,
    )  # fmt: skip


def change(
    writes: WriteSet,
    seen: PartnerOrderItem,
    *,
    refunded: int,
    waiting: int,
    member_id: str | None = None,
) -> None:
    """Add to an order's sums, refused with Moved if another refund did meanwhile."""
    order = PartnerOrderItem
    said = [
        order.order_id.set(seen.order_id),
        order.refunded.set((seen.refunded or 0) + refunded),
        order.waiting.set((seen.waiting or 0) + waiting),
        order.version.set((seen.version or 0) + 1),
    ]
    if member_id is not None:
        said.append(order.member_id.set(member_id))
    writes.update(order(seen.pk, seen.sk), said, condition=seen.unmoved)
