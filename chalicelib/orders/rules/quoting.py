"""Quotes: the price of goods today, or the nearest one that the member can pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from chalicelib.catalog import Freight, Offer
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.money import Money
from chalicelib.ledger import InsufficientPoints
from chalicelib.orders import rules
from chalicelib.orders.errors import CashAboveMaximum, CashBelowMinimum, PriceChanged
from chalicelib.orders.rules import Booking, OrderLine, pricing
from chalicelib.orders.rules.choices import Charge, Choices, Pair, choices_of, default_points
from chalicelib.orders.rules.discounts import NOTHING, Discounts, OrderCoupon
from chalicelib.orders.rules.goods import NO_GOODS, Goods, discounts_of, listed, order_lines
from chalicelib.orders.rules.pricing import of_units
from chalicelib.orders.rules.words import price_words


class Wanted(NamedTuple):
    """A requested quantity of one SKU."""

    sku: str
    quantity: int


class Request(msgspec.Struct, frozen=True):
    """A request of a member: SKUs are distinct; None where the client gave nothing."""

    member_id: str
    items: Sequence[Wanted]
    points: int | None = None
    expected: tuple[int, Money | None] | None = None
    address_id: str | None = None
    booking: Booking | None = None
    method: str | None = None
    slot_id: str | None = None
    pickup_store_id: str | None = None
    note: str | None = None
    from_cart: bool = False
    coupon_id: str | None = None


class Delivery(NamedTuple):
    """The delivery of goods to an address, by their freight templates.

    `freight` is None if they are not delivered there, or there is no address yet; `delivers_to`
    are the provinces that have all of them. `is_free`: the goods have no template.
    """

    freight: Freight | None = Freight()
    has_address: bool = True
    province: str | None = None
    delivers_to: tuple[str, ...] = ()
    is_free: bool = True


NO_FREIGHT = Delivery()


class Quote(NamedTuple):
    """The price of an order: lines, points, cash (minor units) and the number of missing points.
    `instead` are prices within the member's points, `payable` all points that can pay. Points and
    cash include the freight of its `delivery`, if that is known. `goods` are those of its
    lines, gifts among them, and `discounts` what lowered its price."""

    kind: str
    lines: tuple[OrderLine, ...]
    points: int
    cash: int
    missing_points: int
    instead: tuple[Pair, ...] = ()
    payable: tuple[range, ...] = ()
    delivery: Delivery = NO_FREIGHT
    goods: Goods = NO_GOODS
    discounts: Discounts = NOTHING

    @property
    def freight(self) -> Freight:
        return self.delivery.freight or Freight()


def by_kind(request: Request, offers: Sequence[Offer]) -> list[tuple[Request, Sequence[Offer]]]:
    """The request in parts, one for each kind of goods, each with its offers. A booking is the
    services' if there are any.

    Raises Invalid if it has several and says how many points it takes.
    """
    kinds = dict.fromkeys(offer.kind for offer in offers)
    if len(kinds) == 1:
        return [(request, offers)]
    if request.points is not None:
        words = Words("多种类型的商品请分别填写积分", "is asked for each kind of goods apart")
        raise Invalid(FieldError("points", "several_kinds", words))
    parts: list[tuple[Request, Sequence[Offer]]] = []
    for kind in kinds:
        some = [pair for pair in zip(request.items, offers, strict=True) if pair[1].kind == kind]
        method = None if request.method == rules.COD and kind != rules.PHYSICAL else request.method
        booking = request.booking if kind == rules.SERVICE or rules.SERVICE not in kinds else None
        part = replace(
            request,
            items=[item for item, _ in some],
            expected=None,
            method=method,
            booking=booking,
        )
        parts.append((part, [offer for _, offer in some]))
    return parts


def priced(
    request: Request,
    offers: Sequence[Offer],
    available: int,
    delivery: Delivery = NO_FREIGHT,
    goods: Goods | None = None,
    coupon: OrderCoupon | None = None,
) -> Quote:
    """A quote at today's terms, with the requested points, or else as many as the member has.

    `goods` have the terms that campaigns and the coupon leave; without, they are the list's.

    Raises Invalid, MixedKinds, PriceChanged, CashBelowMinimum, CashAboveMaximum,
    InsufficientPoints.
    """
    kind = rules.one_kind([offer.kind for offer in offers])
    goods = goods or _listed(request, offers, delivery)
    freight = goods.priced.freight
    choices = choices_of(goods.terms, _charge(request.method), goods.priced.plan)
    points = _points_of(request.points, choices, available)
    settled = goods.priced.settle(points - freight.points)
    cash = settled.cash + freight.cash
    check_expected(request, points, cash)
    if points not in choices:
        otherwise = "split" if _splits(request, offers) else "none"
        raise _not_chargeable(Pair(points, cash), kind, choices, available, otherwise)
    missing = max(0, points - available)
    return Quote(
        kind,
        order_lines(goods, settled),
        points,
        cash,
        missing,
        choices.near(points, available) if missing else (),
        tuple(choices.runs),
        delivery if delivery.freight is None else delivery._replace(freight=freight),
        goods,
        discounts_of(goods, settled, coupon),
    )


def _listed(request: Request, offers: Sequence[Offer], delivery: Delivery) -> Goods:
    quantities = [item.quantity for item in request.items]
    return listed(offers, quantities, delivery.freight or Freight())


def insufficient(quote: Quote, missing: int) -> InsufficientPoints:
    """The refusal of an order above the member's points."""
    return _insufficient(missing, Pair(quote.points, quote.cash), quote.instead)


def _charge(method: str | None) -> Charge:
    if method == rules.COD:
        return Charge(0, None)
    return Charge(config().payments.cash_minimum, config().payments.cash_maximum)


def _points_of(points: int | None, choices: Choices, available: int) -> int:
    if points is None:
        return default_points(choices, available)
    least, most = pricing.least_of(choices.lines), pricing.most_of(choices.lines)
    if not least <= points <= most:
        runs = choices.runs or [range(least, most + 1)]
        zh = "，或 ".join(_run(run, " 至 ") for run in runs)
        en = ", or ".join(_run(run, " to ") for run in runs)
        words = Words(f"可使用 {zh} 积分", f"these goods take {en} points")
        raise Invalid(FieldError("points", "not_the_price", words))
    return points


def _run(run: range, to: str) -> str:
    return f"{run[0]}{to}{run[-1]}" if len(run) > 1 else str(run[0])


def _not_chargeable(
    asked: Pair, kind: str, choices: Choices, available: int, otherwise: str
) -> CashBelowMinimum | CashAboveMaximum | InsufficientPoints:
    """The refusal of cash that cannot be charged, with the nearest prices that can, or the way
    `otherwise` out of a charge that is too large."""
    instead = choices.near(asked.points, available)
    if not instead and choices.fewest is not None:
        return _insufficient(choices.fewest - available, choices.pair(choices.fewest), ())
    shown = [_shown(pair) for pair in instead]
    minimum, maximum = config().payments.cash_minimum, config().payments.cash_maximum
    if asked.cash > maximum:
        return CashAboveMaximum(maximum=maximum, cash=asked.cash, points_options=shown).telling(
            way=_way_out(instead, kind, otherwise)
        )
    return CashBelowMinimum(minimum=minimum, cash=asked.cash, points_options=shown).telling(
        way=_way_out(instead, kind, "join")
    )


def _splits(request: Request, offers: Sequence[Offer]) -> bool:
    """Whether an order for each unit could be paid."""
    units = sum(item.quantity for item in request.items)
    prices = (
        of_units(1, each.points, each.least_points, each.cash, each.cash_equivalent)
        for each in offers
    )
    each = (choices_of([price], _charge(None)) for price in prices)
    return units > 1 and all(choices.runs for choices in each)


_WAYS = {
    "cod": Words("可选择货到付款", "pay on delivery instead"),
    "split": Words("请拆分下单", "order in parts"),
    "join": Words(
        "请增加数量，或与其他商品一起下单", "order more of it, or other goods together with it"
    ),
    "none": Words("暂不支持在线支付", "it cannot be paid online"),
}


def _way_out(instead: Sequence[Pair], kind: str, otherwise: str) -> Words:
    if instead:
        return _pay(instead)
    by_carrier = kind == rules.PHYSICAL and otherwise != "split"
    return _WAYS["cod" if by_carrier else otherwise]


def _pay(instead: Sequence[Pair]) -> Words:
    named = [price_words(pair, config().currency) for pair in instead]
    zh, en = "，或 ".join(each.zh for each in named), ", or ".join(each.en for each in named)
    return Words(f"可使用 {zh}", f"pay {en}")


def _insufficient(missing: int, needed: Pair, instead: Sequence[Pair]) -> InsufficientPoints:
    """The refusal: `missing` points for the price `needed`; `instead` can be paid now."""
    refusal = InsufficientPoints(
        missing_points=missing,
        needed=_shown(needed),
        points_options=[_shown(pair) for pair in instead],
    ).telling(needed=price_words(needed, config().currency))
    if not instead:
        return refusal.saying(
            Words(
                "需要 {needed}，还差 {missing_points} 积分",
                "It takes {needed}: {missing_points} more than you have",
            )
        )
    return refusal.telling(way=_pay(instead)).saying(
        Words(
            "需要 {needed}，还差 {missing_points} 积分；{way}",
            "It takes {needed}: {missing_points} more than you have; or {way}",
        )
    )


def _shown(pair: Pair) -> dict[str, int | Money]:
    return {"points": pair.points, "cash": Money(pair.cash, config().currency)}


def check_expected(request: Request, points: int, cash: int) -> None:
    """Check today's price against the one that the client shows.

    Raises PriceChanged.
    """
    if request.expected is None:
        return
    expected_points, expected_cash = request.expected
    amount, currency = expected_cash.amount if expected_cash else 0, config().currency
    if (points, cash) != (expected_points, amount) or (
        expected_cash and amount and expected_cash.currency != currency
    ):
        price = price_words(Pair(points, cash), currency)
        raise PriceChanged(points=points, cash=cash, currency=currency).telling(price=price)
