"""A purchase: what an order of a member is worth now, net of refunds.

Points are those paid, cash and cost minor units of the stage's currency.
"""

from __future__ import annotations

import msgspec

PAID, COMPLETED, UNDONE = "paid", "completed", "undone"


class Bought(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line: `left` of its `quantity` units have no refund; amounts are of these units.

    `category` and `brand` are those of the product when the order was first counted.
    """

    sku: str
    product_id: str
    quantity: int
    left: int
    points: int = 0
    cash: int = 0
    cost: int | None = None
    category: str | None = None
    brand: str | None = None


class Saved(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a campaign or a coupon saved, and which version of it. Of `promised` points that come
    back once the order is complete, `back` are those of units that have no refund."""

    id: str
    version: int = 1
    points: int = 0
    cash: int = 0
    template_id: str | None = None
    promised: int = 0
    back: int = 0


class Compared(msgspec.Struct, frozen=True, array_like=True):
    """A campaign with a hold-out whose audience the member was in; `held`: they were held out."""

    id: str
    held: bool


class Purchase(msgspec.Struct, frozen=True, omit_defaults=True):
    """An order that was paid, or needs no payment. `at_ms` is when that was decided.

    `state` is `paid`, `completed`, or `undone` when all of it went back. `compared` is as of when
    it was first counted.
    """

    order_id: str
    member_id: str
    version: int
    at_ms: int
    state: str
    kind: str
    lines: tuple[Bought, ...]
    points: int = 0
    cash: int = 0
    campaigns: tuple[Saved, ...] = ()
    coupon: Saved | None = None
    compared: tuple[Compared, ...] = ()
