"""Why an order costs what it costs: what campaigns and a coupon took off the list price.

It is kept as it was when the order was placed. Cash is minor units of the order's currency.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from chalicelib.kernel.errors import Words

CAMPAIGN, COUPON = "campaign", "coupon"


class Share(msgspec.Struct, frozen=True, array_like=True):
    """What a discount took off a line, by its place in the order."""

    line: int
    points: int = 0
    cash: int = 0


class Discount(msgspec.Struct, frozen=True, array_like=True):
    """What one campaign or coupon gave, for a reason in the engine's words: `shares` of lines, and
    what it took off freight."""

    kind: str
    id: str
    version: int
    reason: str
    title_zh: str
    title_en: str
    shares: tuple[Share, ...] = ()
    freight_points: int = 0
    freight_cash: int = 0

    @property
    def title(self) -> Words:
        return Words(self.title_zh, self.title_en)

    @property
    def points(self) -> int:
        return self.freight_points + sum(share.points for share in self.shares)

    @property
    def cash(self) -> int:
        return self.freight_cash + sum(share.cash for share in self.shares)


class ListPrice(msgspec.Struct, frozen=True, array_like=True):
    """The price of a line without discounts: its points, and the cash beside all of them."""

    points: int = 0
    cash: int = 0


class Reserved(msgspec.Struct, frozen=True, array_like=True):
    """What an order took of a campaign's budget; it goes back when the order dies."""

    campaign_id: str
    points: int = 0
    cash: int = 0
    takers: int = 1


class OrderCoupon(msgspec.Struct, frozen=True, array_like=True):
    """The coupon of an order, its owner, and whether a return of everything gives it back."""

    id: str
    template_id: str
    member_id: str
    comes_back: bool = False


class Discounts(msgspec.Struct, frozen=True, array_like=True):
    """All of an order's discounts, the list price of each of its lines, and what goes back."""

    listed: tuple[ListPrice, ...] = ()
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


def in_force(discounts: Discounts) -> bool:
    """Whether there is anything to keep."""
    return bool(discounts.given or discounts.coupon or discounts.reserved)


def campaigns_of(discounts: Sequence[Discount]) -> list[Discount]:
    return [each for each in discounts if each.kind == CAMPAIGN]
