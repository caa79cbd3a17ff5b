"""Facts for tests, made of a type and plain data in their context's shape."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.kernel.store.facts import Fact, handle, read_fact
from chalicelib.orders.events import PAYMENTS
from infra.docs.facts import fact_kinds

AT = "2026-11-21T08:00:00Z"
CUP = {"zh-CN": "保温杯", "en": "Thermos cup"}


def fact_of(body: str) -> Fact[Any]:
    """The fact in a message of any type that is declared."""
    fact = read_fact(body, fact_kinds())
    assert fact is not None, body
    return fact


def made(fact_id: str, fact_type: str, at: str, data: dict[str, Any]) -> Fact[Any]:
    """A fact as its consumer reads it."""
    return fact_of(message(fact_id, fact_type, at, data))


def message(fact_id: str, fact_type: str, at: str, data: dict[str, Any]) -> str:
    return msgspec.json.encode(Fact(fact_id, fact_type, at, data)).decode()


def consume(fact: Fact[Any]) -> None:
    """Give a fact to the consumer of the payments queue, if it handles the type."""
    if type(fact.data) in PAYMENTS:
        handle(fact, PAYMENTS)


def order_data(**told: Any) -> dict[str, Any]:
    """The data of a fact of an order, with defaults for the fields that a test ignores."""
    return {
        "member_id": "mbr_1",
        "order_id": "ord_1",
        "status": "completed",
        "kind": "physical",
        "title": CUP,
        "lines": 1,
        "points": 800,
        "cash": 0,
        "currency": None,
        "unsettled": False,
        **told,
    }


def refund_data(**told: Any) -> dict[str, Any]:
    """The data of a fact of a refund of an order."""
    return order_data(**{"refund_id": "rfd_1", "order_status": "completed", "reason": None, **told})
