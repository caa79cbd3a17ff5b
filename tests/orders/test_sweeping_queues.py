"""The sweeps that call the provider: a stuck item blocks neither its own queue nor another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib import payments
from chalicelib.kernel import clock, sweeps
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved, Unavailable
from chalicelib.kernel.money import Money
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.orders import rules, tables
from chalicelib.orders.actions import sweeping
from chalicelib.orders.queries import orders
from chalicelib.orders.queries.orders import get_order
from chalicelib.payments.errors import NotBookedYet, ProviderSilent
from chalicelib.payments.queries.payments import find_refund
from chalicelib.withdrawals.actions import sweeping as withdrawing
from tests.conftest import Time
from tests.orders.cashier import Cashier

Patch = pytest.MonkeyPatch
QUEUES = ("unpaid", "dead", "refunds", "withdrawals")
NAMES = [f"{number}" for number in range(7)]


class Queues:
    """Both sweeps with their queues in memory: due items in order, and the calls made."""

    def __init__(self, patch: Patch) -> None:
        self.due: dict[str, list[str]] = {name: [] for name in QUEUES}
        self.asked: list[tuple[str, str]] = []
        self.off: list[tuple[str, str]] = []
        self.fails: Callable[[str, str], Exception | None] = lambda queue, name: None
        due = {rules.PAYMENT_QUEUE: "unpaid", rules.UNSETTLED_QUEUE: "dead"}
        patch.setattr(orders, "due_in", lambda queue, at: self._each(due[queue]))
        patch.setattr(withdrawing, "due_withdrawals", lambda at: self._each("withdrawals"))
        patch.setattr(
            payments, "refunds_due", lambda at: ((it, it) for it in self._each("refunds"))
        )
        patch.setattr(sweeping.sync, "sync_order", self._sync_order)
        patch.setattr(sweeping.sync, "cancel_overdue", lambda order, now, is_answered: False)
        patch.setattr(withdrawing, "sync_withdrawal", lambda it, now: self._ask("withdrawals", it))
        patch.setattr(payments, "send_refund", lambda it, _, now: self._ask("refunds", it))
        patch.setattr(tables, "defer", lambda it, queue, now, until: self._defer(due[queue], it))
        patch.setattr(
            withdrawing, "defer_withdrawal", lambda it, now, until: self._defer("withdrawals", it)
        )
        patch.setattr(
            payments, "defer_refund", lambda it, _, now, until: self._defer("refunds", it)
        )

    def sweep(self) -> list[Exception]:
        """Run both sweeps; the failures."""
        errors: list[Exception] = []
        for sweep in (sweeping.sweep_payments, withdrawing.sweep_withdrawals):
            try:
                sweep(clock.now())
            except ExceptionGroup as failed:
                errors += failed.exceptions
        return errors

    def _each(self, queue: str) -> Iterator[str]:
        self._at = queue
        yield from list(self.due[queue])

    def _sync_order(self, order: str, now: datetime) -> bool:
        return self._ask(self._at, order)

    def _ask(self, queue: str, name: str) -> bool:
        self.asked.append((queue, name))
        error = self.fails(queue, name)
        if error is not None:
            raise error
        if queue != "unpaid":
            self.due[queue].remove(name)
        return True

    def _defer(self, queue: str, name: str) -> bool:
        """Move an item behind all others."""
        self.off.append((queue, name))
        self.due[queue].remove(name)
        self.due[queue].append(name)
        return True


@pytest.fixture
def queues(monkeypatch: Patch) -> Queues:
    return Queues(monkeypatch)


@pytest.mark.parametrize("stuck", QUEUES)
def test_a_stuck_item_blocks_no_other_queue(queues: Queues, stuck: str) -> None:
    queues.due = {name: list(NAMES[:5]) for name in QUEUES}
    queues.fails = lambda queue, name: ProviderSilent() if queue == stuck else None
    assert len(queues.sweep()) == sweeps.PATIENCE
    for queue in QUEUES:
        asked = [name for at, name in queues.asked if at == queue]
        assert asked == NAMES[: sweeps.PATIENCE if queue == stuck else 5]


def test_each_queue_makes_only_a_few_calls_during_an_outage_of_the_provider(
    queues: Queues,
) -> None:
    queues.due = {name: list(NAMES) for name in QUEUES}
    queues.fails = lambda queue, name: ProviderSilent()
    queues.sweep()
    assert queues.asked == [(q, name) for q in QUEUES for name in NAMES[: sweeps.PATIENCE]]


@pytest.mark.parametrize("queue", QUEUES)
def test_a_stuck_item_does_not_block_its_queue(queues: Queues, queue: str) -> None:
    stuck = NAMES[:-1]
    queues.due[queue] = list(NAMES)
    queues.fails = lambda _, name: ProviderSilent() if name in stuck else None
    runs = 0
    while (queue, NAMES[-1]) not in queues.asked:
        queues.sweep()
        runs += 1
    assert runs == 1 + len(stuck) // sweeps.PATIENCE
    assert queues.off[: len(stuck)] == [(queue, name) for name in stuck]


@pytest.mark.parametrize("error", [Unavailable(), Moved(), NotBookedYet(), KeyError()])
@pytest.mark.parametrize("queue", QUEUES)
def test_a_failure_other_than_an_outage_stops_no_queue_and_is_deferred(
    queues: Queues, queue: str, error: Exception
) -> None:
    queues.due[queue] = list(NAMES)
    queues.fails = lambda _, name: error if name != NAMES[-1] else None
    assert queues.sweep() == [error] * (len(NAMES) - 1)
    assert queues.asked == [(queue, name) for name in NAMES]
    assert queues.off == [(queue, name) for name in NAMES[:-1]]


def test_contention_between_two_outages_does_not_hide_them(queues: Queues) -> None:
    queues.due["refunds"] = list(NAMES)
    errors = dict(zip(NAMES, [ProviderSilent(), Unavailable()] * 4, strict=False))
    queues.fails = lambda _, name: errors[name]
    queues.sweep()
    assert len(queues.asked) == 2 * sweeps.PATIENCE - 1


def test_an_item_that_cannot_be_deferred_blocks_nothing(queues: Queues, monkeypatch: Patch) -> None:
    def busy(*_: Any) -> bool:
        raise Unavailable()

    monkeypatch.setattr(withdrawing, "defer_withdrawal", busy)
    queues.due |= {"withdrawals": ["a", "b"], "refunds": ["c"]}
    queues.fails = lambda queue, name: KeyError() if name == "a" else None
    assert [type(each) for each in queues.sweep()] == [KeyError, Unavailable]
    assert queues.asked == [("refunds", "c"), ("withdrawals", "a"), ("withdrawals", "b")]


# The same, with the tables.


def due_orders(queue: str, minutes: int = 0) -> list[str]:
    return list(orders.due_in(queue, to_ms(clock.now() + timedelta(minutes=minutes))))


def test_a_deferred_order_is_due_later_and_otherwise_unchanged(
    cashier: Cashier, time: Time
) -> None:
    order = cashier.service()["id"]
    time.advance(minutes=31)
    seen, shown = get_order(order), cashier.show(order)
    now_ms = to_ms(clock.now())
    until_ms = now_ms + 600_000
    assert not tables.defer(order, rules.UNSETTLED_QUEUE, now_ms, until_ms)
    assert order in due_orders(rules.PAYMENT_QUEUE)
    assert tables.defer(order, rules.PAYMENT_QUEUE, now_ms, until_ms)
    assert not tables.defer(order, rules.PAYMENT_QUEUE, now_ms, until_ms + 1), "it is not due"
    assert order not in due_orders(rules.PAYMENT_QUEUE, minutes=9)
    assert due_orders(rules.PAYMENT_QUEUE, minutes=10)[-1] == order
    assert (get_order(order), cashier.show(order)) == (seen, shown)


def test_a_missing_order_is_not_deferred(engine: str) -> None:
    assert not tables.defer("ord_none", rules.PAYMENT_QUEUE, 10**13, 10**13)
    assert orders.find_order("ord_none") is None


def test_a_deferred_refund_is_due_again_later(engine: str, time: Time) -> None:
    writes, now = WriteSet(), clock.now()
    owed = Money(5, "CNY")
    payments.owe_refund(writes, "rfd_off", "ord_off", "mbr_off", owed, payments.SALES, "x", now)
    writes.commit()
    seen, later = find_refund("ord_off", "rfd_off"), now + timedelta(minutes=10)

    def is_due(at: datetime) -> bool:
        return ("ord_off", "rfd_off") in payments.refunds_due(to_ms(at) // 1000)

    assert payments.defer_refund("ord_off", "rfd_off", now, later)
    assert not payments.defer_refund("ord_off", "rfd_off", now, later)
    assert (is_due(later - timedelta(seconds=1)), is_due(later)) == (False, True)
    after = find_refund("ord_off", "rfd_off")
    assert seen
    assert after
    assert (after.status, after.version) == (seen.status, seen.version)
    assert not payments.defer_refund("ord_off", "rfd_none", now, later)
    assert find_refund("ord_off", "rfd_none") is None


def test_contention_of_our_own_is_no_outage_of_the_provider() -> None:
    def moved() -> None:
        raise Moved()

    breaker = sweeps.CircuitBreaker(ProviderSilent)
    with pytest.raises(Unavailable) as busy:
        with_fresh_reads(moved)
    for _ in range(sweeps.PATIENCE):
        breaker.record(busy.value)
    assert not breaker.is_open
