"""Cash that goes back: owed in the transaction that decides it, sent, and followed to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib import audit
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved, NotAllowedInThisState, NotFound
from chalicelib.kernel.money import Money
from chalicelib.kernel.writes import WriteSet, replay_outranks_refusal, with_fresh_reads
from chalicelib.payments import provider
from chalicelib.payments.actions.journal import record_cash
from chalicelib.payments.errors import NotAtProvider, PaymentExhausted, RefundRefused
from chalicelib.payments.gateway import ProviderRefund
from chalicelib.payments.queries.journal import find_cash_entry
from chalicelib.payments.queries.payments import find_payment, find_refund
from chalicelib.payments.rules.journal import BANK, REFUND, CashEntry, moved
from chalicelib.payments.rules.payments import (
    BY_HAND,
    CLOSED,
    DUE,
    FAILED,
    RETRIED,
    SENT,
    SUCCEEDED,
    TO_PAY_BY_HAND,
    WAIVED,
    CashRefund,
    Payment,
    left_of,
    refund_entries,
)
from chalicelib.payments.tables.payments import PaymentItem, RefundItem

_STATUS = {"pending": SENT, "succeeded": SUCCEEDED, "failed": FAILED, "canceled": FAILED}
# What the provider has once taken goes on in this order: a bank may still send it back.
_LATER = {SENT: 1, SUCCEEDED: 2, FAILED: 3}


def owe_refund(
    writes: WriteSet,
    refund_id: str,
    order_id: str,
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
        failure=TO_PAY_BY_HAND if by_hand else None,
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
    return learn_refund(order_id, told, refund.contra, now)


def learn_refund(
    order_id: str, told: ProviderRefund, contra: str, now: datetime
) -> CashRefund | None:
    """Write down what became of a refund: its bookings, each once, and its state.

    One that was made at the provider itself is none of ours: its bookings alone are kept, against
    `contra`.
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
            _put(writes, refund, after, now)
        if len(writes):
            writes.commit()
        return after

    return with_fresh_reads(write)


def retry_refund(
    order_id: str, refund_id: str, new_id: str, act: audit.Act, now: datetime
) -> tuple[CashRefund, bool]:
    """Owe a failed refund once more under another id: the provider knows the old one as failed.

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def write() -> CashRefund:
        failed = _failed(order_id, refund_id)
        if find_payment(order_id) is None:
            raise NotAllowedInThisState(status=TO_PAY_BY_HAND)  # no provider can give it back
        writes = WriteSet()
        _put(writes, failed, replace(failed, status=CLOSED, failure=RETRIED + new_id), now)
        owe_refund(writes, new_id, order_id, failed.amount, failed.contra, failed.reason, now)
        audit.record(writes, act.changing({"refund": refund_id}, {"refund": new_id}))
        writes.commit()
        return replace(
            failed, id=new_id, status=DUE, failure=None, created_at_ms=to_ms(now), version=1
        )

    def find() -> CashRefund | None:
        return find_refund(order_id, new_id) if audit.find_act(act) else None

    return replay_outranks_refusal(write, find)


def refund_by_hand(
    order_id: str, refund_id: str, bank_reference: str, act: audit.Act, now: datetime
) -> tuple[CashRefund, bool]:
    """Write down that finance has paid a refund from our bank.

    Raises NotFound, NotAllowedInThisState, PaymentExhausted, IdempotencyKeyReused, Unavailable
    if the provider cannot be asked what is left of the payment.
    """

    def write() -> CashRefund:
        failed = _failed(order_id, refund_id)
        after = replace(failed, status=BY_HAND, failure=None, provider_id=bank_reference)
        legs = moved(failed.amount.amount, failed.contra, BANK)
        reference, source = f"refund:{refund_id}:by_hand", f"order:{order_id}"
        currency, at_ms = failed.amount.currency, to_ms(now)
        entry = CashEntry(reference, REFUND, currency, legs, source, at_ms, at_ms)
        writes = WriteSet()
        _take_from_payment(writes, failed)
        record_cash(writes, entry, or_raise=Moved)
        _put(writes, failed, after, now)
        before: audit.Facts = {"refund": refund_id, "status": FAILED}
        audit.record(writes, act.changing(before, {"refund": refund_id, "status": BY_HAND}))
        writes.commit()
        return after

    def find() -> CashRefund | None:
        return find_refund(order_id, refund_id) if audit.find_act(act) else None

    return replay_outranks_refusal(write, find)


def waive_refund(
    order_id: str, refund_id: str, act: audit.Act, now: datetime
) -> tuple[CashRefund, bool]:
    """Close a failed refund: whoever paid has had the money otherwise.

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def write() -> CashRefund:
        failed = _failed(order_id, refund_id)
        after = replace(failed, status=CLOSED, failure=WAIVED)
        writes = WriteSet()
        _put(writes, failed, after, now)
        before: audit.Facts = {"refund": refund_id, "status": FAILED, "failure": failed.failure}
        closed: audit.Facts = {"refund": refund_id, "status": CLOSED, "failure": WAIVED}
        audit.record(writes, act.changing(before, closed))
        writes.commit()
        return after

    def find() -> CashRefund | None:
        return find_refund(order_id, refund_id) if audit.find_act(act) else None

    return replay_outranks_refusal(write, find)


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
        raise NotAllowedInThisState(status=refund.status)
    _put(writes, refund, replace(refund, status=CLOSED, failure=failure), now)


def _take_from_payment(writes: WriteSet, refund: CashRefund) -> None:
    """Add that our bank gives back so much of a payment, no more than is left of it.

    Raises PaymentExhausted, Unavailable.
    """
    payment = find_payment(refund.order_id)
    if payment is None:
        return  # cash on delivery: no provider has had any of it
    left = left_of(payment, provider.gateway().find_payment(payment.intent_id).charge)
    if refund.amount.amount > left:
        raise PaymentExhausted(left=left)
    after = replace(payment, by_hand=payment.by_hand + refund.amount.amount)
    # Two refunds of one payment must not both take what is left.
    unmoved: Condition = PaymentItem.by_hand.does_not_exist()
    if payment.by_hand:
        unmoved = PaymentItem.by_hand == payment.by_hand
    writes.put(PaymentItem.of(after), condition=unmoved, or_raise=Moved)


def _exceeds(payment: Payment, refund: CashRefund) -> bool:
    """Whether a refund that the provider was not asked for is more than is left of its payment."""
    charge = provider.gateway().find_payment(payment.intent_id).charge
    if charge is not None and any(each.key == refund.id for each in charge.refunds):
        return False
    return refund.amount.amount > left_of(payment, charge)


def _failed(order_id: str, refund_id: str) -> CashRefund:
    refund = find_refund(order_id, refund_id)
    if refund is None:
        raise NotFound()
    if refund.status != FAILED:
        raise NotAllowedInThisState(status=refund.status)
    return refund


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
    _put(writes, asked, after, now)
    writes.commit()
    return after


def _put(writes: WriteSet, seen: CashRefund, after: CashRefund, now: datetime) -> None:
    item = RefundItem.of(replace(after, version=seen.version + 1), to_ms(now))
    writes.put(item, condition=RefundItem.version == seen.version, or_raise=Moved)
