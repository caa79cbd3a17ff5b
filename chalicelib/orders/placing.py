"""Quoting and placing an order: stock, points, limit and order change together or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat
from typing import NamedTuple

from chalicelib import catalog, ledger, members
from chalicelib.catalog.errors import NotOnSale, OutOfStock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.errors import FieldError, IdempotencyKeyReused, Invalid, JifenError, Words
from chalicelib.kernel.money import Money
from chalicelib.kernel.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import Cause
from chalicelib.orders import limits, rules
from chalicelib.orders.errors import (
    AddressRequired,
    CashAboveMaximum,
    CashBelowMinimum,
    OrderExists,
    PriceChanged,
    UnpaidOrdersLimitReached,
)
from chalicelib.orders.queries import find_order, unpaid_orders
from chalicelib.orders.rules import Booking, Line, Order, Step, pricing
from chalicelib.orders.rules.pricing import Terms
from chalicelib.orders.tables import OrderItem


class Wanted(NamedTuple):
    """Some of one SKU, as the client asks for it."""

    sku: str
    quantity: int


@dataclass(frozen=True)
class Request:
    """What a member asks: SKUs are distinct; amounts are None where the client said nothing."""

    member_id: str
    items: Sequence[Wanted]
    points: int | None = None
    expected: tuple[int, Money | None] | None = None
    address_id: str | None = None
    booking: Booking | None = None
    method: str | None = None


class Quote(NamedTuple):
    """What an order would cost: its lines, their points and cash (minor units), and how many of
    the points are missing."""

    kind: str
    lines: tuple[Line, ...]
    points: int
    cash: int
    missing_points: int


def quote(request: Request, now: datetime) -> Quote:
    """What it would cost today; nothing is written.

    Raises Invalid, NotOnSale, OutOfStock, LimitReached, MixedKinds, PriceChanged,
    CashBelowMinimum, CashAboveMaximum.
    """
    offers = _terms(request, now, consistent=False)
    return _priced(request, offers, _account(request).available(to_ms(now)))


def place_order(
    request: Request, order_id: str, content: bytes, now: datetime
) -> tuple[Order, bool]:
    """Reserve stock, take points and record the order, or change nothing: (order, replayed).

    Where cash is due first, the points are held until it has come.

    Raises Invalid, NotOnSale, OutOfStock, LimitReached, MixedKinds, PriceChanged,
    CashBelowMinimum, CashAboveMaximum, UnpaidOrdersLimitReached, AddressRequired,
    InsufficientPoints, IdempotencyKeyReused.
    """
    consistent = chain([False], repeat(True))

    def write() -> Order:
        offers = _terms(request, now, consistent=next(consistent))
        return _place(request, order_id, content, now, offers)

    def find() -> Order | None:
        order = find_order(order_id)
        if order and order.content != content:
            raise IdempotencyKeyReused()
        return order

    return replay_outranks_refusal(write, find)


def _place(
    request: Request,
    order_id: str,
    content: bytes,
    now: datetime,
    offers: Sequence[catalog.Offer],
) -> Order:
    account = _account(request)
    priced = _priced(request, offers, account.available(to_ms(now)))
    order = _new_order(request, order_id, content, now, priced)
    if order.status == rules.AWAITING_PAYMENT:
        _check_unpaid(request.member_id, now)
    writes = WriteSet()
    writes.put_new(OrderItem.of(order), or_raise=OrderExists)
    for offer, line in zip(offers, order.lines, strict=True):
        catalog.reserve(writes, offer, line.quantity)
    limits.take(writes, request.member_id, order.lines)
    cause = Cause(order.reference, order.reference, order.created_at_ms)
    if order.points and order.was_held:
        ledger.hold_for_owner(writes, account, order.id, order.points, cause, now)
    elif order.points:
        ledger.redeem(writes, account, order.points, cause, now)
    writes.commit()
    return order


def _new_order(
    request: Request, order_id: str, content: bytes, now: datetime, priced: Quote
) -> Order:
    kind = priced.kind
    method = _method(request, kind) if priced.cash else None
    status = rules.FIRST_STATUS[kind]
    if priced.cash and method != rules.COD:
        status = rules.AWAITING_PAYMENT
    return Order(
        id=order_id, member_id=request.member_id, kind=kind, status=status, version=1,
        lines=priced.lines, points=priced.points, created_at_ms=to_ms(now),
        content=content, booking=_booking(request, kind, now),
        steps=(Step(status, to_ms(now), "member"),),
        address=_address(request, order_id) if kind == rules.PHYSICAL else None,
        cash=priced.cash, currency=config().currency if priced.cash else None, method=method,
    )  # fmt: skip


def _check_unpaid(member_id: str, now: datetime) -> None:
    """Refuse a member who holds stock by many orders that they do not pay.

    It reads, and writes nothing: two that are placed at the same moment may both pass.

    Raises UnpaidOrdersLimitReached.
    """
    at_most = config().unpaid_orders_at_most
    if unpaid_orders(member_id, to_ms(now) - rules.PAID_WITHIN_MS) >= at_most:
        raise UnpaidOrdersLimitReached(at_most=at_most)


def _account(request: Request) -> ledger.Account:
    return ledger.find_account(ledger.points_account(request.member_id))


def _priced(request: Request, offers: Sequence[catalog.Offer], available: int) -> Quote:
    """Today's terms with the points that the member offers, or else as many as there are.

    Raises Invalid, MixedKinds, PriceChanged, CashBelowMinimum, CashAboveMaximum.
    """
    kind = rules.one_kind([offer.kind for offer in offers])
    terms = [
        Terms(item.quantity, offer.points, offer.least_points, offer.cash, offer.cash_equivalent)
        for offer, item in zip(offers, request.items, strict=True)
    ]
    minimum = 0 if request.method == rules.COD else config().cash_minimum
    points = pricing.points_to_pay(terms, available, minimum)
    if request.points is not None:
        points = _offered(request.points, pricing.least_of(terms), pricing.most_of(terms))
    lines = tuple(
        _line(offer, each, paid)
        for offer, each, paid in zip(offers, terms, pricing.filled(terms, points), strict=True)
    )
    cash = sum(line.cash for line in lines)
    _check_expected(request, points, cash)
    if 0 < cash < minimum:
        raise CashBelowMinimum(minimum=minimum, cash=cash)
    if request.method != rules.COD and cash > config().cash_maximum:
        raise CashAboveMaximum(maximum=config().cash_maximum, cash=cash)
    return Quote(kind, lines, points, cash, max(0, points - available))


def _offered(points: int, least: int, most: int) -> int:
    if not least <= points <= most:
        words = Words(f"须在 {least} 至 {most} 之间", f"these goods take {least} to {most} points")
        raise Invalid(FieldError("points", "not_the_price", words))
    return points


def _check_expected(request: Request, points: int, cash: int) -> None:
    if request.expected is None:
        return
    expected_points, expected_cash = request.expected
    amount, currency = expected_cash.amount if expected_cash else 0, config().currency
    if (points, cash) != (expected_points, amount) or (
        expected_cash and amount and expected_cash.currency != currency
    ):
        raise PriceChanged(points=points, cash=cash, currency=currency)


def _line(offer: catalog.Offer, terms: Terms, paid: int) -> Line:
    return Line(
        offer.sku, offer.product_id, offer.title.zh, offer.title.en, terms.quantity, paid,
        offer.per_member, terms.cash_beside(paid),
        None if offer.cost is None else offer.cost * terms.quantity,
    )  # fmt: skip


def _method(request: Request, kind: str) -> str:
    if request.method == rules.COD and kind != rules.PHYSICAL:
        words = Words(
            "仅实物商品支持货到付款", "only goods that a carrier brings are paid on delivery"
        )
        raise Invalid(FieldError("payment_method", "not_for_this_kind", words))
    return request.method or "card"


def _terms(request: Request, now: datetime, *, consistent: bool) -> list[catalog.Offer]:
    """What is asked for, as it is on sale; nobody is refused by a read that may be stale."""
    try:
        offers = _offers(request, consistent=consistent)
        _check_offers(request, offers, now)
    except JifenError:
        if consistent:
            raise
    else:
        return offers
    return _terms(request, now, consistent=True)


def _offers(request: Request, *, consistent: bool) -> list[catalog.Offer]:
    found = catalog.find_offers([item.sku for item in request.items], consistent=consistent)
    for number, item in enumerate(request.items):
        if item.sku not in found:
            words = Words("没有这个 SKU", "no such SKU")
            raise Invalid(FieldError(f"items[{number}].sku", "unknown_sku", words))
    return [found[item.sku] for item in request.items]


def _check_offers(request: Request, offers: Sequence[catalog.Offer], now: datetime) -> None:
    wanted: Counter[str] = Counter()
    for offer, item in zip(offers, request.items, strict=True):
        if not offer.on_sale(now):
            raise NotOnSale(sku=offer.sku)
        if offer.available < item.quantity:
            raise OutOfStock(sku=offer.sku)
        wanted[offer.product_id] += item.quantity
    if offers[0].kind == rules.VIRTUAL:
        rules.check_codes(offers[0].product_id, wanted.total())
    for offer in offers:
        rules.check_per_order(offer.product_id, wanted[offer.product_id], offer.per_order)


def _address(request: Request, order_id: str) -> bytes:
    if request.address_id is None:
        address = members.default_address(request.member_id)
    else:
        address = members.find_address(request.member_id, request.address_id)
    if address is None and request.address_id is not None:
        words = Words("没有这个地址", "is not one of your addresses")
        raise Invalid(FieldError("address_id", "unknown_address", words))
    if address is None:
        raise AddressRequired()
    return encrypt(address.encode(), bound_to=order_id)


def _booking(request: Request, kind: str, now: datetime) -> Booking | None:
    if kind != rules.SERVICE:
        return None
    if request.booking is None or request.booking.at_ms <= to_ms(now):
        words = Words("请预约一个将来的时间", "a service is booked for a time to come")
        raise Invalid(FieldError("booking.at", "booking_required", words))
    return request.booking
