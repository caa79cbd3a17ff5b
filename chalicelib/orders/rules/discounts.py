"""Why an order costs what it costs: what campaigns and a coupon took off the list price.

It is kept as it was when the order was placed. Cash is minor units of the order's currency.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from chalicelib.kernel.errors import Words

CAMPAIGN, COUPON = "campaign", "coupon"


class Share(msgspec.Struct, frozen=True, array_like=True):
    """What a discount took off a line, by its place in the order."""

    line: int
    points: int = 0
    cash: int = 0


class Discount(msgspec.Struct, frozen=True, array_like=True):
    """What one campaign or coupon gave; `reason` is its kind. `shares` are of lines, a gift's its
    list price. `back` are points by line that are given once the order is complete."""

    kind: str
    id: str
    version: int
    reason: str
    title_zh: str
    title_en: str
    shares: tuple[Share, ...] = ()
    freight_points: int = 0
    freight_cash: int = 0
    back: tuple[Share, ...] = ()

    @property
    def title(self) -> Words:
        return Words(self.title_zh, self.title_en)

    @property
    def points(self) -> int:
        return self.freight_points + sum(share.points for share in self.shares)

    @property
    def cash(self) -> int:
        return self.freight_cash + sum(share.cash for share in self.shares)


class Reserved(msgspec.Struct, frozen=True, array_like=True):
    """What an order took of a campaign's budget; it goes back when the order dies."""

    campaign_id: str
    version: int
    points: int = 0
    cash: int = 0


class OrderCoupon(msgspec.Struct, frozen=True, array_like=True):
    """The coupon of an order, its owner, and whether a return of everything gives it back."""

    id: str
    template_id: str
    member_id: str
    comes_back: bool = False


class Discounts(msgspec.Struct, frozen=True, array_like=True):
    """All of an order's discounts, and what goes back."""

    given: tuple[Discount, ...] = ()
    reserved: tuple[Reserved, ...] = ()
    coupon: OrderCoupon | None = None

    @property
    def of_coupon(self) -> Discount | None:
        return next((each for each in self.given if each.kind == COUPON), None)

    def of_line(self, line: int) -> Share:
        """What all discounts took off a line."""
        shares = list(self._shares(line))
        points, cash = (sum(getattr(each, name) for each in shares) for name in ("points", "cash"))
        return Share(line, points, cash)

    def _shares(self, line: int) -> Iterator[Share]:
        return (share for each in self.given for share in each.shares if share.line == line)


NOTHING = Discounts()
