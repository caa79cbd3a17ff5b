"""Coupons at a shop's own checkout: reserved, redeemed, released under the shop's id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib.coupons.actions.using import put_change
from chalicelib.coupons.errors import ReservationNotFound
from chalicelib.coupons.queries.coupons import find_coupon, with_code
from chalicelib.coupons.queries.templates import version_of
from chalicelib.coupons.queries.transfers import find_reservation
from chalicelib.coupons.rules.coupons import given_back, reserved_by, used_by
from chalicelib.coupons.rules.reservations import (
    LAPSED,
    REDEEMED,
    RESERVED,
    Reservation,
    ReservationStatus,
    SoldItem,
    ended,
    saved_by,
)
from chalicelib.coupons.tables.transfers import ReservationItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads


class Sale(NamedTuple):
    """A sale at a shop: its id there, its minor units, the digest of the request."""

    id: str
    amount: int
    items: Sequence[SoldItem]
    seconds: int
    content: bytes


def reserve_in_shop(code: str, sale: Sale, now: datetime) -> tuple[Reservation, bool]:
    """Reserve a coupon for a sale: (reservation, replayed).

    Raises CouponNotFound, CouponNotApplicable, CouponReserved, CouponUsed, CouponExpired,
    IdempotencyKeyReused.
    """

    def write() -> Reservation:
        now_ms = to_ms(now)
        coupon = with_code(code)
        template = version_of(coupon.template_id, coupon.template_version)
        made = Reservation(
            id=sale.id,
            coupon_id=coupon.id,
            status=RESERVED,
            saved=saved_by(template, coupon.terms, sale.amount, sale.items),
            created_at_ms=now_ms,
            expires_at_ms=to_ms(now + timedelta(seconds=sale.seconds)),
            content=sale.content,
        )
        writes = WriteSet()
        writes.put_new(ReservationItem.of(made), or_raise=Moved)
        after = reserved_by(coupon, made.holder, now_ms, made.expires_at_ms)
        put_change(writes, coupon, after)
        writes.commit()
        return made

    return replay_outranks_refusal(
        write, lambda: replay_of(find_reservation(sale.id), sale.content)
    )


def end_in_shop(
    code: str, reservation_id: str, status: ReservationStatus, now: datetime
) -> tuple[Reservation, bool]:
    """Redeem or release a reservation: (reservation, replayed).

    Raises CouponNotFound, ReservationNotFound, ReservationEnded.
    """

    def write() -> tuple[Reservation, bool]:
        seen = find_reservation(reservation_id)
        if seen is None or seen.coupon_id != with_code(code).id:
            raise ReservationNotFound()
        if seen.status == status:
            return seen, True
        after = ended(seen, status, to_ms(now))
        _end(seen, after, now)
        return after, False

    return with_fresh_reads(write)


def time_out(reservation_id: str, now: datetime) -> bool:
    """Write down that a reservation's time is over; whether it was done."""

    def write() -> bool:
        seen = find_reservation(reservation_id)
        if seen is None or seen.status != RESERVED or seen.status_at(to_ms(now)) == RESERVED:
            return False
        _end(seen, replace(seen, status=LAPSED), now)
        return True

    return with_fresh_reads(write)


def _end(seen: Reservation, after: Reservation, now: datetime) -> None:
    """Write the end of a reservation: its coupon is used, or its member has it back."""
    writes = WriteSet()
    same = ReservationItem.status == seen.status
    writes.put(ReservationItem.of(after), condition=same, or_raise=Moved)
    coupon = find_coupon(seen.coupon_id)
    if coupon is not None and coupon.holder == seen.holder:
        if after.status == REDEEMED:
            put_change(writes, coupon, used_by(coupon, seen.holder, to_ms(now)))
        elif (back := given_back(coupon, seen.holder)) is not None:
            put_change(writes, coupon, back)
    writes.commit()
