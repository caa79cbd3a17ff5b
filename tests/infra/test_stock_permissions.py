"""Stock checks and the end of a dispute make only calls that their policies allow."""

from __future__ import annotations

import pytest

from chalicelib.kernel import clock
from chalicelib.orders import events as orders_events
from chalicelib.orders.actions import stock
from chalicelib.orders.actions.codes import hand_out_codes
from infra.local import schedules
from tests.facts import consume
from tests.infra.payment_facts import AT, news_of
from tests.infra.permissions import Guard
from tests.orders.cashier import Cashier
from tests.orders.conftest import cashier, provider
from tests.orders.limited_goods import left, placed

__all__ = ["cashier", "provider"]


def test_operators_may_verify_stock(
    guard: Guard, cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "PAUSE_S", 0)
    monkeypatch.setattr(stock, "TOLD_WITHIN_S", 0)
    order = placed(cashier, "virtual")
    sku = order["lines"][0]["sku"]
    monkeypatch.setattr(
        stock.catalog,
        "virtual_skus",
        lambda real=stock.catalog.virtual_skus: [each for each in real() if each == sku],
    )
    monkeypatch.setattr(
        stock.catalog,
        "all_skus",
        lambda real=stock.catalog.all_skus: [each for each in real() if each == sku],
    )
    with guard.acting_as("VerifyStock"):
        proven = orders_events.verify_stock(schedules.event("verify_stock", AT), None)
    assert proven == {"pools": 1, "skus": 1, "movements": 0, "problems": 0}
    assert ("dynamodb:BatchGetItem", "OrdersTable.Arn") in guard.seen


def test_payments_may_return_goods_of_a_lost_dispute_and_take_them_again(
    guard: Guard, cashier: Cashier
) -> None:
    order = placed(cashier, "virtual")
    dispute = cashier.provider.dispute(order["intent"])
    cashier.provider.lose(order["intent"], dispute.id)
    with guard.acting_as("SettlePayments"):
        consume(news_of(order["intent"]))
    assert left(cashier, order) == 10
    cashier.provider.win(order["intent"], dispute.id)
    with guard.acting_as("SettlePayments"):
        consume(news_of(order["intent"]))
    with guard.acting_as("FulfilOrders"):
        hand_out_codes(order["id"], clock.to_ms(clock.now()))
    assert left(cashier, order) == 7
