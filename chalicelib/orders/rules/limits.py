"""The limits of one order, and of a product for one member in all, in a day and in a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from chalicelib.kernel.clock import program_day
from chalicelib.kernel.errors import Words
from chalicelib.orders.errors import (
    IN_A_DAY,
    IN_A_MONTH,
    ONE_ORDER,
    TAKEN,
    TAKEN_THIS_MONTH,
    TAKEN_TODAY,
    LimitReached,
)
from chalicelib.orders.rules.orders import OrderLine

Period = Literal["life", "day", "month"]
# What a refusal says where nothing was taken, and where something was.
_SAID: dict[Period, tuple[Words | None, Words]] = {
    "life": (None, TAKEN),
    "day": (IN_A_DAY, TAKEN_TODAY),
    "month": (IN_A_MONTH, TAKEN_THIS_MONTH),
}


class Limited(NamedTuple):
    """The most units of a product for one member in a period."""

    product_id: str
    title: Words
    period: Period
    limit: int

    def refusal(self, taken: int = 0) -> LimitReached:
        """The refusal of more; `taken` units were had before."""
        refusal = LimitReached(product_id=self.product_id, limit=self.limit).telling(
            title=self.title, taken=taken
        )
        said = _SAID[self.period][1 if taken else 0]
        return refusal if said is None else refusal.saying(said)


def limits_of(line: OrderLine) -> Iterator[Limited]:
    """The limits by which units of a line are counted."""
    limits: dict[Period, int | None] = {
        "life": line.per_member,
        "day": line.per_day,
        "month": line.per_month,
    }
    for period, limit in limits.items():
        if limit is not None:
            yield Limited(line.product_id, line.title, period, limit)


def period_of(period: Period, placed_at: datetime) -> str | None:
    """The day or month of the program that an order counts in: `DAY#2026-11-30`; None for all
    time."""
    day = program_day(placed_at)
    return {"life": None, "day": f"DAY#{day:%Y-%m-%d}", "month": f"MONTH#{day:%Y-%m}"}[period]


# Each code takes two of the 100 writes of a transaction; the order and each of its SKUs one.
_MOST_CODES, _CODE_WRITES = 40, 99


def most_codes(skus: int) -> int:
    """The most codes that one order may have over so many SKUs."""
    return min(_MOST_CODES, (_CODE_WRITES - skus) // 2)


def check_at_once(
    product_id: str, title: Words, quantity: int, limit: int | None, per_member: int | None
) -> None:
    """Check the quantity of a product against the limit of one order.

    The refusal suggests another order, unless the member's own limit is lower.

    Raises LimitReached.
    """
    if limit is None or quantity <= limit:
        return
    refusal = LimitReached(product_id=product_id, limit=limit).telling(title=title)
    if per_member is not None and quantity > per_member:
        raise refusal.telling(limit=min(limit, per_member))
    raise refusal.saying(ONE_ORDER)
