"""Payments that somebody has to look after: what was told, what is due, what nobody told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from chalicelib import payments
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.observe import count, logger
from chalicelib.orders import queries, rules, settling

T = TypeVar("T")


def settle_news(told: dict[str, Any], now: datetime) -> None:
    """Ask the provider about what it told of: an order's payment, a payout to a member or to us.

    Raises Unavailable.
    """
    ours: str = told["ours"] or ""
    if ours.startswith("wdr_"):
        payments.settle_withdrawal(ours, now)
    elif told["type"].startswith("payout."):
        payments.learn_payout(told["about"], now)
    elif ours or told["intent"]:
        payment_id = ours if ours.startswith("pay_") else payments.payment_of(told["intent"])
        if payment_id:
            _settle(payments.order_id_of(payment_id), now)


def _settle(order_id: str, now: datetime) -> None:
    """Settle an order, if it is one of ours: others may use the same account of the provider.

    Their money shows in the reconciliation as missing here.
    """
    try:
        settling.settle_order(order_id, now)
    except NotFound:
        if queries.find_order(order_id) is not None:
            raise
        logger().warning("a payment of no order of ours", order_id=order_id)
        count("UnknownPayment")


def sweep_payments(now: datetime) -> dict[str, int]:
    """Time out unpaid orders; settle dead ones, refunds and withdrawals: how many of each.

    Raises ExceptionGroup of what failed, after the others are done.
    """
    at_ms = to_ms(now)
    failed: list[Exception] = []
    unpaid = queries.due_in(rules.PAYMENT_QUEUE, at_ms)
    dead = queries.due_in(rules.UNSETTLED_QUEUE, at_ms)
    refunds = payments.refunds_due(at_ms // 1000)
    done = {
        "timed_out": each(unpaid, lambda order: settling.time_out(order, now), failed),
        "settled": each(dead, lambda order: bool(settling.settle_order(order, now)), failed),
        "refunded": each(refunds, lambda due: bool(payments.send_refund(*due, now)), failed),
    }
    try:
        done["withdrawals"] = payments.settle_due_withdrawals(now)
    except Exception as error:
        failed.append(error)
    logger().info("payments swept", done=done, failed=len(failed))
    if failed:
        raise ExceptionGroup("payments were not swept", failed)
    return done


def each(things: Iterable[T], settle: Callable[[T], bool], failed: list[Exception]) -> int:
    """How many were settled; what failed is kept, and does not stop the others."""
    done = 0
    for thing in things:
        try:
            done += settle(thing)
        except Exception as error:
            logger().exception("something due was not settled", what=str(thing))
            failed.append(error)
    return done
