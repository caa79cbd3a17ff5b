"""Payments that somebody has to look after: what was told, what is due, what nobody told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from chalicelib import payments
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.kernel.observe import count, logger
from chalicelib.orders import queries, rules, settling

T = TypeVar("T")
# A provider that does not answer is asked again by the next run.
_DOWN = (Unavailable,)


def settle_news(told: dict[str, Any], now: datetime) -> None:
    """Ask the provider about what it told of: an order's payment, a payout to a member or to us.

    Raises Unavailable.
    """
    ours: str = told["ours"] or ""
    if ours.startswith("wdr_"):
        _ours(lambda: payments.settle_withdrawal(ours, now), ours)
    elif told["type"].startswith("payout."):
        payments.learn_payout(told["about"], now)
    elif ours or told["intent"]:
        payment_id = ours if ours.startswith("pay_") else payments.payment_of(told["intent"])
        if payment_id:
            order_id = payments.order_id_of(payment_id)
            _ours(lambda: settling.settle_order(order_id, now), order_id)


def _ours(settle: Callable[[], object], about: str) -> None:
    """Settle an order or a withdrawal, if it is one of ours: others may use the same account of
    the provider. Their money shows in the reconciliation as missing here.
    """
    try:
        settle()
    except NotFound as error:
        if type(error) is not NotFound:
            raise
        logger().warning("the provider told of nothing of ours", about=about)
        count("UnknownPayment")


def sweep_payments(now: datetime) -> dict[str, int]:
    """Time out unpaid orders; settle dead ones, refunds and withdrawals: how many of each.

    Raises ExceptionGroup of what failed, after the others are done.
    """
    at_ms = to_ms(now)
    failed: list[Exception] = []
    timed_out, answers = _time_out_unpaid(now, failed)
    done = {"timed_out": timed_out}
    if answers:
        dead = queries.due_in(rules.UNSETTLED_QUEUE, at_ms)
        refunds = payments.refunds_due(at_ms // 1000)
        done["settled"] = each(
            dead, lambda order: bool(settling.settle_order(order, now)), failed, _DOWN
        )
        done["refunded"] = each(
            refunds, lambda due: bool(payments.send_refund(*due, now)), failed, _DOWN
        )
        try:
            done["withdrawals"] = payments.settle_due_withdrawals(now)
        except Exception as error:
            failed.append(error)
    logger().info("payments swept", done=done, failed=len(failed))
    if failed:
        raise ExceptionGroup("payments were not swept", failed)
    return done


def _time_out_unpaid(now: datetime, failed: list[Exception]) -> tuple[int, bool]:
    """Time out what was not paid, as far as the provider says; how many, and whether it answers.

    One that does not answer is not asked again in this run, and keeps nothing from its owner.
    """
    done, answers = 0, True
    for order_id in queries.due_in(rules.PAYMENT_QUEUE, to_ms(now)):
        known = len(failed)
        done += time_out(order_id, now, failed, ask=answers)
        answers &= not any(isinstance(error, Unavailable) for error in failed[known:])
    return done, answers


def time_out(order_id: str, now: datetime, failed: list[Exception], *, ask: bool = True) -> bool:
    """Cancel an order that was not paid in time, unless the provider says that it was; whether
    it was cancelled. What the provider does not answer is kept as failed, and refunded if it comes.
    """
    if ask:
        each([order_id], lambda order: bool(settling.settle_order(order, now)), failed)
    return bool(each([order_id], lambda order: settling.cancel_late(order, now), failed))


def each(
    things: Iterable[T],
    settle: Callable[[T], bool],
    failed: list[Exception],
    stop_at: tuple[type[Exception], ...] = (),
) -> int:
    """How many were settled; what failed is kept, and stops the others only as `stop_at` says."""
    done = 0
    for thing in things:
        try:
            done += settle(thing)
        except Exception as error:
            logger().exception("something due was not settled", what=str(thing))
            failed.append(error)
            if isinstance(error, stop_at):
                break
    return done
