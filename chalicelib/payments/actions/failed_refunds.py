"""Finance decides on a failed refund: send it again, pay it by our bank, or waive it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, Invalid, Moved, Words, or_not_found
from chalicelib.kernel.money import Money, spoken
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.payments.actions import provider
from chalicelib.payments.actions.journal import record_cash
from chalicelib.payments.actions.refunds import owe_refund, put_payment, put_refund
from chalicelib.payments.errors import PaymentExhausted
from chalicelib.payments.queries.payments import find_payment, find_refund, refunds_of
from chalicelib.payments.rules.entries import our_entry
from chalicelib.payments.rules.gateway import ProviderCharge
from chalicelib.payments.rules.journal import BANK, REFUND, CashEntry
from chalicelib.payments.rules.payments import Payment
from chalicelib.payments.rules.refunds import (
    BY_HAND,
    CLOSED,
    DUE,
    RETRIED,
    TO_PAY_BY_HAND,
    WAIVED,
    CashRefund,
    left_of,
    payable_of,
    still_failed,
)
from chalicelib.payments.rules.words import not_allowed


def retry_refund(
    order_id: str, refund_id: str, new_id: str, act: audit.Act, now: datetime
) -> tuple[CashRefund, bool]:
    """Owe a failed refund once more under another id: the provider knows the old id as failed.

    The new refund is at most what is left of the payment.

    Raises NotFound, NotAllowedInThisState, PaymentExhausted, IdempotencyKeyReused, NotAtProvider,
    Unavailable if the provider cannot tell what is left of the payment.
    """
    charge_of = _charge_reader()

    def write() -> CashRefund:
        failed, payment = _failed(order_id, refund_id), find_payment(order_id)
        if payment is None:
            raise not_allowed(TO_PAY_BY_HAND)  # no provider can refund it
        failed, amount = _payable(failed, payment, charge_of(payment))
        made = replace(
            failed,
            id=new_id,
            amount=amount,
            status=DUE,
            failure=None,
            provider_id=None,
            created_at_ms=to_ms(now),
            version=1,
        )
        writes = WriteSet()
        put_payment(writes, payment, payment)
        put_refund(writes, failed, replace(failed, status=CLOSED, failure=RETRIED + new_id), now)
        owe_refund(
            writes, new_id, order_id, failed.member_id, amount, failed.contra, failed.reason, now
        )
        audit.record(writes, act.changing(_facts(failed), _facts(made)))
        writes.commit()
        return made

    return audit.once(act, write, lambda: find_refund(order_id, new_id))


def refund_by_hand(
    order_id: str,
    refund_id: str,
    bank_reference: str,
    paid: int | None,
    act: audit.Act,
    now: datetime,
) -> tuple[CashRefund, bool]:
    """Record that finance has paid a failed refund from our bank: `paid`, in minor units.

    `paid` is the whole refund, or the rest of the payment where less is left.

    Raises NotFound, NotAllowedInThisState, PaymentExhausted, Invalid for less than is left,
    IdempotencyKeyReused, NotAtProvider, Unavailable if the provider cannot tell what is left.
    """
    charge_of = _charge_reader()

    def write() -> CashRefund:
        failed, payment = _failed(order_id, refund_id), find_payment(order_id)
        writes, due = WriteSet(), failed.amount
        if payment is not None:
            failed, due = _payable(failed, payment, charge_of(payment))
            after_payment = replace(payment, by_hand=payment.by_hand + due.amount)
            put_payment(writes, payment, after_payment)
        _check_paid(failed.amount.amount if paid is None else paid, due.amount)
        after = replace(
            failed, amount=due, status=BY_HAND, failure=None, provider_id=bank_reference
        )
        record_cash(writes, _paid_by_bank(after, now), or_raise=Moved)
        put_refund(writes, failed, after, now)
        audit.record(writes, act.changing(_facts(failed), _facts(after)))
        writes.commit()
        return after

    return audit.once(act, write, lambda: find_refund(order_id, refund_id))


def waive_refund(
    order_id: str, refund_id: str, act: audit.Act, now: datetime
) -> tuple[CashRefund, bool]:
    """Close a failed refund: the payer has the money otherwise.

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def write() -> CashRefund:
        failed, payment = _failed(order_id, refund_id), find_payment(order_id)
        after = replace(failed, status=CLOSED, failure=WAIVED)
        writes = WriteSet()
        if payment is not None:
            put_payment(writes, payment, payment)
        put_refund(writes, failed, after, now)
        audit.record(writes, act.changing(_facts(failed), _facts(after)))
        writes.commit()
        return after

    return audit.once(act, write, lambda: find_refund(order_id, refund_id))


def _charge_reader() -> Callable[[Payment], ProviderCharge | None]:
    """A reader of a payment's charge. It asks the provider again only when the payment's version
    changed, not for every try to write.
    """

    @cache
    def charge_of(payment: Payment) -> ProviderCharge | None:
        return provider.gateway().find_payment(payment.intent_id).charge

    return charge_of


def _payable(
    seen: CashRefund, payment: Payment, charge: ProviderCharge | None
) -> tuple[CashRefund, Money]:
    """A failed refund and the amount that can be refunded.

    Raises NotAllowedInThisState, PaymentExhausted.
    """
    ours = refunds_of(seen.order_id)
    # Read again with the others: they include a refund that replaced it meanwhile.
    failed = still_failed(next(each for each in ours if each.id == seen.id))
    left = left_of(payment, charge, ours)
    return failed, Money(payable_of(failed, left, charge), failed.amount.currency)


def _check_paid(paid: int, due: int) -> None:
    """Raises PaymentExhausted, Invalid."""
    if paid > due:
        raise PaymentExhausted(left=due)
    if paid < due:
        zh, en = (spoken(due, config().currency, language) for language in ("zh-CN", "en"))
        words = Words(f"应付 {zh}", f"{en} is to be paid")
        raise Invalid(FieldError("amount", "less_than_is_left", words))


def _paid_by_bank(refund: CashRefund, now: datetime) -> CashEntry:
    reference, source = f"refund:{refund.id}:by_hand", f"order:{refund.order_id}"
    return our_entry(REFUND, reference, source, refund.amount, refund.contra, BANK, to_ms(now))


def _facts(refund: CashRefund) -> audit.Facts:
    return {
        "refund": refund.id,
        "status": refund.status,
        "amount": refund.amount.amount,
        "failure": refund.failure,
    }


def _failed(order_id: str, refund_id: str) -> CashRefund:
    return still_failed(or_not_found(find_refund(order_id, refund_id)))
