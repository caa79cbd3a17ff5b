"""Reads of gifts and of shops' reservations."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.coupons.rules.reservations import Reservation
from chalicelib.coupons.rules.transfers import WAITING, CouponTransfer
from chalicelib.coupons.tables.items import CouponsItem
from chalicelib.coupons.tables.transfers import (
    DUE_GIFTS,
    DUE_RESERVATIONS,
    RESERVATION,
    TRANSFER,
    ReservationItem,
    TransferItem,
    gifts_for,
    reservation_key,
    transfer_key,
)


def find_transfer(transfer_id: str) -> CouponTransfer | None:
    found: CouponTransfer | None = TransferItem.find_value(transfer_key(transfer_id), TRANSFER)
    return found


def gifts_waiting(claimant: str) -> list[CouponTransfer]:
    """The gifts that wait for the holder of a phone or e-mail."""
    rows = list(CouponsItem.listed.query(gifts_for(claimant)))
    found = (find_transfer(row.list_order) for row in rows)
    return [each for each in found if each is not None and each.status == WAITING]


def due_gifts(now_s: int) -> Iterator[str]:
    for item in CouponsItem.due.query(DUE_GIFTS, CouponsItem.due_at <= now_s):
        yield item.pk.removeprefix("TRF#")


def find_reservation(reservation_id: str) -> Reservation | None:
    key = reservation_key(reservation_id)
    found: Reservation | None = ReservationItem.find_value(key, RESERVATION)
    return found


def due_reservations(now_s: int) -> Iterator[str]:
    for item in CouponsItem.due.query(DUE_RESERVATIONS, CouponsItem.due_at <= now_s):
        yield item.pk.removeprefix("RSV#")
