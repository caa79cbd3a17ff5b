"""Six events of an order's payment, delivered in any order, to a consumer that may die.

A handler keeps no state between messages: its effect follows from the tables, the message and the
provider's answer. So each step runs on the engine once; histories walk from one known state to
another.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from botocore.exceptions import BotoCoreError
from msgspec.structs import replace
from pynamodb.exceptions import PynamoDBException

from chalicelib.kernel import clock
from chalicelib.kernel.errors import JifenError
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.queues import consume
from chalicelib.kernel.store.streams import Change
from chalicelib.orders import events
from chalicelib.orders.actions import sweeping
from chalicelib.payments.events import facts_of
from tests.faults.faults import Injection, lost
from tests.faults.moments import moment
from tests.faults.provider import THERE, State
from tests.faults.savepoint import Changes, Savepoint
from tests.faults.wire import Request, Send, tapped
from tests.orders.cashier import Cashier, stream_images

LATE = timedelta(minutes=31)
BY_HAND = 500
# Besides the events, by number: the sweep comes by, once the time to pay is over.
SWEEP = 6
_FAILURES = (JifenError, BotoCoreError, PynamoDBException)


class Event(NamedTuple):
    """An event, as the provider sends it."""

    type: str
    object: dict[str, Any]

    def body(self, name: str) -> dict[str, Any]:
        """The event under an id; the same event with another id is the same fact."""
        return {"id": name, "type": self.type, "created": 1, "data": {"object": self.object}}


class Step(NamedTuple):
    """The states after one delivery: at its end, and at each crash of its handler."""

    after: int
    broken: tuple[int, ...]


@dataclass
class History:
    """An order, its six events, and the provider as it was after each of them."""

    order_id: str
    events: Sequence[Event]
    provider: Sequence[State]


def happen(order_id: str, intent_id: str, *, refunded: bool = True) -> History:
    """Let it all happen at the provider: declined, under way, paid, given back for in part by
    hand, disputed, won."""
    payment = {"payment_id": "pay_" + order_id.removeprefix("ord_")}
    told: list[Event] = []
    states: list[State] = []

    def tell(kind: str, **about: Any) -> None:
        told.append(Event(kind, about))
        states.append(THERE.state())

    THERE.decline(intent_id)
    tell("payment_intent.payment_failed", id=intent_id, metadata=payment)
    THERE.process(intent_id)
    tell("payment_intent.processing", id=intent_id, metadata=payment)
    charge = THERE.pay(intent_id)
    tell("payment_intent.succeeded", id=intent_id, metadata=payment)
    if refunded:
        THERE.refund_by_hand(intent_id, BY_HAND)
    tell("charge.refunded", id=charge.id, payment_intent=intent_id, metadata={})
    dispute = THERE.dispute(intent_id)
    tell("charge.dispute.funds_withdrawn", id=dispute.id, payment_intent=intent_id)
    THERE.win(intent_id, dispute.id)
    tell("charge.dispute.closed", id=dispute.id, payment_intent=intent_id)
    return History(order_id, told, states)


@dataclass
class Consumer:
    """The states of the tables, by number, and the steps between them.

    The first is the one it was made in. Each delivery happens so much `later` than the order.
    """

    history: History
    facts: Sequence[Fact]
    start: Savepoint
    later: timedelta = timedelta()
    states: list[Changes] = field(default_factory=list)
    steps: dict[tuple[int, str, int], Step] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # All that a handler learns from a message about a payment: its type is a word to people.
        self._routes = [str(replace(fact.data, type="")) for fact in self.facts] + ["sweep"]
        self._number({})

    def deliver(self, state: int, event: int, provider: int) -> Step:
        """Deliver one message with the provider in its state after the event `provider`."""
        key = (state, self._routes[event], provider)
        if key not in self.steps:
            self.steps[key] = self._run(state, event, provider)
        return self.steps[key]

    def _run(self, state: int, event: int, provider: int) -> Step:
        points: list[Request] = []
        broken: list[int] = []

        def watch(request: Request, send: Send) -> dict[str, Any]:
            points.append(request)
            answer = send(request)
            if request.writes and not request.to_provider:
                # A process that dies here has left this.
                broken.append(self._seen())
            return answer

        self._go_to(state, provider)
        with tapped(watch):
            assert self.hear(event), "nothing fails by itself"
        after = self._seen()
        for number, point in enumerate(points):
            if point.writes and not point.to_provider:
                self._go_to(state, provider)
                with tapped(Injection(number, lost)), suppress(*_FAILURES):
                    self.hear(event)
                broken.append(self._seen())
        return Step(after, tuple(dict.fromkeys(broken)))

    def hear(self, event: int) -> bool:
        """Handle the message or sweep the order; returns whether it succeeded."""
        if event == SWEEP:
            with moment(LATE):
                sweeping.time_out(self.history.order_id, clock.now(), [])
            return True
        body = msgspec.json.encode(self.facts[event]).decode()
        batch = {"Records": [{"messageId": "1", "body": body}]}
        with moment(self.later):
            return not consume(batch, events.PAYMENTS)["batchItemFailures"]

    def _go_to(self, state: int, provider: int) -> None:
        self.start.go_to(self.states[state])
        THERE.restore(self.history.provider[provider])

    def _seen(self) -> int:
        return self._number(self.start.stored())

    def _number(self, changes: Changes) -> int:
        name = repr(sorted(changes.items()))
        if name not in self._numbers:
            self._numbers[name] = len(self.states)
            self.states.append(changes)
        return self._numbers[name]


def facts_told(cashier: Cashier, history: History) -> list[Fact]:
    """The relayed fact of each received event."""
    facts = []
    for number, event in enumerate(history.events):
        answer = cashier.webhook(event.body(f"evt_{number}"))
        assert answer.status == 200, answer.body
        known = {fact.id for fact in facts}
        new = [f for f in relayed(f"WHK#{event.object['id']}") if f.id not in known]
        assert len(new) == 1
        facts += new
    return facts


def relayed(pk: str) -> list[Fact]:
    """The relayed facts of all items under a key."""
    return [fact for item in stream_images(pk) for fact in facts_of(Change("1", None, item))]
