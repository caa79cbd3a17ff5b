"""Events of one order, in any sequence, twice, late, to a consumer that dies, end in one state."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, permutations

import pytest
from msgspec import structs
from msgspec.structs import replace

from chalicelib import ledger
from chalicelib.kernel import clock, secrets
from chalicelib.orders.actions import sweeping
from chalicelib.orders.queries.orders import get_order
from chalicelib.payments.actions import provider
from chalicelib.payments.queries.journal import cash_entries_of
from chalicelib.payments.tables.payments import REFUND, RefundItem, payment_key
from tests.api import Api
from tests.conftest import SECRETS
from tests.faults.moments import START, moment, standing_still
from tests.faults.provider import THERE, gateway
from tests.faults.savepoint import Savepoint
from tests.faults.wire import tapped
from tests.ledger.books import entries_of
from tests.orders.cashier import Cashier
from tests.orders.event_history import LATE, SWEEP, Consumer, facts_told, happen, relayed
from tests.world import World

ORDERS = list(permutations(range(6)))
# How far the provider is when the payment has succeeded, and when all has happened.
PAID, ALL = 2, 5
KnownAt = Callable[[int, int], int]


def as_of_then(known: int, event: int) -> int:
    """The provider answers as of this event and those before."""
    return known if event == SWEEP else max(known, event)


def as_of_now(known: int, event: int) -> int:
    """The provider answers as of the last event."""
    return ALL


@pytest.fixture(scope="module")
def cashier(engine: str) -> Iterator[Cashier]:
    with pytest.MonkeyPatch.context() as patch, standing_still(), tapped(THERE.answer):
        patch.setattr(secrets, "_secret", SECRETS.__getitem__)
        patch.setattr(provider, "gateway", gateway)
        # Handlers that fail say so at length.
        logging.disable(logging.CRITICAL)
        with Savepoint():
            world = World(Api())
            assert world.category, "made once, for all tests"
            yield Cashier(world, THERE)
        logging.disable(logging.NOTSET)


def started(cashier: Cashier) -> str:
    """An order of three units for 700 points and cash, whose payment was started."""
    order_id: str = cashier.service(3, points=700)["id"]
    cashier.intent(order_id)
    return order_id


@contextmanager
def told(cashier: Cashier, order_id: str, later: timedelta, **how: bool) -> Iterator[Consumer]:
    """A consumer before any message of the events, which have all happened at the provider."""
    (intent,) = cashier.intents(order_id)
    history = happen(order_id, intent.id, **how)
    facts = facts_told(cashier, history)
    with Savepoint() as start:
        yield Consumer(history, facts, start, later)


@pytest.fixture
def consumer(cashier: Cashier) -> Iterator[Consumer]:
    """The consumer of an order that awaits its payment."""
    with Savepoint(), told(cashier, started(cashier), timedelta()) as made:
        yield made


@pytest.fixture
def late_consumer(cashier: Cashier) -> Iterator[Consumer]:
    """The consumer of an order that timed out during an outage of the provider."""
    with Savepoint():
        order_id = started(cashier)
        with moment(LATE):
            THERE.down = True
            assert sweeping.time_out(order_id, clock.now(), [])
            THERE.down = False
        with told(cashier, order_id, LATE, refunded=False) as made:
            yield made


@dataclass
class Walk:
    """Deliveries one after the other: the state that they came to, and how far the provider was
    when it was last asked."""

    consumer: Consumer
    asked: KnownAt
    known: int
    state: int = 0

    def deliver(self, events: Iterable[int]) -> Walk:
        for event in events:
            self.known = self.asked(self.known, event)
            self.state = self.consumer.deliver(self.state, event, self.known).after
        return self

    def broken_off(self, event: int) -> list[Walk]:
        """The walks in which the handler of an event stops at one of its writes."""
        known = self.asked(self.known, event)
        states = self.consumer.deliver(self.state, event, known).broken
        return [Walk(self.consumer, self.asked, known, state) for state in states]


def walks(consumer: Consumer, known: int) -> Iterator[Walk]:
    """Every order of events: once, each twice, all over again, and backwards after that; and with a
    handler that breaks off at each of its writes, whose message comes again at once or last."""
    for asked in (as_of_then, as_of_now):
        for order in ORDERS:
            twice = [event for event in order for _ in "12"]
            for repeated in (order, twice, order * 2, order + order[::-1]):
                yield Walk(consumer, asked, known).deliver(repeated)
            for place, event in enumerate(order):
                start = Walk(consumer, asked, known).deliver(order[:place])
                rest = order[place + 1 :]
                for again in ((event, *rest), (*rest, event)):
                    for walk in start.broken_off(event):
                        yield walk.deliver(again)


def swept(consumer: Consumer) -> Iterator[Walk]:
    """Every order of events, with the sweep at each place where the provider has the money."""
    for asked in (as_of_then, as_of_now):
        for order in ORDERS:
            for place in range(len(order) + 1):
                walk = Walk(consumer, asked, 0).deliver(order[:place])
                if asked is as_of_now or walk.known >= PAID:
                    yield walk.deliver((SWEEP, *order[place:]))


def ends_of(walked: Iterable[Walk]) -> tuple[set[int], int]:
    """The final states of histories, and the number of histories."""
    ends: set[int] = set()
    count = 0
    for count, walk in enumerate(walked, 1):  # noqa: B007 - the last one is the number of all
        ends.add(walk.state)
    return ends, count


def fingerprint(cashier: Cashier, order_id: str) -> str:
    """A hash of all that is known of an order: itself, its cash entries and refunds, the points.

    Left out is what tells the way and not the end: how many writes it took, and when they were.
    """
    order = get_order(order_id)
    steps = [(step.status, step.by) for step in order.steps]
    # Nothing happens to money before the order is paid, and that may be when the sweep comes by.
    timeless = {
        name: tuple(structs.replace(each, at_ms=0) for each in getattr(order, name))
        for name in ("refunds", "cash_events", "unapplied")
    }
    plain = replace(order, version=0, steps=(), **timeless)
    cash = [
        replace(entry, recorded_at_ms=0)
        for entry in cash_entries_of(clock.program_day(START))
        if entry.source == f"order:{order_id}"
    ]
    cash.sort(key=lambda entry: entry.reference)
    refunds = [
        replace(item.value(), created_at_ms=0, version=0)
        for item in RefundItem.query(payment_key(order_id), RefundItem.sk.startswith(REFUND))
    ]
    account = ledger.points_account(cashier.member)
    points = [(e.type, e.reference, e.points, e.effect) for e in entries_of(account)]
    content = repr((plain, steps, cash, refunds, points))
    return hashlib.sha256(content.encode()).hexdigest()


def outcomes(cashier: Cashier, consumer: Consumer, ends: Iterable[int]) -> set[str]:
    """The fingerprints of states after a sweep that sends due refunds; the books of each tie."""
    found = set()
    for end in sorted(ends):
        consumer.start.go_to(consumer.states[end])
        with moment(consumer.later):
            sweeping.sweep_payments(clock.now())
        cashier.check_books(consumer.history.order_id)
        found.add(fingerprint(cashier, consumer.history.order_id))
    return found


Counted = Callable[[str, object], None]


def test_all_720_sequences_of_six_events_end_in_one_state(
    cashier: Cashier, consumer: Consumer, record_property: Counted
) -> None:
    ends, count = ends_of(chain(walks(consumer, known=0), swept(consumer)))
    record_property("faults: event histories", count)
    assert count > (4 + 7) * 2 * 720 * 3 / 4
    assert len(outcomes(cashier, consumer, ends)) == 1
    order = get_order(consumer.history.order_id)
    assert (order.status, order.disputed, order.declined) == ("approved", False, None)
    assert cashier.balance() == (4300, 0)


def test_all_720_sequences_after_the_timeout_give_everything_back(
    cashier: Cashier, late_consumer: Consumer, record_property: Counted
) -> None:
    before = cashier.balance()
    ends, count = ends_of(walks(late_consumer, known=PAID))
    record_property("faults: event histories", count)
    assert len(outcomes(cashier, late_consumer, ends)) == 1
    order = get_order(late_consumer.history.order_id)
    assert (order.status, order.disputed, order.unsettled) == ("cancelled", False, False)
    assert cashier.balance() == before
    (intent,) = cashier.intents(order.id)
    assert intent.charge
    assert [each.amount for each in intent.charge.refunds] == [order.cash]


@pytest.mark.parametrize("asked", [as_of_then, as_of_now])
def test_real_webhooks_and_their_twins_end_in_the_same_state(
    cashier: Cashier, asked: KnownAt
) -> None:
    with Savepoint():
        order_id = started(cashier)
        history = happen(order_id, cashier.intents(order_id)[0].id)
        found = set()
        for order in ORDERS[::180]:
            with Savepoint():
                known, seen = 0, set[str]()
                for event in order:
                    known = asked(known, event)
                    THERE.restore(history.provider[known])
                    receive(cashier, history.events[event].body(f"evt_{event}"), [False, True])
                    receive(cashier, history.events[event].body(f"evt_twin_{event}"), [True])
                    facts = relayed(f"WHK#{history.events[event].object['id']}")
                    new = [fact for fact in facts if fact.id not in seen]
                    assert len(new) == 1, "twins are one fact"
                    seen.add(new[0].id)
                    Consumer(history, new, Savepoint()).hear(0)
                found.add(fingerprint(cashier, history.order_id))
    assert len(found) == 1


def receive(cashier: Cashier, body: object, duplicates: Sequence[bool]) -> None:
    """Receive an event as often as there are wanted answers."""
    for duplicate in duplicates:
        answer = cashier.webhook(body)
        assert (answer.status, answer.body["duplicate"]) == (200, duplicate)
