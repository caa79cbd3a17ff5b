"""A member gives a coupon to a friend: it has one owner at any time.

A friend who has not registered gets it when they do; after some days it comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import msgspec
from msgspec.structs import replace

from chalicelib import ledger, members
from chalicelib.coupons.actions.using import put_change
from chalicelib.coupons.errors import CouponTransferToSelf
from chalicelib.coupons.queries import transfers as queries
from chalicelib.coupons.queries.coupons import find_coupon, get_coupon
from chalicelib.coupons.queries.templates import version_of
from chalicelib.coupons.rules.coupons import Coupon
from chalicelib.coupons.rules.transfers import (
    ESCROW,
    RECEIVED,
    RETURNED,
    WAITING,
    CouponTransfer,
    TransferStatus,
    check_transferable,
    kept_for,
    moved_to,
    returned,
)
from chalicelib.coupons.tables.coupons import CouponItem, list_of_member
from chalicelib.coupons.tables.transfers import TransferItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import FieldError, Invalid, Moved, Words
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads


class CouponGift(msgspec.Struct, frozen=True):
    """A coupon for a member, or for the present or future holder of a phone or an e-mail, of which
    `claimant` is the keyed hash."""

    id: str
    coupon_id: str
    sender: str
    content: bytes
    member_id: str | None = None
    claimant: str | None = None


def send(gift: CouponGift, now: datetime) -> tuple[CouponTransfer, bool]:
    """Give a coupon away, whether or not the friend has registered: (transfer, replayed).

    Raises Invalid naming `to.member_id`, CouponNotFound, CouponNotTransferable,
    CouponTransferToSelf, AccountFrozen, IdempotencyKeyReused.
    """
    find = partial(queries.find_transfer, gift.id)
    made, replayed = replay_outranks_refusal(
        lambda: _send(gift, now), lambda: replay_of(find(), gift.content)
    )
    if made.status == WAITING and made.claimant is not None:
        _claim_at_once(made.claimant, now)
    return made, replayed


def _send(gift: CouponGift, now: datetime) -> CouponTransfer:
    receiver, claimant = _receiver(gift)
    coupon = get_coupon(gift.sender, gift.coupon_id)
    template = version_of(coupon.template_id, coupon.template_version)
    check_transferable(coupon, template, to_ms(now))
    if receiver == gift.sender:
        raise CouponTransferToSelf()
    made = CouponTransfer(
        id=gift.id,
        coupon_id=coupon.id,
        sender=gift.sender,
        status=RECEIVED if receiver else WAITING,
        created_at_ms=to_ms(now),
        content=gift.content,
        receiver=receiver,
        claimant=None if receiver else claimant,
        expires_at_ms=None if receiver else min(to_ms(now + ESCROW), coupon.valid_until_ms),
    )
    writes = WriteSet()
    writes.put_new(TransferItem.of(made), or_raise=Moved)
    if receiver:
        put_owner(writes, coupon, moved_to(coupon, receiver))
    else:
        put_change(writes, coupon, kept_for(coupon, made))
    ledger.check_active(writes, ledger.points_account(gift.sender))
    writes.commit()
    return made


def _receiver(gift: CouponGift) -> tuple[str | None, str | None]:
    """The receiver's member id, None while nobody has the phone or e-mail, and its keyed hash.

    Raises Invalid.
    """
    if gift.claimant is not None:
        return members.member_with(gift.claimant), gift.claimant
    found = members.find_member(member_id=gift.member_id)
    if found is None:
        words = Words("没有该会员", "is no member")
        raise Invalid(FieldError("to.member_id", "unknown_member", words))
    return found, None


def put_owner(writes: WriteSet, seen: Coupon, after: Coupon) -> None:
    """Add that another member has a coupon, in whose list it stands from now on."""
    changes = [
        *CouponItem.changes(after),
        CouponItem.member_id.set(after.member_id),
        CouponItem.list_name.set(list_of_member(after.member_id)),
    ]
    same = CouponItem.version == seen.version
    writes.update(CouponItem.key(seen.id), changes, condition=same, or_raise=Moved)


def _claim_at_once(claimant: str, now: datetime) -> None:
    """Give a waiting coupon to who has registered by now: the consumer of the registration may have
    run before the gift was written."""
    holder = members.member_with(claimant)
    if holder is not None:
        claim_gifts(claimant, holder, now)


def claim_gifts(claimant: str, holder: str, now: datetime) -> None:
    """Give a member the coupons that wait for a phone or e-mail of theirs. Those past their time
    go back. Safe to repeat."""
    for gift in queries.gifts_waiting(claimant):
        settle(gift.id, holder, now)


def settle(transfer_id: str, holder: str | None, now: datetime) -> bool:
    """End a waiting gift: the holder of its phone or e-mail has it, or its time is over; whether
    it ended. One that goes on waiting is looked at again when its time is over."""
    return with_fresh_reads(lambda: _settle(transfer_id, holder, to_ms(now)))


def _settle(transfer_id: str, holder: str | None, now_ms: int) -> bool:
    gift = queries.find_transfer(transfer_id)
    if gift is None or gift.status != WAITING:
        return False
    coupon, ends_ms = find_coupon(gift.coupon_id), gift.expires_at_ms or 0
    is_late = ends_ms <= now_ms
    writes = WriteSet()
    if holder is not None and holder != gift.sender and not is_late:
        _end(writes, gift, RECEIVED, holder)
        _move(writes, gift, coupon, lambda seen: moved_to(seen, holder))
    elif is_late or holder is not None:
        _end(writes, gift, RETURNED, None)
        _move(writes, gift, coupon, returned)
    else:
        writes.put(TransferItem.of(gift, ends_ms), condition=TransferItem.status == WAITING)
    writes.commit()
    return is_late or holder is not None


def _end(
    writes: WriteSet, gift: CouponTransfer, status: TransferStatus, receiver: str | None
) -> None:
    after = replace(gift, status=status, receiver=receiver)
    writes.put(TransferItem.of(after), condition=TransferItem.status == WAITING)


def _move(
    writes: WriteSet,
    gift: CouponTransfer,
    coupon: Coupon | None,
    change: Callable[[Coupon], Coupon],
) -> None:
    """An erased sender's coupon is gone."""
    if coupon is not None and coupon.holder == gift.holder:
        put_owner(writes, coupon, change(coupon))
