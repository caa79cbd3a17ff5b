"""A payment of an order, as we record it."""

from __future__ import annotations

import msgspec

from chalicelib.kernel.money import Money


class Payment(msgspec.Struct, frozen=True):
    """An order's one payment at the provider.

    `key` and `content` are digests of the call that made it. `by_hand` is the amount that our bank
    refunded, and `failed_there` the amount of failed external refunds that were handled, both in
    minor units. `version` rises with every decision on who refunds how much.
    """

    order_id: str
    intent_id: str
    amount: Money
    key: bytes
    content: bytes
    created_at_ms: int
    by_hand: int = 0
    failed_there: int = 0
    version: int = 0

    @property
    def id(self) -> str:
        return payment_id_of(self.order_id)


def payment_id_of(order_id: str) -> str:
    """`pay_…` of `ord_…`: an order has one payment, for good."""
    return "pay_" + order_id.removeprefix("ord_")


def order_id_of(payment_id: str) -> str:
    return "ord_" + payment_id.removeprefix("pay_")
