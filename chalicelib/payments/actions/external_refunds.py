"""External refunds that failed: their money is owed again, or recorded as handled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from chalicelib.kernel import ids
from chalicelib.kernel.money import Money
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.payments.actions.refunds import owe_refund, put_payment
from chalicelib.payments.queries.payments import find_payment, refunds_of
from chalicelib.payments.rules.gateway import ProviderCharge, ProviderRefund
from chalicelib.payments.rules.journal import UNAPPLIED
from chalicelib.payments.rules.refunds import bank_may_return, failed_of, unowed_of


def owe_failed_external(
    order_id: str,
    member_id: str,
    charge: ProviderCharge,
    external: Sequence[ProviderRefund],
    now: datetime,
) -> None:
    """Owe the amount of failed external refunds of money that no order takes."""

    failed = failed_of(external)

    def write() -> None:
        payment = find_payment(order_id)
        if payment is None or failed <= payment.failed_there:
            return
        writes, ours = WriteSet(), refunds_of(order_id)
        owed = Money(unowed_of(payment, charge, ours, failed), charge.amount.currency)
        # A bank may still return this money: wait until the dispute ends.
        seen_to = payment.failed_there + owed.amount if bank_may_return(charge) else failed
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
    """Add that failed external refunds are handled; concurrent decisions then ask the provider
    again.

    The commit raises Moved if somebody decides on a refund meanwhile.
    """
    failed = failed_of(external)
    payment = find_payment(order_id) if failed else None
    if payment is not None and failed > payment.failed_there:
        put_payment(writes, payment, replace(payment, failed_there=failed))
