"""Payments that somebody has to look after: what was told, what is due, what nobody told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from chalicelib import payments
from chalicelib.kernel.clock import from_ms, to_ms
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.failures import tell
from chalicelib.kernel.observe import count, logger
from chalicelib.orders import rules, tables
from chalicelib.orders.actions import settling
from chalicelib.orders.queries import orders
from chalicelib.payments import NotBookedYet, ProviderSilent

T = TypeVar("T")
# Of so many in a row: one alone may be what cannot be answered. Each costs the client's time-outs,
# some 25 s at worst, and four queues have to be through within the function's 300 s.
PATIENCE = 2
# What failed is left alone for so long.
PUT_OFF = timedelta(minutes=10)
# The provider books most payments at once, some a few minutes later.
BOOKED_WITHIN = timedelta(hours=1)
_ID = re.compile(r"(pay|wdr)_[a-z2-7]{26}\Z")


@dataclass
class Line:
    """The line to the provider for one queue in one run: once it has not answered for several
    things in a row it is down, and asked again by the next run."""

    missed: int = 0

    @property
    def is_down(self) -> bool:
        return self.missed >= PATIENCE

    def hear(self, error: Exception | None) -> None:
        if isinstance(error, ProviderSilent):
            self.missed += 1
        elif error is None or isinstance(error, NotBookedYet):
            self.missed = 0
        # Anything else, such as a table of ours that is busy, says nothing of the provider.


def settle_news(told: dict[str, Any], now: datetime) -> None:
    """Ask the provider about what it told of: an order's payment, a payout to a member or to us.

    Raises Unavailable.
    """
    ours = _id(told["ours"])
    if ours.startswith("wdr_"):
        _ours(lambda: payments.settle_withdrawal(ours, now), ours)
    elif told["type"].startswith("payout."):
        payments.learn_payout(told["about"], now)
    elif ours or told["intent"]:
        payment_id = ours or _id(payments.payment_of(told["intent"]))
        if payment_id.startswith("pay_"):
            order_id = payments.order_id_of(payment_id)
            _ours(lambda: settling.settle_order(order_id, now), order_id)


def _id(named: str | None) -> str:
    """What the provider's object names, if it may be an id of ours: others name what they like."""
    return named if named and _ID.match(named) else ""


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

    A stuck item no longer blocks the other queues. A failed item is deferred behind all that is
    due now, so each item of a queue gets its turn after those before it.

    Raises ExceptionGroup of what failed, after the others are done; what the provider has taken
    within the hour and not booked yet is no failure.
    """
    failed: list[Exception] = []
    done = {
        "timed_out": _time_out_unpaid(now, failed),
        "settled": _settle_dead(now, failed),
        "withdrawals": settle_withdrawals(now, failed),
        "refunded": _send_refunds(now, failed),
    }
    # Money that the provider took a moment ago, and has not booked yet, raises no alarm.
    waiting = [error for error in failed if _was_taken_just_now(error, now)]
    failed = [error for error in failed if error not in waiting]
    logger().info("payments swept", done=done, failed=len(failed), waiting=len(waiting))
    if failed:
        raise ExceptionGroup("payments were not swept", failed)
    return done


def _was_taken_just_now(error: Exception, now: datetime) -> bool:
    return isinstance(error, NotBookedYet) and now < from_ms(error.taken_at_ms) + BOOKED_WITHIN


def _time_out_unpaid(now: datetime, failed: list[Exception]) -> int:
    """Time out what was not paid, as far as the provider says; how many."""
    done, line = 0, Line()
    for order_id in orders.due_in(rules.PAYMENT_QUEUE, to_ms(now)):
        known = len(failed)
        done += time_out(order_id, now, failed, line)
        if len(failed) > known:
            each([order_id], _putting_off(rules.PAYMENT_QUEUE, now), failed)
    return done


def _settle_dead(now: datetime, failed: list[Exception]) -> int:
    return each(
        orders.due_in(rules.UNSETTLED_QUEUE, to_ms(now)),
        lambda order: bool(settling.settle_order(order, now)),
        failed, Line(), _putting_off(rules.UNSETTLED_QUEUE, now),
    )  # fmt: skip


def _putting_off(queue: str, now: datetime) -> Callable[[str], bool]:
    return lambda order: tables.put_off(order, queue, to_ms(now), to_ms(now + PUT_OFF))


def settle_withdrawals(now: datetime, failed: list[Exception]) -> int:
    """Bring the withdrawals that are due to where the provider is; how many. What fails is kept,
    and put off.
    """
    return each(
        payments.due_withdrawals(to_ms(now)),
        lambda due: bool(payments.settle_withdrawal(due, now)),
        failed, Line(), lambda due: payments.put_off_withdrawal(due, now, now + PUT_OFF),
    )  # fmt: skip


def _send_refunds(now: datetime, failed: list[Exception]) -> int:
    return each(
        payments.refunds_due(to_ms(now) // 1000),
        lambda due: bool(payments.send_refund(*due, now)),
        failed, Line(), lambda due: payments.put_off_refund(*due, now, now + PUT_OFF),
    )  # fmt: skip


def time_out(
    order_id: str, now: datetime, failed: list[Exception], line: Line | None = None
) -> bool:
    """Cancel an order that was not paid in time, unless the provider says that it was; whether
    it was cancelled. What the provider does not answer is kept as failed, and refunded if it comes.

    What was paid and is not booked yet waits for that.
    """
    line, known = line or Line(), len(failed)
    answers = each([order_id], lambda order: bool(settling.settle_order(order, now)), failed, line)
    if any(isinstance(error, NotBookedYet) for error in failed[known:]):
        return False
    return bool(
        each(
            [order_id],
            lambda order: settling.cancel_late(order, now, is_answered=bool(answers)), failed,
        )
    )  # fmt: skip


def each(
    things: Iterable[T],
    settle: Callable[[T], bool],
    failed: list[Exception],
    line: Line | None = None,
    put_off: Callable[[T], bool] | None = None,
) -> int:
    """How many were settled; what failed is kept, and put off, and stops the others only if the
    line is down."""
    done = 0
    for thing in things:
        if line is not None and line.is_down:
            break
        error: Exception | None = None
        try:
            done += settle(thing)
        except Exception as raised:
            tell("something due was not settled", raised, what=str(thing))
            failed.append(raised)
            error = raised
        if line is not None:
            line.hear(error)
        if error is not None and put_off is not None:
            each([thing], put_off, failed)
    return done
