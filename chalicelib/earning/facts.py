"""Facts that earning hears of contexts above it, by their relays, and its own errands."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from chalicelib.kernel.store.facts import FactData


class ReviewShown(FactData, frozen=True):
    """The public can read a member's review."""

    TYPE: ClassVar[str] = "earning.review_shown"
    IS_INTERNAL: ClassVar[bool] = True

    member_id: str
    review_id: str


class OrderMoney(FactData, frozen=True):
    """The cash of a member's order of the mall: `paid` at `paid_at` (RFC 3339), of which `refunded`
    went back so far. Later facts of an order only tell more of it.

    `goods` are its lines by SKU, each as product, units and cash: `prd_… 2 3960`.
    """

    TYPE: ClassVar[str] = "earning.order_money"
    VERSION: ClassVar[int] = 2
    IS_INTERNAL: ClassVar[bool] = True

    member_id: str
    order_id: str
    paid_at: str
    paid: int
    refunded: int = 0
    goods: dict[str, str] = msgspec.field(default_factory=dict)


class ReplayUnfinished(FactData, frozen=True):
    """A replay must be continued."""

    TYPE: ClassVar[str] = "earning.replay"
    IS_INTERNAL: ClassVar[bool] = True

    job_id: str
    round: int
