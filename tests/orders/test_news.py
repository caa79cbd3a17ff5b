"""Events of others: they use the same account of the provider, and may name anything."""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts import AT, consume, made
from tests.orders.cashier import Cashier


def tell(cashier: Cashier, kind: str, about: dict[str, Any]) -> None:
    """Receive an event, relay it and consume it."""
    event = {"id": f"evt_{about['id']}", "type": kind, "created": 1, "data": {"object": about}}
    assert cashier.webhook(event).status == 200
    cashier.act_on(f"WHK#{about['id']}")


@pytest.mark.parametrize(
    "payout_id", ["run-2026-11", "wdr_1", "wdr_" + "a" * 3000, "pay_" + "é" * 26, "pay_", "x"]
)
def test_a_transfer_without_our_id_is_ignored(cashier: Cashier, payout_id: str) -> None:
    number = abs(hash(payout_id)) % 10**9
    tell(cashier, "transfer.created", {"id": f"tr_x{number}", "metadata": {"payout_id": payout_id}})
    assert cashier.provider.calls == []


@pytest.mark.parametrize("payment_id", ["pay_" + "a" * 3000, "pay_1", "their-own", "ord_1"])
def test_a_payment_without_our_id_is_found_by_its_intent(cashier: Cashier, payment_id: str) -> None:
    order = cashier.service()
    intent_id = cashier.intent(order["id"])
    cashier.provider.pay(intent_id)
    about = {"id": intent_id, "metadata": {"payment_id": payment_id}}
    tell(cashier, "payment_intent.succeeded", about)
    assert cashier.show(order["id"])["status"] == "approved"


def test_an_intent_without_our_id_is_ignored(cashier: Cashier) -> None:
    made = cashier.provider.create_payment("pay_" + "a" * 3000, "ord_x", _yuan(), "card")
    tell(cashier, "payment_intent.succeeded", {"id": made.id, "metadata": {}})


def test_the_consumer_acknowledges_events_of_others(cashier: Cashier) -> None:
    for ours in ("run-2026-11", None):
        data = {"type": "transfer.created", "about": "tr_1", "intent": None, "ours": ours}
        consume(made("payment.news:tr_1:f:0", "payment.news", AT, data))
    assert cashier.provider.calls == []


def _yuan() -> Any:
    from chalicelib.kernel.money import Money

    return Money(100, "CNY")
