"""The delivery of an order's goods: its address, and freight by their templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from chalicelib import catalog, members
from chalicelib.catalog import Carried, Freight, Offer
from chalicelib.kernel.errors import FieldError, Invalid, Moved, Words
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.orders.errors import AddressRequired, NotDeliveredThere
from chalicelib.orders.queries.tiers import FindTier, is_freight_free
from chalicelib.orders.rules.quoting import NO_FREIGHT, Delivery, Request

FindAddress = Callable[[], members.Address]
_ABROAD = Words("境外地址", "an address abroad")


def want_address(reads: ReadSet, request: Request) -> FindAddress:
    """Want the requested address of a member, in a caller's `ReadSet`.

    Returns a function that gives it after `read`, or else the default one, which it reads when it
    is first asked. It raises Invalid for an unknown address, AddressRequired if there is none.
    """
    asked = request.address_id
    wanted = members.want_address(reads, request.member_id, asked) if asked is not None else None

    @cache
    def find() -> members.Address:
        if wanted is not None:
            address = wanted()
            if address is None:
                words = Words("没有这个地址", "is not one of your addresses")
                raise Invalid(FieldError("address_id", "unknown_address", words))
            return address
        address = members.default_address(request.member_id)
        if address is None:
            raise AddressRequired()
        return address

    return find


def find_address(request: Request) -> FindAddress:
    """As `want_address`, read when it is first asked: most quotes need none."""

    @cache
    def find() -> members.Address:
        reads = ReadSet()
        found = want_address(reads, request)
        if request.address_id is not None:
            reads.read()
        return found()

    return find


def delivery_of(
    request: Request,
    offers: Sequence[Offer],
    find_address: FindAddress,
    find_tier: FindTier,
    *,
    consistent: bool,
) -> Delivery:
    """The delivery of these goods; nothing is read for goods without a freight template.

    A tier that pays no freight gets no goods where they are not delivered.

    Raises Invalid, AddressRequired, and Moved if a template cannot be seen yet.
    """
    carried = _carried(request, offers) if request.pickup_store_id is None else {}
    if not carried:
        return NO_FREIGHT
    templates = catalog.find_templates(carried, consistent=consistent)
    if templates.keys() != carried.keys():
        raise Moved()
    address = find_address()
    province = catalog.province_of(address.country, address.province)
    is_free = is_freight_free(find_tier)
    tier = find_tier() if any(each.free.tiers for each in templates.values()) else None
    parts = [
        catalog.freight_of(templates[each], province, goods, tier)
        for each, goods in carried.items()
    ]
    if any(part is None for part in parts):
        reached = tuple(catalog.delivered_to(templates.values()))
        return Delivery(None, province=province, delivers_to=reached, is_free=False)
    if is_free:
        return Delivery(Freight(0, 0), province=province, is_free=False)
    known = [part for part in parts if part is not None]
    freight = Freight(sum(part.points for part in known), sum(part.cash for part in known))
    return Delivery(freight, province=province, is_free=False)


def check_delivered(delivery: Delivery) -> None:
    """Raises NotDeliveredThere."""
    if delivery.freight is None:
        place = delivery.province
        where = Words(place, place) if place else _ABROAD
        reached = list(delivery.delivers_to)
        raise NotDeliveredThere(delivers_to=reached).telling(province=where)


def _carried(request: Request, offers: Sequence[Offer]) -> dict[str, Carried]:
    """The goods of each freight template, by its id."""
    carried: dict[str, Carried] = {}
    for offer, item in zip(offers, request.items, strict=True):
        if offer.freight is None:
            continue
        units = item.quantity
        more = Carried((offer.grams or 0) * units, units, offer.points * units, offer.cash * units)
        carried[offer.freight] = carried.get(offer.freight, Carried()) + more
    return carried
