"""External refunds: orders, acts on them, figures."""

from __future__ import annotations

from typing import Any

from chalicelib.payments.rules.journal import FEES, PROVIDER
from tests.api import Answer, new_key, token
from tests.orders.cashier import Cashier
from tests.orders.refunds import listed
from tests.payments.fake_gateway import charge_fee


def close(
    cashier: Cashier, order_id: str, refund_id: str, act: str, body: Any = None, **other: Any
) -> Answer:
    """An act of finance on a failed refund."""
    given = {"as_": token("mbr_finance", "finance"), "key": new_key(), **other}
    bodies = {"paid-by-hand": {"bank_reference": "ICBC-42"}, "waive": {"reason": "拒付已退"}}
    path = f"/v1/admin/orders/{order_id}/refunds/{refund_id}/{act}"
    return cashier.api.post(path, bodies.get(act) if body is None else body, **given)


def cash_of(order: Any) -> int:
    amount: int = order["cash"]["amount"]
    return amount


def stands(cashier: Cashier, order_id: str) -> Any:
    """The state that a refusal must not change."""
    return (
        cashier.show(order_id),
        cashier.books(order_id),
        cashier.balance(),
        listed(cashier, order_id),
    )


THERE = 500


def reviewed(cashier: Cashier, *, is_taken: bool = False) -> tuple[Any, str]:
    """A paid order of goods that waits for its review, or is in it, and its payment."""
    cashier.world.address(cashier.member)
    order = cashier.place(cashier.sku(kind="physical"), points=400)
    intent_id = cashier.pay(order["id"])
    if is_taken:
        path = f"/v1/admin/orders/{order['id']}/take"
        assert cashier.api.post(path, None, as_=cashier.world.ops, key=new_key()).status == 200
    return order, intent_id


def cancel(cashier: Cashier, order_id: str, **other: Any) -> Answer:
    given = {"as_": cashier.me, "key": new_key(), **other}
    return cashier.api.post(f"/v1/orders/{order_id}/cancel", None, **given)


def reject(cashier: Cashier, order_id: str) -> Answer:
    path, body = f"/v1/admin/orders/{order_id}/reject", {"reason": "地址无法送达"}
    return cashier.api.post(path, body, as_=cashier.world.ops, key=new_key())


def shown(cashier: Cashier, order: Any) -> list[tuple[int, str]]:
    """The cash and the state of each refund that the member sees."""
    refunds = cashier.show(order["id"])["refunds"]
    return [(each["cash"]["amount"], each["status"]) for each in refunds]


def fees_only(order: Any, fees: int = 0) -> dict[str, int]:
    """The books of an order that hold only the costs of its payment."""
    cost = charge_fee(cash_of(order)) + fees
    return {FEES: cost, PROVIDER: -cost}


def too_large(cashier: Cashier) -> tuple[Any, str, str]:
    """An order that was cancelled while the provider was silent, after somebody had given back a
    part of it there: the order, its payment, the refund, which the provider has refused."""
    order, intent_id = reviewed(cashier)
    cashier.provider.refund_by_hand(intent_id, THERE)
    cashier.provider.down = True
    assert cancel(cashier, order["id"]).status == 200
    cashier.provider.down = False
    cashier.act_on(f"PAY#{order['id']}")
    (failed,) = listed(cashier, order["id"])
    assert failed["failure"] == "amount_too_large"
    assert failed["amount"]["amount"] == cash_of(order)
    return order, intent_id, failed["id"]


def fail_there(cashier: Cashier, order: Any, intent_id: str, refund_id: str) -> None:
    """The bank returns a refund, and its webhook comes twice."""
    cashier.provider.fail_refund(intent_id, refund_id)
    for _ in "12":
        cashier.tell(order["id"], intent_id, "charge.refund.updated")


def pay_the_rest(cashier: Cashier, order: Any, refund_id: str, act: str) -> Answer:
    body = {"bank_reference": "B", "amount": cash_of(order) - THERE}
    return close(cashier, order["id"], refund_id, act, body if act == "paid-by-hand" else None)


def late(cashier: Cashier) -> tuple[Any, str, str]:
    """A payment that came for a cancelled order, of which somebody had given back a part there
    before we heard of it: the order, the payment, that refund."""
    order = cashier.service(points=400)
    intent_id = cashier.intent(order["id"])
    assert cancel(cashier, order["id"]).status == 200
    cashier.provider.pay(intent_id)
    there = cashier.provider.refund_by_hand(intent_id, THERE).id
    cashier.tell(order["id"], intent_id)
    return order, intent_id, there
