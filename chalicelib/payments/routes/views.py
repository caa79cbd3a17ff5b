"""Refunds of cash as the staff sees them."""

from __future__ import annotations

from typing import Literal

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped
from chalicelib.payments.rules.refunds import AT_PROVIDER, BY_BANK, CashRefund


class CashRefundView(msgspec.Struct):
    """A refund of an order's cash; `failure` tells why it has not succeeded.

    `kind` is `refund` for ours, `provider_refund` for one made at the provider, and `dispute` for a
    bank's dispute or inquiry. A dispute is `sent` until it is decided, `succeeded` if we lost,
    `canceled` if we won. `reason` of ours is the order's state (`cancelled`, `rejected`, `refund`),
    `late` for a payment after the order's end, `other_amount`, or `refund_failed` for a failed
    refund at the provider. `expected_by`: when the payer should have the money at the latest, null
    if unknown or failed.

    `provider_id` is the refund or dispute at the provider, null before it was sent there.

    `closed`: not owed any more. It was sent again (`retried:rfd_…`), the payer never paid
    (`uncollected`), or the payer has the money otherwise (`waived`).
    """

    id: str
    order_id: str
    kind: Literal["refund", "provider_refund", "dispute"]
    amount: Money
    reason: str
    status: Literal["due", "sent", "succeeded", "failed", "by_hand", "closed", "canceled"]
    failure: str | None
    created_at: str
    expected_by: str | None
    provider_id: str | None


CASH_REFUND_EXAMPLE = {
    "id": "rfd_5c3bqbzkmvnl2hwmbkqk5pnjhm", "order_id": "ord_7dq2kzvdkwqymh6dz4wmbyzixe",
    "kind": "refund", "amount": {"amount": 990, "currency": "CNY"}, "reason": "refund",
    "status": "failed", "failure": "failed_at_bank", "created_at": "2026-11-21T08:00:00Z",
    "expected_by": None, "provider_id": "re_3QKx2eZvKYlo2C0pnjhm",
}  # fmt: skip


def cash_refund_view(refund: CashRefund) -> CashRefundView:
    kinds = {AT_PROVIDER: "provider_refund", BY_BANK: "dispute"}
    by_ms = refund.expected_by_ms
    return shaped(
        CashRefundView,
        refund,
        kind="refund" if refund.is_ours else kinds[refund.reason],
        expected_by=None if by_ms is None else rfc3339_ms(by_ms),
        provider_id=refund.provider_id if refund.is_ours else refund.id,
    )
