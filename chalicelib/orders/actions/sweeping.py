"""The sweep of payments: unpaid orders, dead ones, refunds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib import payments
from chalicelib.kernel.clock import from_ms, to_ms
from chalicelib.kernel.sweeps import DEFERRED, CircuitBreaker, each
from chalicelib.orders import rules, tables
from chalicelib.orders.actions import acts, counter, sync
from chalicelib.orders.queries import orders
from chalicelib.orders.rules.vouchers import VOUCHER_QUEUE
from chalicelib.payments import NotBookedYet


def sweep_payments(now: datetime) -> dict[str, int]:
    """Time out unpaid orders, sync dead ones, send refunds: the number of each.

    A stuck item no longer blocks the other queues. A failed item is deferred behind all that is
    due now, so each item of a queue gets its turn after those before it.

    Raises ExceptionGroup of the failures, after the other items are done. Cash that the provider
    took within the hour and has not booked yet is no failure.
    """
    failed: list[Exception] = []
    done = {
        "timed_out": _time_out_unpaid(now, failed),
        "settled": _sync_dead(now, failed),
        "refunded": _send_refunds(now, failed),
    }
    return payments.end_sweep("payments", done, failed, now)


def complete_unconfirmed(now_ms: int, failed: list[Exception]) -> int:
    """Complete orders that their members did not confirm in time; the number of completed ones."""
    completed = 0
    for queue in rules.RECEIPT_QUEUES:
        due = orders.due_in(queue, now_ms)
        completed += each(due, lambda order_id: acts.confirm_by_time(order_id, now_ms), failed)
    return completed


def end_vouchers(now_ms: int, failed: list[Exception]) -> int:
    """End what was not used in time: missed bookings, expired vouchers; the number of orders."""
    return each(
        orders.due_in(VOUCHER_QUEUE, now_ms),
        lambda order_id: counter.settle_due(order_id, from_ms(now_ms)),
        failed,
    )


def _time_out_unpaid(now: datetime, failed: list[Exception]) -> int:
    """Time out unpaid orders; the number of cancelled ones."""
    done, breaker = 0, payments.provider_breaker()
    for order_id in orders.due_in(rules.PAYMENT_QUEUE, to_ms(now)):
        known = len(failed)
        done += time_out(order_id, now, failed, breaker)
        if len(failed) > known:
            each([order_id], _deferring(rules.PAYMENT_QUEUE, now), failed)
    return done


def _sync_dead(now: datetime, failed: list[Exception]) -> int:
    return each(
        orders.due_in(rules.UNSETTLED_QUEUE, to_ms(now)),
        lambda order: bool(sync.sync_order(order, now)),
        failed,
        payments.provider_breaker(),
        _deferring(rules.UNSETTLED_QUEUE, now),
    )


def _deferring(queue: str, now: datetime) -> Callable[[str], bool]:
    return lambda order: tables.defer(order, queue, to_ms(now), to_ms(now + DEFERRED))


def _send_refunds(now: datetime, failed: list[Exception]) -> int:
    return each(
        payments.refunds_due(to_ms(now) // 1000),
        lambda due: bool(payments.send_refund(*due, now)),
        failed,
        payments.provider_breaker(),
        lambda due: payments.defer_refund(*due, now, now + DEFERRED),
    )


def time_out(
    order_id: str, now: datetime, failed: list[Exception], breaker: CircuitBreaker | None = None
) -> bool:
    """Cancel an order that was not paid in time; whether it was cancelled.

    A payment at the provider keeps it. An order without an answer is cancelled and counted as
    failed; cash that comes later is refunded. Cash that is not booked yet is waited for.
    """
    breaker, known = breaker or payments.provider_breaker(), len(failed)
    answers = each([order_id], lambda order: bool(sync.sync_order(order, now)), failed, breaker)
    if any(isinstance(error, NotBookedYet) for error in failed[known:]):
        return False
    return bool(
        each(
            [order_id],
            lambda order: sync.cancel_overdue(order, now, is_answered=bool(answers)),
            failed,
        )
    )
