"""The items of an order's payment and of its refunds."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.money import Money
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute
from chalicelib.payments.rules.payments import Payment
from chalicelib.payments.rules.refunds import ASKED_AGAIN_AFTER_S, DUE, FAILED, SENT, CashRefund
from chalicelib.payments.tables.items import PaymentsItem, due_shard

PAYMENT, START, REFUND, AT_PROVIDER = "PAYMENT", "KEY#", "REF#", "OUT#"
REFUNDS_DUE = "REFUND"
# One list of all cash that goes back. Its name is from when it held those that failed alone.
REFUNDS = "refunds:failed"
# Where a refund stands in it: what somebody has to see to, what is on its way, what has ended.
OPEN_REFUNDS, ENDED_REFUNDS = "1#", "2#"
_END_OF_TIME_MS = 10**15 - 1


class PaymentItem(PaymentsItem):
    """An order's payment: where it is at the provider."""

    intent_id = UnicodeAttribute()
    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    key = BytesAttribute()
    content = BytesAttribute()
    created_at = IntegerAttribute()
    by_hand = IntegerAttribute(null=True)
    failed_there = IntegerAttribute(null=True)
    version = IntegerAttribute(null=True)

    @classmethod
    def of(cls, payment: Payment) -> PaymentItem:
        return cls.holding(
            payment,
            payment_key(payment.order_id),
            PAYMENT,
            amount=payment.amount.amount,
            currency=payment.amount.currency,
        )

    def value(self) -> Payment:
        amount = Money(self.amount, self.currency)
        return self.into(Payment, order_id=self.pk.removeprefix("PAY#"), amount=amount)


class StartItem(PaymentsItem):
    """Another call that started an order's payment, by its key: not the one that made it."""

    content = BytesAttribute()

    @classmethod
    def of(cls, order_id: str, key: bytes, content: bytes) -> StartItem:
        return cls(payment_key(order_id), START + key.hex(), content=content)


class RefundItem(PaymentsItem):
    """Cash that goes back: due until the provider has ended it, then listed if it failed."""

    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    contra = UnicodeAttribute()
    reason = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = IntegerAttribute()
    provider_id = UnicodeAttribute(null=True)
    failure = UnicodeAttribute(null=True)
    version = IntegerAttribute()
    member_id = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, refund: CashRefund, now_ms: int) -> RefundItem:
        item = cls.holding(
            refund,
            payment_key(refund.order_id),
            refund_key(refund.id),
            amount=refund.amount.amount,
            currency=refund.amount.currency,
            list_name=REFUNDS,
            list_order=refund_order(refund.status, refund.created_at_ms, refund.id),
        )
        if refund.is_open:
            item.due_shard = due_shard(REFUNDS_DUE, refund.id)
            wait_s = 0 if refund.status == DUE else ASKED_AGAIN_AFTER_S
            item.due_at = now_ms // 1000 + wait_s
        return item

    def value(self) -> CashRefund:
        return self.into(
            CashRefund,
            id=self.sk.partition("#")[2],
            order_id=self.pk.removeprefix("PAY#"),
            amount=Money(self.amount, self.currency),
            due_at_s=self.due_at,
        )


def refund_key(refund_id: str) -> str:
    return (REFUND if refund_id.startswith("rfd_") else AT_PROVIDER) + refund_id


def refund_order(status: str, created_at_ms: int, refund_id: str) -> str:
    """Where a refund stands in the list: first those that failed and those on their way, each the
    oldest first, then those that have ended, the newest first."""
    if status == FAILED:
        return f"{created_at_ms:015d}#{refund_id}"
    if status in (DUE, SENT):
        return f"{OPEN_REFUNDS}{created_at_ms:015d}#{refund_id}"
    return f"{ENDED_REFUNDS}{_END_OF_TIME_MS - created_at_ms:015d}#{refund_id}"


def payment_key(order_id: str) -> str:
    return f"PAY#{order_id}"
