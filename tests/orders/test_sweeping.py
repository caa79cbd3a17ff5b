"""The sweep during an outage of the provider, for one order or for hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chalicelib import payments
from chalicelib.kernel import clock, sweeps
from chalicelib.kernel.clock import to_ms
from chalicelib.orders import rules
from chalicelib.orders.actions import sweeping
from chalicelib.payments.errors import NotBookedYet, ProviderSilent
from tests.orders.cashier import Cashier
from tests.orders.refunds import paid, units
from tests.payments.fake_gateway import FakeGateway

Patch = pytest.MonkeyPatch


def started(cashier: Cashier, number: int = 1) -> tuple[list[str], list[str]]:
    """Orders whose payments were started, and these payments."""
    orders = [cashier.service()["id"] for _ in range(number)]
    return orders, [cashier.intent(order_id) for order_id in orders]


def paid_there(cashier: Cashier, number: int = 1) -> tuple[list[str], list[str]]:
    """Orders paid at the provider and not synced yet."""
    orders, intents = started(cashier, number)
    for intent_id in intents:
        cashier.provider.pay(intent_id)
    return orders, intents


def hear(cashier: Cashier, intent_id: str) -> None:
    """The webhook of a payment is recorded, but not consumed."""
    about = {"id": intent_id, "metadata": {}}
    event = {
        "id": f"evt_{intent_id}",
        "type": "payment_intent.succeeded",
        "created": 1,
        "data": {"object": about},
    }
    assert cashier.webhook(event).status == 200


def only(patch: Patch, orders: Sequence[str]) -> None:
    """Let the sweep see these orders only."""

    def due_in(queue: str, at_ms: int) -> list[str]:
        return [each for each in orders if queue == queue_of(each)]

    patch.setattr(sweeping.orders, "due_in", due_in)
    patch.setattr(payments, "refunds_due", lambda at_s: [])


def queue_of(order_id: str) -> str:
    from chalicelib.orders.queries.orders import get_order

    return rules.queue_of(get_order(order_id))[0].partition("#")[0]


def failing(
    patch: Patch, provider: FakeGateway, fails: Callable[[int, str], Exception | None]
) -> list[str]:
    """Let calls about payments fail by number and payment; returns the called payments."""
    asked: list[str] = []
    find = provider.find_payment

    def find_payment(intent_id: str) -> Any:
        asked.append(intent_id)
        error = fails(len(asked), intent_id)
        if error is not None:
            raise error
        return find(intent_id)

    patch.setattr(provider, "find_payment", find_payment)
    patch.setattr(provider, "cancel_payment", find_payment)
    return asked


def statuses(cashier: Cashier, orders: Sequence[str]) -> list[str]:
    return [cashier.show(order_id)["status"] for order_id in orders]


def sweep(cashier: Cashier) -> None:
    with pytest.raises(ExceptionGroup):
        cashier.sweep()


def test_one_failing_call_does_not_delay_the_payment_of_other_orders(
    cashier: Cashier, time: Any, monkeypatch: Patch
) -> None:
    orders, _ = paid_there(cashier, 5)
    only(monkeypatch, orders)
    failing(monkeypatch, cashier.provider, lambda n, _: ProviderSilent() if n == 1 else None)
    time.advance(minutes=31)
    sweep(cashier)
    assert statuses(cashier, orders) == ["cancelled", *["approved"] * 4]


def test_the_sweep_stops_after_several_failing_calls_in_a_row(
    cashier: Cashier, time: Any, monkeypatch: Patch
) -> None:
    orders, intents = started(cashier, 5)
    only(monkeypatch, orders)
    asked = failing(monkeypatch, cashier.provider, lambda n, _: ProviderSilent())
    time.advance(minutes=31)
    sweep(cashier)
    # Once as unpaid orders, and once more as dead ones, which they are by then.
    assert asked == intents[: sweeps.PATIENCE] * 2
    assert statuses(cashier, orders) == ["cancelled"] * 5


def test_an_order_with_an_unbooked_payment_is_not_cancelled(
    cashier: Cashier, time: Any, monkeypatch: Patch
) -> None:
    orders, intents = paid_there(cashier, 5)
    only(monkeypatch, orders)
    unbooked = set(intents[:4])
    failing(monkeypatch, cashier.provider, lambda _, it: NotBookedYet() if it in unbooked else None)
    time.advance(hours=12)
    sweep(cashier)
    assert statuses(cashier, orders) == [*["awaiting_payment"] * 4, "approved"]
    unbooked.clear()
    cashier.sweep()
    assert statuses(cashier, orders) == ["approved"] * 5


def test_a_recent_unbooked_charge_raises_no_alarm(
    cashier: Cashier, time: Any, monkeypatch: Patch
) -> None:
    orders, _ = paid_there(cashier, 2)
    only(monkeypatch, orders)
    time.advance(minutes=31)
    taken_at_ms = to_ms(clock.now())
    failing(monkeypatch, cashier.provider, lambda *_: NotBookedYet(taken_at_ms))
    cashier.sweep()
    assert statuses(cashier, orders) == ["awaiting_payment"] * 2
    time.advance(minutes=61)
    sweep(cashier)
    assert statuses(cashier, orders) == ["awaiting_payment"] * 2


def test_an_order_reported_as_paid_waits_for_the_provider(
    cashier: Cashier, time: Any, monkeypatch: Patch
) -> None:
    orders, intents = paid_there(cashier, 5)
    only(monkeypatch, orders)
    for intent_id in intents:
        hear(cashier, intent_id)
    cashier.provider.down = True
    time.advance(minutes=31)
    sweep(cashier)
    time.advance(hours=5)
    sweep(cashier)
    assert statuses(cashier, orders) == ["awaiting_payment"] * 5
    cashier.provider.down = False
    cashier.sweep()
    assert statuses(cashier, orders) == ["approved"] * 5


def test_a_held_order_waits_six_hours_at_most_for_the_provider(
    cashier: Cashier, time: Any, monkeypatch: Patch
) -> None:
    orders, intents = paid_there(cashier)
    only(monkeypatch, orders)
    hear(cashier, intents[0])
    cashier.provider.down = True
    time.advance(minutes=30 + 6 * 60 - 1)
    sweep(cashier)
    assert statuses(cashier, orders) == ["awaiting_payment"]
    time.advance(minutes=2)
    sweep(cashier)
    assert statuses(cashier, orders) == ["cancelled"]


def test_an_unconfirmed_event_does_not_keep_an_order(
    cashier: Cashier, time: Any, monkeypatch: Patch
) -> None:
    orders, intents = started(cashier)
    only(monkeypatch, orders)
    hear(cashier, intents[0])
    time.advance(minutes=31)
    cashier.sweep()
    assert statuses(cashier, orders) == ["cancelled"]


def test_a_cancelled_order_that_cannot_be_synced_does_not_block_others(
    cashier: Cashier, time: Any, monkeypatch: Patch
) -> None:
    orders, intents = started(cashier, 3)
    for order_id in orders:
        path = f"/v1/orders/{order_id}/cancel"
        assert cashier.api.post(path, None, as_=cashier.me, key=order_id).status == 200
    only(monkeypatch, orders)
    cancel = cashier.provider.cancel_payment

    def cancel_payment(intent_id: str) -> Any:
        if intent_id == intents[0]:
            raise ProviderSilent()
        return cancel(intent_id)

    monkeypatch.setattr(cashier.provider, "cancel_payment", cancel_payment)
    time.advance(minutes=1)
    sweep(cashier)
    assert [cashier.provider.intents[each].status for each in intents] == [
        "open",
        "canceled",
        "canceled",
    ]
    assert [queue_of(order_id) for order_id in orders] == ["unsettled", "cancelled", "cancelled"]


def test_a_pending_refund_is_synced_once_an_hour(cashier: Cashier, time: Any) -> None:
    order, _ = paid(cashier)
    cashier.provider.refunds_pend = True
    made = cashier.refund(order["id"], units(order, 1)).body["id"]

    def is_due() -> bool:
        at_s = clock.to_ms(clock.now()) // 1000
        return (order["id"], made) in set(payments.refunds_due(at_s))

    cashier.act_on(f"PAY#{order['id']}")
    for _ in range(3):
        time.advance(minutes=59)
        assert not is_due()
        time.advance(minutes=2)
        assert is_due()
        cashier.sweep()
        assert not is_due()
    refund = listed_refund(order["id"], made)
    assert refund.status == "sent"


def listed_refund(order_id: str, refund_id: str) -> Any:
    from chalicelib.payments.queries.payments import find_refund

    return find_refund(order_id, refund_id)


def test_an_unrecorded_payment_is_refunded_by_the_provider(
    cashier: Cashier, time: Any, monkeypatch: Patch
) -> None:
    order = cashier.service(points=400)
    cashier.provider.answers_lost = 1
    assert cashier.start(order["id"]).status == 503
    (intent,) = cashier.intents(order["id"])
    cashier.provider.pay(intent.id)
    time.advance(minutes=31)
    cashier.sweep()
    cashier.act_on(f"PAY#{order['id']}")
    (intent,) = cashier.intents(order["id"])
    assert intent.charge
    assert [each.amount for each in intent.charge.refunds] == [order["cash"]["amount"]]
    cashier.sweep()
    cashier.check_books(order["id"])
    assert cashier.books(order["id"]).get("clearing:unapplied", 0) == 0
    assert cashier.balance() == (5000, 0)
    assert cashier.start(order["id"]).body["code"] == "not_allowed_in_this_state"
