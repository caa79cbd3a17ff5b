"""Goods on their way, and the acts of the staff on them."""

from __future__ import annotations

from typing import Any

from tests.api import Answer, new_key, token
from tests.orders.cashier import Cashier

PARCEL = {"carrier": "SF", "tracking_number": "SF1"}


def act(cashier: Cashier, order: Any, name: str, body: Any = None) -> Any:
    path = f"/v1/admin/orders/{order['id']}/{name}"
    return cashier.api.post(path, body, as_=cashier.world.ops, key=new_key())


REASON = {"reason": "拒收"}


class Parcel:
    """Two units on their way, 1,000 points and 1,980 minor units each, one member one order."""

    def __init__(self, cashier: Cashier, method: str = "cod") -> None:
        self.cashier = cashier
        cashier.world.address(cashier.member)
        self.sku = cashier.world.sku(
            kind="physical",
            stock=10,
            limits={"per_member": 2},
            price={"points": 1000, "cash": {"amount": 1980, "currency": "CNY"}},
        )
        self.order = cashier.place(self.sku, 2, payment_method=method)
        self.id = self.order["id"]
        if method != "cod":
            cashier.pay(self.id)

    def be(self, *steps: str) -> Parcel:
        for step in steps:
            done = act(self.cashier, self.order, step, PARCEL if step == "ship" else None)
            assert done.status == 200, done.body
        return self

    def shipped(self) -> Parcel:
        return self.be("take", "approve", "ship")

    def delivered(self) -> Parcel:
        return self.shipped().be("deliver")

    def come_back(self, body: Any = REASON, **other: Any) -> Answer:
        given = {"as_": token("mbr_ops", "ops"), "key": new_key(), **other}
        return self.cashier.api.post(f"/v1/admin/orders/{self.id}/uncollected", body, **given)

    def remit(self) -> Answer:
        body = {"orders": [self.id], "bank_reference": "SF-1"}
        path = "/v1/admin/cod-remittances"
        return self.cashier.api.post(path, body, as_=token("mbr_finance", "finance"), key=new_key())

    def by_hand(self) -> list[Any]:
        """Refunds for finance to pay from our bank."""
        finance = token("mbr_finance", "finance")
        rows = self.cashier.api.listed("/v1/admin/refunds?state=failed", as_=finance)
        return [each for each in rows if each["order_id"] == self.id]

    def audited(self) -> list[Any]:
        path = f"/v1/admin/audit?subject={self.id}"
        acts: list[Any] = self.cashier.api.get(path, as_=token("mbr_finance", "finance")).body[
            "data"
        ]
        return acts

    def stands(self) -> Any:
        """The state that a refusal must not change."""
        return (
            self.cashier.show(self.id),
            self.cashier.books(self.id),
            self.cashier.balance(),
            self.cashier.world.stock(self.sku),
            self.by_hand(),
            self.audited(),
        )
