"""Payments that somebody has to look after: what was told, what is due, what nobody told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from chalicelib import payments
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.kernel.observe import count, logger
from chalicelib.orders import queries, rules, settling
from chalicelib.payments.errors import NotBookedYet

T = TypeVar("T")
# Of so many in a row: one alone may be what cannot be answered.
PATIENCE = 3
_ID = re.compile(r"(pay|wdr)_[a-z2-7]{26}\Z")


@dataclass
class Line:
    """The line to the provider in one run: once it has not answered for several things in a row it
    is down, and asked again by the next run."""

    missed: int = 0

    @property
    def is_down(self) -> bool:
        return self.missed >= PATIENCE

    def hear(self, error: Exception | None) -> None:
        is_silent = isinstance(error, Unavailable) and not isinstance(error, NotBookedYet)
        self.missed = self.missed + 1 if is_silent else 0


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

    While the provider answers, what is stuck in one queue holds up none of the others.

    Raises ExceptionGroup of what failed, after the others are done.
    """
    at_ms = to_ms(now)
    failed: list[Exception] = []
    line = Line()
    done = {"timed_out": _time_out_unpaid(now, failed, line)}
    if not line.is_down:
        dead = queries.due_in(rules.UNSETTLED_QUEUE, at_ms)
        done["settled"] = each(
            dead, lambda order: bool(settling.settle_order(order, now)), failed, Line()
        )
        try:
            done["withdrawals"] = payments.settle_due_withdrawals(now)
        except Exception as error:
            failed.append(error)
        refunds = payments.refunds_due(at_ms // 1000)
        done["refunded"] = each(
            refunds, lambda due: bool(payments.send_refund(*due, now)), failed, Line()
        )
    logger().info("payments swept", done=done, failed=len(failed))
    if failed:
        raise ExceptionGroup("payments were not swept", failed)
    return done


def _time_out_unpaid(now: datetime, failed: list[Exception], line: Line) -> int:
    """Time out what was not paid, as far as the provider says; how many."""
    due = queries.due_in(rules.PAYMENT_QUEUE, to_ms(now))
    return sum(time_out(order_id, now, failed, line) for order_id in due)


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
) -> int:
    """How many were settled; what failed is kept, and stops the others only if the line is down."""
    done = 0
    for thing in things:
        if line is not None and line.is_down:
            break
        error: Exception | None = None
        try:
            done += settle(thing)
        except Exception as raised:
            logger().exception("something due was not settled", what=str(thing))
            failed.append(raised)
            error = raised
        if line is not None:
            line.hear(error)
    return done
