"""Cash that goes back: owed in the transaction that decides it, sent, and followed to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib.kernel import ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.money import Money
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.payments.actions import provider
from chalicelib.payments.actions.journal import record_cash
from chalicelib.payments.errors import NotAtProvider, RefundRefused
from chalicelib.payments.queries.journal import find_cash_entry
from chalicelib.payments.queries.payments import find_payment, find_refund, refunds_of
from chalicelib.payments.rules.at_provider import refund_at_provider
from chalicelib.payments.rules.gateway import ProviderCharge, ProviderRefund
from chalicelib.payments.rules.journal import UNAPPLIED
from chalicelib.payments.rules.payments import (
    BY_HAND,
    CLOSED,
    DUE,
    FAILED,
    SENT,
    SUCCEEDED,
    TO_PAY_BY_HAND,
    CashRefund,
    Payment,
    failed_of,
    left_of,
    may_return,
    refund_entries,
    unowed_of,
)
from chalicelib.payments.rules.words import not_allowed
from chalicelib.payments.tables.payments import PaymentItem, RefundItem

_STATUS = {"pending": SENT, "succeeded": SUCCEEDED, "failed": FAILED, "canceled": FAILED}
# What the provider has once taken goes on in this order: a bank may still send it back.
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
    """Add cash that goes back of an order; the payments table's stream sends it.

    What no provider can give back, cash on delivery, is listed for finance to pay by hand.

    The commit raises Moved if this refund is owed already.
    """
    refund = CashRefund(
        refund_id, order_id, amount, contra, reason, FAILED if by_hand else DUE, to_ms(now),
        failure=TO_PAY_BY_HAND if by_hand else None, member_id=member_id,
    )  # fmt: skip
    writes.put_new(RefundItem.of(refund, to_ms(now)), or_raise=Moved)


def send_refund(order_id: str, refund_id: str, now: datetime) -> CashRefund | None:
    """Ask the provider to give back what is owed, once, however often it is called.

    Raises Unavailable.
    """
    refund, payment = find_refund(order_id, refund_id), find_payment(order_id)
    if refund is None or not refund.is_open:
        return refund
    if payment is None:
        return _refused(refund, TO_PAY_BY_HAND, now)
    if payment.by_hand and _exceeds(payment, refund):
        # What our bank has given back of a payment, the provider does not know.
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
    """Write down what became of a refund: its bookings, each once, and its state.

    One that was made at the provider itself is none of ours: its bookings are kept, against
    `contra`, and that it was made.
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
            # Asked about, what still waits is not due again before an hour.
            put_refund(writes, refund, after, now)
        if refund is None and told.movement:
            made = refund_at_provider(order_id, told, contra, told.movement.currency, to_ms(now))
            record_at_provider(writes, made, now)
        if len(writes):
            writes.commit()
        return after

    return with_fresh_reads(write)


def record_at_provider(writes: WriteSet, told: CashRefund, now: datetime) -> None:
    """Add what went back without us, unless that or more is known.

    The commit raises Moved if more becomes known meanwhile.
    """
    known = find_refund(told.order_id, told.id)
    if known is None or known.version < told.version:
        earlier = RefundItem.version.does_not_exist() | (RefundItem.version < told.version)
        writes.put(RefundItem.of(told, to_ms(now)), condition=earlier, or_raise=Moved)


def void_refund(
    writes: WriteSet, order_id: str, refund_id: str, failure: str, now: datetime
) -> None:
    """Add that a refund which waits for our bank is not owed after all.

    Raises NotAllowedInThisState if it was paid.
    """
    refund = find_refund(order_id, refund_id)
    if refund is None or refund.status == CLOSED:
        return
    if refund.status != FAILED:
        raise not_allowed(refund.status)
    put_refund(writes, refund, replace(refund, status=CLOSED, failure=failure), now)


def owe_failed_external(
    order_id: str,
    member_id: str,
    charge: ProviderCharge,
    external: Sequence[ProviderRefund],
    now: datetime,
) -> None:
    """Owe what of money that no order takes refunds at the provider stood for, and have failed."""

    failed = failed_of(external)

    def write() -> None:
        payment = find_payment(order_id)
        if payment is None or failed <= payment.failed_there:
            return
        writes, ours = WriteSet(), refunds_of(order_id)
        owed = Money(unowed_of(payment, charge, ours, failed), charge.amount.currency)
        # What a bank may yet give back is seen to once it has.
        seen_to = payment.failed_there + owed.amount if may_return(charge) else failed
        if owed.amount:
            refund_id = ids.derived_id("rfd", charge.id, str(len(ours)))
            owe_refund(
                writes, refund_id, order_id, member_id, owed, UNAPPLIED, "refund_failed", now
            )
        if seen_to > payment.failed_there:
            put_payment(writes, payment, replace(payment, failed_there=seen_to))
            writes.commit()

    if failed:
        with_fresh_reads(write)


def record_failed_external(
    writes: WriteSet, order_id: str, external: Sequence[ProviderRefund]
) -> None:
    """Add that what has failed of refunds that were made at the provider is seen to: who has asked
    before what is left asks again.

    The commit raises Moved if somebody decides meanwhile who gives back what.
    """
    failed = failed_of(external)
    payment = find_payment(order_id) if failed else None
    if payment is not None and failed > payment.failed_there:
        put_payment(writes, payment, replace(payment, failed_there=failed))


def put_payment(writes: WriteSet, seen: Payment, after: Payment) -> None:
    """Add a payment's next version, refused with Moved if it is not as it was read."""
    unmoved: Condition = PaymentItem.version.does_not_exist()
    if seen.version:
        unmoved = PaymentItem.version == seen.version
    item = PaymentItem.of(replace(after, version=seen.version + 1))
    writes.put(item, condition=unmoved, or_raise=Moved)


def put_refund(writes: WriteSet, seen: CashRefund, after: CashRefund, now: datetime) -> None:
    """Add a refund's next version, refused with Moved if it is not as it was read."""
    item = RefundItem.of(replace(after, version=seen.version + 1), to_ms(now))
    writes.put(item, condition=RefundItem.version == seen.version, or_raise=Moved)


def _exceeds(payment: Payment, refund: CashRefund) -> bool:
    """Whether a refund that the provider was not asked for is more than is left of its payment."""
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
        return refund  # asked before what is known, and answered late
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
