"""The items of gifts and of shops' reservations.

pk TRF#<transfer>            sk TRF  a gift; one that waits is in the list of its claimant
pk RSV#<partner>:<reference> sk RSV  a reservation by a shop's checkout
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.coupons.rules.reservations import Reservation
from chalicelib.coupons.rules.transfers import WAITING, CouponTransfer
from chalicelib.coupons.tables.coupons import due_s
from chalicelib.coupons.tables.items import CouponsItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute

TRANSFER, RESERVATION = "TRF", "RSV"
DUE_GIFTS, DUE_RESERVATIONS = "GIFTS#0", "RESERVATIONS#0"
# A gift whose friend registered while it was written is found by the next sweep.
_LOOKED_AT_AFTER_MS = 60_000


class TransferItem(CouponsItem):
    coupon_id = UnicodeAttribute()
    sender = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = IntegerAttribute()
    content = BytesAttribute()
    receiver = UnicodeAttribute(null=True)
    claimant = UnicodeAttribute(null=True)
    expires_at = IntegerAttribute(null=True)

    @classmethod
    def of(cls, transfer: CouponTransfer, due_ms: int | None = None) -> TransferItem:
        beside: dict[str, Any] = {}
        if transfer.status == WAITING:
            first_ms = transfer.created_at_ms + _LOOKED_AT_AFTER_MS
            beside = {
                "list_name": gifts_for(transfer.claimant or ""),
                "list_order": transfer.id,
                "due_shard": DUE_GIFTS,
                "due_at": due_s(due_ms or first_ms),
            }
        return cls.holding(transfer, transfer_key(transfer.id), TRANSFER, **beside)

    def value(self) -> CouponTransfer:
        return self.into(CouponTransfer, id=self.pk.removeprefix("TRF#"))


class ReservationItem(CouponsItem):
    """A reservation; one that has not ended stands in the index of due things."""

    coupon_id = UnicodeAttribute()
    status = UnicodeAttribute()
    saved = IntegerAttribute()
    created_at = IntegerAttribute()
    expires_at = IntegerAttribute()
    content = BytesAttribute()

    @classmethod
    def of(cls, reservation: Reservation) -> ReservationItem:
        due: dict[str, Any] = {}
        if reservation.status == "reserved":
            due = {"due_shard": DUE_RESERVATIONS, "due_at": due_s(reservation.expires_at_ms)}
        return cls.holding(reservation, reservation_key(reservation.id), RESERVATION, **due)

    def value(self) -> Reservation:
        return self.into(Reservation, id=self.pk.removeprefix("RSV#"))


def transfer_key(transfer_id: str) -> str:
    return f"TRF#{transfer_id}"


def reservation_key(reservation_id: str) -> str:
    return f"RSV#{reservation_id}"


def gifts_for(claimant: str) -> str:
    return f"GIFTS#{claimant}"
