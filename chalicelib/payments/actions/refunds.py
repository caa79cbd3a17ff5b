"""Refunds of cash: owed in the transaction that decides them, sent, and synced to their end.

`failed_refunds.py` has finance's decisions on failed ones, `external_refunds.py` the failures of
refunds that were made at the provider.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace
from pynamodb.expressions.condition import Condition

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.money import Money
from chalicelib.kernel.store.writes import WriteSet, was_written, with_fresh_reads
from chalicelib.payments.actions import provider
from chalicelib.payments.actions.journal import record_cash
from chalicelib.payments.errors import NotAtProvider, RefundRefused
from chalicelib.payments.queries.journal import find_cash_entry
from chalicelib.payments.queries.payments import find_payment, find_refund, refunds_of
from chalicelib.payments.rules.entries import refund_entries
from chalicelib.payments.rules.external_refunds import refund_at_provider
from chalicelib.payments.rules.gateway import ProviderRefund
from chalicelib.payments.rules.payments import Payment
from chalicelib.payments.rules.refunds import (
    BY_HAND,
    CLOSED,
    DUE,
    FAILED,
    SENT,
    SUCCEEDED,
    TO_PAY_BY_HAND,
    CashRefund,
    left_of,
    still_failed,
)
from chalicelib.payments.tables.items import PaymentsItem
from chalicelib.payments.tables.payments import REFUND, PaymentItem, RefundItem, payment_key

_STATUS = {"pending": SENT, "succeeded": SUCCEEDED, "failed": FAILED, "canceled": FAILED}
# A sent refund moves in this order: a bank may still return it.
_LATER = {SENT: 1, SUCCEEDED: 2, FAILED: 3}


def owe_refund(
    writes: WriteSet,
    refund_id: str,
    order_id: str,
    member_id: str | None,
    amount: Money,
    contra: str,
    reason: str,
    now: datetime,
    *,
    by_hand: bool = False,
) -> None:
    """Add a refund of an order's cash; the payments table's stream sends it.

    No provider can refund cash on delivery: finance finds it in its list and pays it by hand.

    The commit raises Moved if this refund is owed already.
    """
    refund = CashRefund(
        refund_id,
        order_id,
        amount,
        contra,
        reason,
        FAILED if by_hand else DUE,
        to_ms(now),
        failure=TO_PAY_BY_HAND if by_hand else None,
        member_id=member_id,
    )
    writes.put_new(RefundItem.of(refund, to_ms(now)), or_raise=Moved)


def send_refund(order_id: str, refund_id: str, now: datetime) -> CashRefund | None:
    """Ask the provider for a refund that is owed, once, however often this is called.

    Raises Unavailable.
    """
    refund, payment = find_refund(order_id, refund_id), find_payment(order_id)
    if refund is None or not refund.is_open:
        return refund
    if payment is None:
        return _refused(refund, TO_PAY_BY_HAND, now)
    if payment.by_hand and _exceeds(payment, refund):
        # The provider does not know of refunds by our bank.
        return with_fresh_reads(lambda: _refused(refund, "exceeds_payment", now))
    try:
        told = provider.gateway().refund(refund.id, payment.intent_id, refund.amount)
    except (RefundRefused, NotAtProvider) as error:
        reason = str(error.facts.get("reason", error.code))
        return with_fresh_reads(lambda: _refused(refund, reason, now))
    return record_refund(order_id, told, refund.contra, now)


def record_refund(
    order_id: str, told: ProviderRefund, contra: str, now: datetime
) -> CashRefund | None:
    """Record a refund's state and its bookings, each once.

    For an external refund its bookings are recorded against `contra`.
    """

    def write() -> CashRefund | None:
        refund = find_refund(order_id, told.key) if told.key else None
        bearer = refund.contra if refund else contra
        writes = WriteSet()
        for entry in refund_entries(order_id, told, bearer, to_ms(now)):
            if find_cash_entry(entry.reference) is None:
                record_cash(writes, entry, or_raise=Moved)
        after = _after(refund, told) if refund else None
        if refund and after and (after != refund or _was_due(refund, now)):
            # A refund that still waits is due again in an hour.
            put_refund(writes, refund, after, now)
        if refund is None and told.movement:
            made = refund_at_provider(order_id, told, contra, told.movement.currency, to_ms(now))
            record_at_provider(writes, made, now)
        if len(writes):
            writes.commit()
        return after

    return with_fresh_reads(write)


def record_at_provider(writes: WriteSet, told: CashRefund, now: datetime) -> None:
    """Add an external refund or a dispute, unless the same or a later state is known.

    The commit raises Moved if a later state becomes known meanwhile.
    """
    known = find_refund(told.order_id, told.id)
    if known is None or known.version < told.version:
        earlier = RefundItem.version.does_not_exist() | (RefundItem.version < told.version)
        writes.put(RefundItem.of(told, to_ms(now)), condition=earlier)


def void_refund(
    writes: WriteSet, order_id: str, refund_id: str, failure: str, now: datetime
) -> None:
    """Add that a refund by hand is not owed any more.

    Raises NotAllowedInThisState if it was paid.
    """
    refund = find_refund(order_id, refund_id)
    if refund is None or refund.status == CLOSED:
        return
    put_refund(writes, still_failed(refund), replace(refund, status=CLOSED, failure=failure), now)


def put_payment(writes: WriteSet, seen: Payment, after: Payment) -> None:
    """Add a payment's next version. The commit raises Moved if it was not as read."""
    unmoved: Condition = PaymentItem.version.does_not_exist()
    if seen.version:
        unmoved = PaymentItem.version == seen.version
    item = PaymentItem.of(replace(after, version=seen.version + 1))
    writes.put(item, condition=unmoved)


def put_refund(writes: WriteSet, seen: CashRefund, after: CashRefund, now: datetime) -> None:
    """Add a refund's next version. The commit raises Moved if it was not as read."""
    item = RefundItem.of(replace(after, version=seen.version + 1), to_ms(now))
    writes.put(item, condition=RefundItem.version == seen.version)


def defer_refund(order_id: str, refund_id: str, now: datetime, until: datetime) -> bool:
    """Set a later due time for a refund that is still due; returns whether it was due.

    A refund that cannot be sent or synced then blocks no other.
    """
    # A refund that was synced meanwhile has a later due time or none.
    is_due = PaymentsItem.due_at <= to_ms(now) // 1000
    later = PaymentsItem.due_at.set(to_ms(until) // 1000)
    item = PaymentsItem(payment_key(order_id), REFUND + refund_id)
    return was_written(lambda: item.update([later], condition=is_due))


def _exceeds(payment: Payment, refund: CashRefund) -> bool:
    """Whether a refund that was not sent yet is more than is left of its payment."""
    charge = provider.gateway().find_payment(payment.intent_id).charge
    if charge is not None and any(each.key == refund.id for each in charge.refunds):
        return False
    others = [each for each in refunds_of(refund.order_id) if each.id != refund.id]
    return refund.amount.amount > left_of(payment, charge, others)


def _after(refund: CashRefund, told: ProviderRefund) -> CashRefund:
    status = _STATUS[told.status]
    if refund.status in (BY_HAND, CLOSED):
        return refund
    if refund.provider_id and _LATER[status] < _LATER[refund.status]:
        return refund  # a late answer, older than the recorded state
    failure = "failed_at_bank" if status == FAILED else None
    return replace(refund, status=status, provider_id=told.id, failure=failure)


def _was_due(refund: CashRefund, now: datetime) -> bool:
    return refund.due_at_s is not None and refund.due_at_s <= to_ms(now) // 1000


def _refused(asked: CashRefund, reason: str, now: datetime) -> CashRefund | None:
    refund = find_refund(asked.order_id, asked.id)
    if refund != asked:
        return refund
    after = replace(asked, status=FAILED, failure=reason)
    writes = WriteSet()
    put_refund(writes, asked, after, now)
    writes.commit()
    return after
