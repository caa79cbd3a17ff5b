"""Quoting and placing an order: stock, points, limit and order change together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat
from typing import NamedTuple

from chalicelib import catalog, ledger, members
from chalicelib.catalog.errors import NotOnSale, OutOfStock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.errors import FieldError, IdempotencyKeyReused, Invalid, JifenError, Words
from chalicelib.kernel.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import Cause
from chalicelib.orders import limits, rules
from chalicelib.orders.errors import AddressRequired, OrderExists
from chalicelib.orders.queries import find_order
from chalicelib.orders.rules import Booking, Line, Order, Step
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
    expected_points: int | None = None
    expected_cash: int = 0
    address_id: str | None = None
    booking: Booking | None = None


class Quote(NamedTuple):
    """What an order would cost: its lines, their points, and how many of them are missing."""

    kind: str
    lines: tuple[Line, ...]
    points: int
    missing_points: int


def quote(request: Request, now: datetime) -> Quote:
    """What it would cost today; nothing is written.

    Raises Invalid, NotOnSale, OutOfStock, LimitReached, MixedKinds, PriceChanged.
    """
    offers, lines = _terms(request, now, consistent=False)
    points = sum(line.points for line in lines)
    account = ledger.find_account(ledger.points_account(request.member_id))
    missing = max(0, points - account.available(to_ms(now)))
    return Quote(rules.one_kind([offer.kind for offer in offers]), lines, points, missing)


def place_order(
    request: Request, order_id: str, content: bytes, now: datetime
) -> tuple[Order, bool]:
    """Reserve stock, take points and record the order, or change nothing: (order, replayed).

    Raises Invalid, NotOnSale, OutOfStock, LimitReached, MixedKinds, PriceChanged,
    AddressRequired, InsufficientPoints, IdempotencyKeyReused.
    """
    consistent = chain([False], repeat(True))

    def write() -> Order:
        offers, lines = _terms(request, now, consistent=next(consistent))
        return _place(request, order_id, content, now, offers, lines)

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
    lines: tuple[Line, ...],
) -> Order:
    kind = rules.one_kind([offer.kind for offer in offers])
    account = ledger.find_account(ledger.points_account(request.member_id))
    status = rules.FIRST_STATUS[kind]
    order = Order(
        id=order_id, member_id=request.member_id, kind=kind, status=status, version=1,
        lines=lines, points=sum(line.points for line in lines), created_at_ms=to_ms(now),
        content=content, booking=_booking(request, kind, now),
        steps=(Step(status, to_ms(now), "member"),),
        address=_address(request, order_id) if kind == rules.PHYSICAL else None,
    )  # fmt: skip
    writes = WriteSet()
    writes.put_new(OrderItem.of(order), or_raise=OrderExists)
    for offer, line in zip(offers, lines, strict=True):
        catalog.reserve(writes, offer, line.quantity)
    limits.take(writes, request.member_id, lines)
    cause = Cause(order.reference, order.reference, order.created_at_ms)
    ledger.redeem(writes, account, order.points, cause, now)
    writes.commit()
    return order


def _terms(
    request: Request, now: datetime, *, consistent: bool
) -> tuple[list[catalog.Offer], tuple[Line, ...]]:
    """What is asked for, on today's terms; nobody is refused by a read that may be stale."""
    try:
        offers = _offers(request, consistent=consistent)
        return offers, _lines(request, offers, now)
    except JifenError:
        if consistent:
            raise
    return _terms(request, now, consistent=True)


def _offers(request: Request, *, consistent: bool) -> list[catalog.Offer]:
    found = catalog.find_offers([item.sku for item in request.items], consistent=consistent)
    for number, item in enumerate(request.items):
        if item.sku not in found:
            words = Words("没有这个 SKU", "no such SKU")
            raise Invalid(FieldError(f"items[{number}].sku", "unknown_sku", words))
    return [found[item.sku] for item in request.items]


def _lines(request: Request, offers: Sequence[catalog.Offer], now: datetime) -> tuple[Line, ...]:
    lines = tuple(
        Line(
            offer.sku, offer.product_id, offer.title.zh, offer.title.en, item.quantity,
            offer.points * item.quantity, offer.per_member,
        )
        for offer, item in zip(offers, request.items, strict=True)
    )  # fmt: skip
    per_order = {offer.product_id: offer.per_order for offer in offers}
    for offer, line in zip(offers, lines, strict=True):
        if not offer.on_sale(now):
            raise NotOnSale(sku=offer.sku)
        if offer.available < line.quantity:
            raise OutOfStock(sku=offer.sku)
    if offers[0].kind == rules.VIRTUAL:
        rules.check_codes(lines)
    for product_id, quantity in rules.by_product(lines).items():
        rules.check_per_order(product_id, quantity, per_order[product_id])
    points = sum(line.points for line in lines)
    if request.expected_points is not None:
        rules.check_expected(points, request.expected_points, request.expected_cash)
    if request.points is not None and request.points != points:
        words = Words(f"须全部以积分支付：{points}", f"these goods take exactly {points} points")
        raise Invalid(FieldError("points", "not_the_price", words))
    return lines


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
