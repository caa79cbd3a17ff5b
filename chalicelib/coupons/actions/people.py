"""What happens to a person's coupons: they are erased, or become another member's by a merge."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from chalicelib.coupons.actions.transfers import put_owner
from chalicelib.coupons.queries import coupons as queries
from chalicelib.coupons.rules.coupons import Coupon
from chalicelib.coupons.tables.coupons import CouponItem, HadItem
from chalicelib.coupons.tables.jobs import TriesItem
from chalicelib.kernel.store.writes import (
    WriteSet,
    delete_each,
    unmoved,
    with_fresh_reads,
)


def erase_of(member_id: str) -> None:
    """Delete the coupons of a member who is erased, and how many they had. Safe to repeat."""
    delete_each(CouponItem.key(each.id) for each in list(queries.all_of(member_id)))
    had = queries.had_by(member_id)
    delete_each(HadItem.key(member_id, template_id) for template_id in had)
    delete_each([TriesItem.key(member_id)])


def join_of(member_id: str, into: str) -> None:
    """Give a member's coupons to another one, whatever has them reserved, and count what both had.
    Safe to repeat."""
    for coupon in list(queries.all_of(member_id)):
        with_fresh_reads(partial(_move, coupon, into))
    for template_id in queries.had_by(member_id):
        with_fresh_reads(partial(_join_had, member_id, into, template_id))


def _move(coupon: Coupon, into: str) -> None:
    seen = queries.find_coupon(coupon.id)
    if seen is None or seen.member_id != coupon.member_id:
        return
    writes = WriteSet()
    put_owner(writes, seen, replace(seen, member_id=into, version=seen.version + 1))
    writes.commit()


def _join_had(member_id: str, into: str, template_id: str) -> None:
    """Count for the other member what this one had; its own count goes with it, so a repeat adds
    nothing."""
    had = queries.had_by(member_id).get(template_id)
    if had is None:
        return
    writes = WriteSet()
    key = HadItem.key(member_id, template_id)
    writes.delete(key, condition=unmoved(HadItem.had, had))
    writes.update(HadItem.key(into, template_id), [HadItem.had.add(had)])
    writes.commit()
