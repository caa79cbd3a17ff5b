"""Paid orders and their invoices, for tests."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from chalicelib.finance.events.invoices import mark_invoices
from chalicelib.kernel import clock, ids
from chalicelib.orders.queries.orders import find_order
from chalicelib.orders.rules import Order, OrderLine, Refund, Step
from chalicelib.orders.tables import OrderItem
from tests.api import Answer, Api, new_key, token
from tests.facts import refund_data

COMPANY = {
    "kind": "company",
    "title": "上海示例科技有限公司",
    "tax_number": "91350100M000100Y43",
    "email": "fapiao@example.com",
}
PERSONAL = {"kind": "personal", "title": "李雷", "email": "lilei@example.com"}
ADMIN = "/v1/admin/invoices"


class Invoicing:
    """A member with orders, finance, and the refunds between them."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.member = ids.new_id("mbr")
        self.finance = token(ids.new_id("mbr"), "finance")

    @property
    def me(self) -> str:
        return token(self.member)

    def order(self, cash: int = 1980, **other: Any) -> str:
        """The id of a completed order that was paid in cash."""
        now_ms = clock.to_ms(clock.now())
        line = OrderLine("CUP", "prd_1", "保温杯", "Cup", 1, 800, cash=cash)
        wanted: dict[str, Any] = {
            "id": ids.new_id("ord"),
            "member_id": self.member,
            "kind": "physical",
            "status": "completed",
            "version": 1,
            "lines": (line,),
            "points": 800,
            "created_at_ms": now_ms,
            "content": b"c",
            "steps": (Step("completed", 1, "member"),),
            "cash": cash,
            "currency": "CNY",
            "method": "card",
            "paid": "charge:ch_1",
        }
        made = Order(**{**wanted, **other})
        put(made)
        return made.id

    def refund(self, order_id: str, cash: int) -> dict[str, Any]:
        """Refund an amount of an order's cash; returns the published fact."""
        order = find_order(order_id)
        assert order is not None
        made = Refund(ids.new_id("rfd"), 0, cash, 1, b"c")
        put(replace(order, refunds=(*order.refunds, made), version=order.version + 1))
        data = refund_data(order_id=order_id, refund_id=made.id, points=0, cash=cash)
        return {
            "id": f"order.refunded:{made.id}",
            "type": "order.refunded",
            "occurred_at": "2026-11-21T08:00:00Z",
            "data": data,
        }

    def ask(
        self, order_id: str, body: Any = COMPANY, key: str | None = None, as_: str | None = None
    ) -> Answer:
        path = f"/v1/orders/{order_id}/invoice"
        return self.api.post(path, body, as_=as_ or self.me, key=key or new_key())

    def asked(self, order_id: str) -> str:
        made = self.ask(order_id)
        assert made.status == 201, made.body
        invoice_id: str = made.body["id"]
        return invoice_id

    def show(self, order_id: str) -> Any:
        return self.api.get(f"/v1/orders/{order_id}/invoice", as_=self.me).body

    def act(self, invoice_id: str, name: str, number: Any, key: str | None = None) -> Answer:
        path = f"{ADMIN}/{invoice_id}/{name}"
        return self.api.post(path, {"number": number}, as_=self.finance, key=key or new_key())

    def views(self, status: str) -> list[Any]:
        """My invoices in a state, as finance's list shows them."""
        rows = self.api.listed(f"{ADMIN}?status={status}", as_=self.finance)
        return [each for each in rows if each["member_id"] == self.member]

    def listed(self, status: str) -> list[str]:
        return [each["id"] for each in self.views(status)]


def put(order: Order) -> None:
    OrderItem.of(order).save()


def tell(*facts: dict[str, Any]) -> None:
    """Hand facts to the consumer, as its queue does."""
    records = [{"messageId": new_key(), "body": json.dumps(fact)} for fact in facts]
    answer = mark_invoices({"Records": records}, None)
    assert answer == {"batchItemFailures": []}


def number() -> str:
    """An invoice number that no other test has."""
    return f"{int(new_key(), 16) % 10**20:020d}"
