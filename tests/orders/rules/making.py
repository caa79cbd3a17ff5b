"""Orders for tests of rules: three units of A for 100 points and 1,000 fen each, one of B."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chalicelib.orders.rules import Order, OrderAct, OrderLine, Step
from chalicelib.orders.rules.reviews import PENDING, Review

A = OrderLine("A", "prd_a", "杯子", "Cup", 3, 300, cash=3_000)
B = OrderLine("B", "prd_b", "书", "Book", 1, 50, cash=500)
PLACED_MS = 1_000
STATUSES = (
    "awaiting_payment",
    "awaiting_review",
    "in_review",
    "approved",
    "rejected",
    "shipped",
    "delivered",
    "completed",
    "cancelled",
)
# How goods of each way are ordered.
WAYS: dict[str, dict[str, str]] = {
    "physical": {"kind": "physical"},
    "pickup": {"kind": "physical", "store_id": "sto_1"},
    "virtual": {"kind": "virtual"},
    "service": {"kind": "service"},
}


def order(status: str = "approved", lines: tuple[OrderLine, ...] = (A, B), **other: Any) -> Order:
    given: dict[str, Any] = {
        "kind": "physical",
        "currency": "CNY",
        "method": "card",
        "paid": "ch_1",
        "cash": sum(line.cash for line in lines),
        "steps": (Step(status, PLACED_MS, "member"),),
    } | other
    kind = given.pop("kind")
    points = sum(line.points for line in lines)
    return Order("ord_1", "mbr_1", kind, status, 1, lines, points, PLACED_MS, b"", **given)


def act(name: str = "refund", at_ms: int = 2_000, **other: Any) -> OrderAct:
    return OrderAct(name, "staff", "mbr_ops", at_ms, **other)


def all_refunded(one: Order) -> Order:
    from msgspec.structs import replace as changed

    return replace(one, lines=tuple(changed(each, refunded=each.quantity) for each in one.lines))


def made_review(status: str = PENDING) -> Review:
    """A review in a state, without acts."""
    return Review(
        id="rvw_1",
        order_id="ord_1",
        product_id="prd_1",
        sku="CUP",
        title_zh="保温杯",
        title_en="Cup",
        member_id="mbr_1",
        author=None,
        rating=5,
        text="好",
        status=status,
        created_at_ms=1,
        made_by=b"k",
        content=b"c",
    )
