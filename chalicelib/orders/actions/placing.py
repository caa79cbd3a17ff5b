"""Placing an order: stock, points, limit, cart and order change together or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import count
from typing import NamedTuple

from chalicelib import catalog, ledger, members, tiers
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.errors import (
    FieldError,
    IdempotencyKeyReused,
    Invalid,
    JifenError,
    Moved,
    Unavailable,
    Words,
)
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import Cause, InsufficientPoints
from chalicelib.orders import rules
from chalicelib.orders.actions import booking, discounts, freight, goods, limits, vouchers
from chalicelib.orders.actions.booking import Place, WantedPlace
from chalicelib.orders.actions.cart import take_from_cart
from chalicelib.orders.actions.freight import FindAddress
from chalicelib.orders.actions.goods import Buying
from chalicelib.orders.errors import OrderExists, OrderTooLarge, UnpaidOrdersLimitReached
from chalicelib.orders.queries.cart import want_cart
from chalicelib.orders.queries.orders import find_order, unpaid_orders
from chalicelib.orders.queries.tiers import FindTier, check_categories, check_tier, offer_to
from chalicelib.orders.rules import Order, OrderFreight, Step
from chalicelib.orders.rules.discounts import NOTHING
from chalicelib.orders.rules.quoting import Quote, Request, insufficient
from chalicelib.orders.tables import OrderItem

# Of the 100 of a transaction: what undoes an order writes a little more than what places it.
_MOST_WRITES = 95


class Seen(NamedTuple):
    """What was read for a request."""

    offers: list[catalog.Offer]
    account: ledger.Account
    wanted: WantedPlace
    find_tier: FindTier
    buying: Buying


def place_order(
    request: Request, order_id: str, content: bytes, now: datetime
) -> tuple[Order, bool]:
    """Reserve stock, take points and record the order, or change nothing: (order, replayed).

    The ledger holds the points while cash is due first.

    Raises Invalid, NotOnSale, TierRequired, OutOfStock, LimitReached, MixedKinds, PriceChanged,
    CashBelowMinimum, CashAboveMaximum, UnpaidOrdersLimitReached, AddressRequired,
    NotDeliveredThere, InsufficientPoints, IdempotencyKeyReused, and the refusals of a coupon.
    """
    tries = count()

    def write() -> Order:
        tried = next(tries)
        # Each try draws on another shard of the stock.
        placed = partial(_place, request, order_id, content, now, f"{order_id}{tried or ''}")
        if tried:
            return placed(consistent=True)
        try:
            return placed(consistent=False)
        except (Moved, OrderExists, Unavailable):
            raise
        except JifenError as refusal:
            if is_certain(refusal):
                raise
            # A refusal rests on a consistent read.
            return placed(consistent=True)

    def find() -> Order | None:
        order = find_order(order_id)
        if order and order.content != content:
            raise IdempotencyKeyReused()
        return order

    return replay_outranks_refusal(write, find)


def is_certain(refusal: JifenError) -> bool:
    """Whether a refusal rests on consistent reads already."""
    return isinstance(refusal, catalog.OutOfStock) and refusal.is_certain


def _place(
    request: Request, order_id: str, content: bytes, now: datetime, buyer: str, *, consistent: bool
) -> Order:
    reads = ReadSet()
    find_address = freight.want_address(reads, request)
    find_cart = want_cart(reads, request.member_id) if request.from_cart else None
    seen = look(reads, request, now, buyer, consistent=consistent)
    rules.one_kind([offer.kind for offer in seen.offers])
    place = booking.place_of(request, seen.offers, seen.wanted, now)
    booking.check_booked(place, seen.offers, now)
    delivery = freight.delivery_of(
        request, seen.offers, find_address, seen.find_tier, consistent=consistent
    )
    freight.check_delivered(delivery)
    quoted = goods.quote_of(
        request, seen.offers, seen.account.available(to_ms(now)), delivery, seen.buying, now
    )
    order = _new_order(request, order_id, content, now, quoted, place, find_address)
    if order.status == rules.AWAITING_PAYMENT:
        _check_unpaid(request.member_id, now)
    writes = WriteSet()
    writes.put_new(OrderItem.of(order), or_raise=OrderExists)
    for unit in quoted.goods.units:
        catalog.reserve(writes, unit.offer, unit.quantity, order_id)
    discounts.take(writes, order, quoted.discounts, seen.buying, now)
    limits.count(writes, request.member_id, order.lines, now)
    if find_cart is not None:
        take_from_cart(writes, find_cart(), [line.sku for line in order.lines])
    booking.take(writes, order, place.slot)
    vouchers.issue(writes, rules.AWAITING_PAYMENT, order)
    try:
        _take_points(writes, seen.account, order, now)
    except InsufficientPoints as refusal:
        raise insufficient(quoted, refusal.facts["missing_points"]) from refusal
    if len(writes) > _MOST_WRITES:
        raise OrderTooLarge()
    writes.commit()
    return order


def _take_points(writes: WriteSet, account: ledger.Account, order: Order, now: datetime) -> None:
    """Raises InsufficientPoints, AccountFrozen."""
    cause = Cause(order.reference, order.reference, order.created_at_ms)
    if order.points and order.was_held:
        ledger.hold_for_owner(writes, account, order.id, order.points, cause, now)
    elif order.points:
        ledger.redeem(writes, account, order.points, cause, now)


def _new_order(
    request: Request,
    order_id: str,
    content: bytes,
    now: datetime,
    quoted: Quote,
    place: Place,
    find_address: FindAddress,
) -> Order:
    kind = quoted.kind
    method = _method(request, kind) if quoted.cash else None
    status = rules.FIRST_STATUS[kind]
    if quoted.cash and method != rules.COD:
        status = rules.AWAITING_PAYMENT
    needs_address = kind == rules.PHYSICAL and place.store_id is None
    return Order(
        id=order_id,
        member_id=request.member_id,
        kind=kind,
        status=status,
        version=1,
        lines=quoted.lines,
        points=quoted.points,
        created_at_ms=to_ms(now),
        content=content,
        booking=place.booking,
        store_id=place.store_id,
        steps=(Step(status, to_ms(now), "member"),),
        address=_sealed(order_id, find_address()) if needs_address else None,
        cash=quoted.cash,
        currency=config().currency if quoted.cash else None,
        method=method,
        freight=OrderFreight(*quoted.freight) if any(quoted.freight) else None,
        note=encrypt(request.note.encode(), bound_to=order_id) if request.note else None,
        discounted=quoted.discounts != NOTHING,
    )


def _check_unpaid(member_id: str, now: datetime) -> None:
    """Refuse a member who has too many unpaid orders.

    It writes nothing: two orders placed at the same moment may both pass.

    Raises UnpaidOrdersLimitReached.
    """
    at_most = config().orders.unpaid_orders_at_most
    if unpaid_orders(member_id, to_ms(now) - rules.PAID_WITHIN_MS) >= at_most:
        raise UnpaidOrdersLimitReached(at_most=at_most)


def _method(request: Request, kind: str) -> str:
    is_brought = kind == rules.PHYSICAL and request.pickup_store_id is None
    if request.method == rules.COD and not is_brought:
        words = Words(
            "仅实物商品支持货到付款", "only goods that a carrier brings are paid on delivery"
        )
        raise Invalid(FieldError("payment_method", "not_for_this_kind", words))
    return request.method or "card"


def look(reads: ReadSet, request: Request, now: datetime, buyer: str, *, consistent: bool) -> Seen:
    """Read what a request is decided by, besides what `reads` has to read already.

    `buyer` chooses the shards of stock.
    """
    quantities = {item.sku: item.quantity for item in request.items}
    find_offers = catalog.want_offers(
        reads, list(quantities), consistent=consistent, quantities=quantities, buyer=buyer
    )
    find_account = ledger.want_account(reads, ledger.points_account(request.member_id))
    find_place = booking.want_place(reads, request, consistent=consistent)
    find_tier = tiers.want_tier(reads, request.member_id)
    find_buying = goods.want_buying(reads, request.member_id, request.coupon_id, find_tier)
    reads.read()
    offers = [offer_to(offer, find_tier, now) for offer in _offered(request, find_offers())]
    _check_offers(request, offers, find_tier, now)
    check_categories(offers, find_tier)
    return Seen(offers, find_account(), find_place(), find_tier, find_buying())


def _offered(request: Request, found: dict[str, catalog.Offer]) -> list[catalog.Offer]:
    for number, item in enumerate(request.items):
        if item.sku not in found:
            words = Words("没有这个 SKU", "no such SKU")
            raise Invalid(FieldError(f"items[{number}].sku", "unknown_sku", words))
    return [found[item.sku] for item in request.items]


def _check_offers(
    request: Request, offers: Sequence[catalog.Offer], find_tier: FindTier, now: datetime
) -> None:
    wanted: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for offer, item in zip(offers, request.items, strict=True):
        if not offer.on_sale(now):
            raise catalog.not_on_sale(offer, now)
        check_tier(offer, find_tier)
        if offer.available < item.quantity:
            raise catalog.sold_out(offer)
        wanted[offer.product_id] += item.quantity
        if offer.kind == rules.VIRTUAL:
            codes[offer.sku] += item.quantity
    if codes:
        first = next(offer for offer in offers if offer.sku in codes)
        _check_at_once(first, codes.total(), rules.most_codes(len(codes)))
    for offer in offers:
        _check_at_once(offer, wanted[offer.product_id], offer.per_order)


def _check_at_once(offer: catalog.Offer, quantity: int, limit: int | None) -> None:
    title = catalog.title_of(offer)
    rules.check_at_once(offer.product_id, title, quantity, limit, offer.per_member)


def _sealed(order_id: str, address: members.Address) -> bytes:
    return encrypt(address.encode(), bound_to=order_id)
