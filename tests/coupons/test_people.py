"""A person's coupons are exported, erased, and become another member's by a merge."""

from __future__ import annotations

import pytest

from chalicelib import coupons
from chalicelib.coupons.actions.giving import grant_now
from chalicelib.coupons.errors import CouponLimitReached
from chalicelib.coupons.queries.coupons import all_of, find_coupon, had_by
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet
from tests.coupons.giving import a_coupon, template

pytestmark = pytest.mark.usefixtures("engine")


def ids_of(member: str) -> set[str]:
    return {each.id for each in all_of(member)}


def test_a_merge_moves_coupons_and_counts_what_both_had() -> None:
    old, new = ids.new_id("mbr"), ids.new_id("mbr")
    made = template(per_member=3)
    for member, number in ((old, 1), (old, 2), (new, 3)):
        grant_now(made.id, member, str(number), clock.now())
    held = a_coupon(old)
    writes = WriteSet()
    coupons.reserve(writes, held, "ord_x", clock.now())
    writes.commit()
    everything = ids_of(old) | ids_of(new)
    for _ in range(2):
        coupons.join_of(old, new)
        assert (ids_of(old), ids_of(new)) == (set(), everything)
        assert had_by(new)[made.id] == 3
        assert had_by(old) == {}
    with pytest.raises(CouponLimitReached):
        grant_now(made.id, new, "fourth", clock.now())
    writes = WriteSet()
    assert coupons.give_back(writes, held.id, old, "ord_x") is not None
    writes.commit()
    found = find_coupon(held.id)
    assert found is not None
    assert (found.member_id, found.status) == (new, "available")


def test_an_erasure_leaves_nothing_and_an_order_that_dies_later_still_can() -> None:
    member = ids.new_id("mbr")
    coupon = a_coupon(member)
    writes = WriteSet()
    coupons.use(writes, coupon, "ord_x", clock.now())
    writes.commit()
    for _ in range(2):
        coupons.erase_of(member)
        assert (ids_of(member), had_by(member)) == (set(), {})
    writes = WriteSet()
    assert coupons.give_back(writes, coupon.id, member, "ord_x") is None


def test_an_export_tells_of_each_coupon() -> None:
    member = ids.new_id("mbr")
    coupon = a_coupon(member)
    [row] = coupons.export_of(member, "en")["coupons"]
    assert (row["id"], row["worth"], row["status"]) == (coupon.id, "CNY 10.00 off", "available")
