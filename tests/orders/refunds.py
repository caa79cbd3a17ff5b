"""A paid order with refunds, and their states."""

from __future__ import annotations

from typing import Any

from tests.orders.cashier import Cashier


def paid(cashier: Cashier, quantity: int = 3, **other: Any) -> tuple[Any, str]:
    """A paid order of three units for 700 points and 14,850 minor units each, and its payment."""
    order = cashier.service(quantity, **other)
    return order, cashier.pay(order["id"])


def states(cashier: Cashier, order: Any) -> list[str]:
    """The states of an order's refunds, as its member and the staff see them."""
    mine = cashier.show(order["id"])["refunds"]
    listed = cashier.api.get("/v1/me/orders", as_=cashier.me).body["data"]
    assert [each["refunds"] for each in listed if each["id"] == order["id"]] == [mine]
    path = f"/v1/admin/orders/{order['id']}"
    assert cashier.api.get(path, as_=cashier.world.ops).body["refunds"] == mine
    return [each["status"] for each in mine]


def units(order: Any, quantity: int) -> Any:
    sku = order["lines"][0]["sku"]
    return {"reason": "破损", "lines": [{"sku": sku, "quantity": quantity}]}


def failed_refund(cashier: Cashier) -> tuple[Any, str]:
    """An order whose refund came back from the bank: the order, the refund's id."""
    order, intent_id = paid(cashier)
    made = cashier.refund(order["id"], units(order, 1))
    cashier.act_on(f"PAY#{order['id']}")
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    cashier.provider.fail_refund(intent_id, charge.refunds[0].id)
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    return order, made.body["id"]


def listed(cashier: Cashier, order_id: str, state: str = "failed") -> list[Any]:
    """Refunds of an order that finance has to handle."""
    rows = cashier.api.listed(f"/v1/admin/refunds?state={state}", as_=cashier.finance)
    return [each for each in rows if each["order_id"] == order_id]
