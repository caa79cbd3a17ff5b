"""The functions of payments have exactly the permissions that they use."""

from __future__ import annotations

from chalicelib.kernel import clock
from chalicelib.orders.actions import acts
from chalicelib.orders.queries.orders import get_order
from chalicelib.payments.queries.payments import refunds_of
from tests.api import new_key, token
from tests.conftest import Time
from tests.facts import consume
from tests.infra.payment_facts import fact_of, news_of
from tests.infra.permissions import Guard
from tests.orders.cashier import Cashier
from tests.orders.conftest import cashier, provider
from tests.orders.external_refunds import cash_of, late
from tests.orders.refunds import paid, units

__all__ = ["cashier", "provider"]


def test_functions_may_follow_an_order_through_payment_refund_and_dispute(
    guard: Guard, cashier: Cashier
) -> None:
    with guard.acting_as("APIHandler"):
        order = cashier.service(2, points=400)
        intent_id = cashier.intent(order["id"])
    cashier.provider.pay(intent_id)
    told = {"type": "payment_intent.succeeded", "about": intent_id, "intent": intent_id, "ours": ""}
    with guard.acting_as("SettlePayments"):
        consume(fact_of("payment.news", **told))
    assert cashier.show(order["id"])["status"] == "approved"
    with guard.acting_as("APIHandler"):
        body = {"reason": "x", "lines": [{"sku": order["lines"][0]["sku"], "quantity": 1}]}
        refund = cashier.refund(order["id"], body)
        assert refund.status == 201
        path = f"/v1/admin/orders/{order['id']}/settle"
        synced = cashier.api.post(path, None, as_=cashier.world.ops, key=new_key())
        assert synced.status == 200
        assert cashier.api.get("/v1/admin/refunds", as_=cashier.finance).status == 200
        found = cashier.api.get(f"/v1/admin/webhooks?object={intent_id}", as_=cashier.finance)
        assert found.status == 200
    cashier.provider.dispute(intent_id)
    with guard.acting_as("SettlePayments"):
        due = {"order_id": order["id"], "refund_id": refund.body["id"]}
        consume(fact_of("refund.due", **due))
        consume(fact_of("payment.news", **told))
    assert cashier.show(order["id"])["payment"]["status"] == "disputed"


def test_payments_may_record_an_external_refund(guard: Guard, cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    cashier.provider.down = True
    assert cashier.refund(order["id"], units(order, 3)).status == 201
    cashier.provider.down = False
    cashier.provider.refund_by_hand(intent_id, 500)
    with guard.acting_as("SettlePayments"):
        consume(news_of(intent_id))
        consume(news_of(intent_id))
    assert [refund.beyond for refund in get_order(order["id"]).refunds] == [0, 500]


def test_payments_may_owe_a_failed_external_refund_of_a_late_payment(
    guard: Guard, cashier: Cashier
) -> None:
    order, intent_id, there = late(cashier)
    cashier.provider.fail_refund(intent_id, there)
    with guard.acting_as("SettlePayments"):
        consume(news_of(intent_id))
    assert sum(refund.amount.amount for refund in refunds_of(order["id"])) == cash_of(order)


def test_the_sweep_may_time_out_orders_and_release_their_limits(
    guard: Guard, cashier: Cashier, time: Time
) -> None:
    sku = cashier.world.sku(
        kind="virtual",
        stock=3,
        limits={"per_member": 2},
        price={"points": 100, "cash": {"amount": 900, "currency": "CNY"}},
    )
    order = cashier.place(sku)
    cashier.intent(order["id"])
    time.advance(minutes=31)
    with guard.acting_as("SweepPayments"):
        cashier.sweep()
        cashier.sweep()
    assert cashier.show(order["id"])["payment"]["status"] == "cancelled"


def test_the_sweep_may_record_a_collection_of_a_carrier(
    guard: Guard, cashier: Cashier, time: Time
) -> None:
    cashier.world.address(cashier.member)
    order = cashier.place(cashier.sku(kind="physical"), payment_method="cod")
    for step in ("take", "approve", "ship"):
        body = {"carrier": "SF", "tracking_number": "SF1"} if step == "ship" else None
        path = f"/v1/admin/orders/{order['id']}/{step}"
        assert cashier.api.post(path, body, as_=cashier.world.ops, key=new_key()).status == 200
    time.advance(days=11)
    with guard.acting_as("SweepOrders"):
        assert acts.confirm_by_time(order["id"], clock.to_ms(clock.now()))
    with guard.acting_as("APIHandler"):
        body = {"orders": [order["id"]], "bank_reference": "SF-1"}
        brought = cashier.api.post(
            "/v1/admin/cod-remittances", body, as_=token("mbr_f", "finance"), key=new_key()
        )
        assert brought.status == 201
