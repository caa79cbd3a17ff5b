"""Quotes: the price of goods today, one for each kind of them. Nothing is written."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import JifenError, Unavailable
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import with_fresh_reads
from chalicelib.orders.actions import booking, freight, limits
from chalicelib.orders.actions.placing import is_certain, look
from chalicelib.orders.errors import AddressRequired
from chalicelib.orders.rules import PHYSICAL, VIRTUAL
from chalicelib.orders.rules.quoting import (
    NO_FREIGHT,
    Delivery,
    Quote,
    Request,
    by_kind,
    check_expected,
    priced,
)

_NO_ADDRESS = Delivery(None, has_address=False, is_free=False)


def quote(request: Request, now: datetime) -> list[Quote]:
    """Price a request at today's terms, within the member's limits: a quote for each kind of goods.

    The member's points fill the kinds in their order.

    Raises Invalid, NotOnSale, TierRequired, OutOfStock, LimitReached, PriceChanged,
    CashBelowMinimum, CashAboveMaximum, InsufficientPoints.
    """
    try:
        return _quote(request, now, consistent=False)
    except Unavailable:
        raise
    except JifenError as refusal:
        if is_certain(refusal):
            raise
        return with_fresh_reads(lambda: _quote(request, now, consistent=True))


def _quote(request: Request, now: datetime, *, consistent: bool) -> list[Quote]:
    reads = ReadSet()
    find_address = freight.find_address(request)
    seen = look(reads, request, now, request.member_id, consistent=consistent)
    left, quotes = seen.account.available(to_ms(now)), []
    parts = by_kind(request, seen.offers)
    for part, offers in parts:
        delivery = NO_FREIGHT
        if len(parts) == 1 or offers[0].kind != VIRTUAL:
            booking.place_of(part, offers, seen.wanted, now)
        if offers[0].kind == PHYSICAL:
            try:
                delivery = freight.delivery_of(
                    part, offers, find_address, seen.find_tier, consistent=consistent
                )
            except AddressRequired:
                delivery = _NO_ADDRESS
        quotes.append(priced(part, offers, left, delivery))
        left -= min(left, quotes[-1].points)
    if len(quotes) > 1:
        points, cash = (sum(getattr(each, name) for each in quotes) for name in ("points", "cash"))
        check_expected(request, points, cash)
    lines = [line for each in quotes for line in each.lines]
    limits.check(request.member_id, lines, now, consistent=consistent)
    return quotes
