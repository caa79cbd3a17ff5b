"""A coupon that a member gives to a friend."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from chalicelib.coupons.errors import CouponNotTransferable
from chalicelib.coupons.rules.coupons import AVAILABLE, TRANSFERRED, Coupon
from chalicelib.coupons.rules.templates import Template

TransferStatus = Literal["waiting", "received", "returned"]
WAITING: TransferStatus = "waiting"
RECEIVED: TransferStatus = "received"
RETURNED: TransferStatus = "returned"
ESCROW = timedelta(days=7)


class CouponTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """A gift of a coupon. It is `received` by a member, or waits for whoever registers with the
    phone or e-mail of which `claimant` is the keyed hash, until `expires_at_ms`."""

    id: str
    coupon_id: str
    sender: str
    status: TransferStatus
    created_at_ms: int
    content: bytes
    receiver: str | None = None
    claimant: str | None = None
    expires_at_ms: int | None = None

    @property
    def holder(self) -> str:
        """What holds the coupon while it waits."""
        return f"gift:{self.id}"


def check_transferable(coupon: Coupon, template: Template, now_ms: int) -> None:
    """Raises CouponNotTransferable."""
    if not template.transferable or coupon.status_at(now_ms) != AVAILABLE:
        raise CouponNotTransferable()


def moved_to(coupon: Coupon, member_id: str) -> Coupon:
    """A coupon that another member has from now on."""
    return replace(
        coupon,
        member_id=member_id,
        status=AVAILABLE,
        holder=None,
        held_until_ms=None,
        version=coupon.version + 1,
    )


def kept_for(coupon: Coupon, transfer: CouponTransfer) -> Coupon:
    """A coupon that waits for a friend: nobody can use it."""
    return replace(
        coupon,
        status=TRANSFERRED,
        holder=transfer.holder,
        held_until_ms=None,
        version=coupon.version + 1,
    )


def returned(coupon: Coupon) -> Coupon:
    return replace(coupon, status=AVAILABLE, holder=None, version=coupon.version + 1)
