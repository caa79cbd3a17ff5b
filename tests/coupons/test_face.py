"""Other contexts give, reserve, use and give back coupons within their own transactions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib import coupons
from chalicelib.coupons.actions.giving import grant_now
from chalicelib.coupons.errors import CouponLimitReached, CouponNotOffered, CouponsGone
from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import JifenError, Moved
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet
from tests.api import new_key
from tests.conftest import Time
from tests.coupons.giving import a_coupon, given, left, template

ORDER, OTHER = "ord_one", "ord_other"
pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def member() -> str:
    return ids.new_id("mbr")


def read(member_id: str, coupon_id: str) -> coupons.Coupon | None:
    reads = ReadSet()
    found = coupons.want_coupon(reads, member_id, coupon_id)
    reads.read()
    return found()


def now_of(coupon: coupons.Coupon) -> coupons.Coupon:
    found = find_coupon(coupon.id)
    assert found is not None
    return found


def commit(add: Callable[[WriteSet], object]) -> None:
    writes = WriteSet()
    add(writes)
    writes.commit()


def reserve(coupon: coupons.Coupon, order: str = ORDER) -> None:
    commit(lambda writes: coupons.reserve(writes, now_of(coupon), order, clock.now()))


def use(coupon: coupons.Coupon, order: str = ORDER) -> None:
    commit(lambda writes: coupons.use(writes, now_of(coupon), order, clock.now()))


def give_back(coupon: coupons.Coupon, order: str = ORDER) -> None:
    commit(lambda writes: coupons.give_back(writes, coupon.id, coupon.member_id, order))


def refused(error: type[JifenError], coupon: coupons.Coupon, act: Callable[..., None]) -> None:
    before = now_of(coupon)
    with pytest.raises(error):
        act(coupon, OTHER)
    assert now_of(coupon) == before


def test_a_member_reads_their_coupon_with_its_terms_and_nobody_else_does(member: str) -> None:
    coupon = a_coupon(member)
    assert read(member, coupon.id) == coupon
    assert coupon.terms.amount == 1000
    assert coupon.title_en == "10 off 100"
    assert read(ids.new_id("mbr"), coupon.id) is None
    assert read(member, ids.new_id("cpn")) is None
    assert read(member, "no-coupon") is None


def test_a_reference_gives_one_coupon_however_often_it_is_told(member: str) -> None:
    made, reference = template(total=5, per_member=5), f"test:{new_key()}"
    first = grant_now(made.id, member, reference, clock.now())
    again = grant_now(made.id, member, reference, clock.now())
    assert (first[1], again[1]) == (False, True)
    assert first[0] == again[0]
    assert (given(made), left(made)) == (1, 4)


def test_a_member_gets_no_more_than_each_may_have(member: str) -> None:
    made = template(per_member=1)
    grant_now(made.id, member, "one", clock.now())
    with pytest.raises(CouponLimitReached) as refusal:
        grant_now(made.id, member, "two", clock.now())
    assert refusal.value.facts == {"per_member": 1}
    assert given(made) == 1


def test_no_more_coupons_are_given_than_there_are(member: str) -> None:
    made = template(total=2, per_member=1)
    for other in (member, ids.new_id("mbr")):
        grant_now(made.id, other, f"test:{other}", clock.now())
    with pytest.raises(CouponsGone):
        grant_now(made.id, ids.new_id("mbr"), "third", clock.now())
    assert (given(made), left(made)) == (2, 0)


def test_a_draft_gives_nothing(member: str) -> None:
    made = template(status="draft")
    with pytest.raises(CouponNotOffered):
        grant_now(made.id, member, "one", clock.now())


def test_an_order_reserves_uses_and_gives_back_a_coupon(member: str) -> None:
    coupon = a_coupon(member)
    reserve(coupon)
    assert now_of(coupon).status == "reserved"
    assert now_of(coupon).holder == ORDER
    refused(coupons.CouponReserved, coupon, reserve)
    use(coupon)
    assert now_of(coupon).status == "used"
    refused(coupons.CouponUsed, coupon, reserve)
    give_back(coupon)
    after = now_of(coupon)
    assert (after.status, after.holder, after.used_at_ms) == ("available", None, None)
    reserve(coupon, OTHER)


def test_an_order_that_lost_a_coupon_gives_nothing_back(member: str) -> None:
    coupon = a_coupon(member)
    reserve(coupon, OTHER)
    writes = WriteSet()
    assert coupons.give_back(writes, coupon.id, member, ORDER) is None
    assert not len(writes)
    assert now_of(coupon).holder == OTHER


def test_two_orders_that_saw_a_coupon_free_do_not_both_get_it(member: str) -> None:
    seen = a_coupon(member)
    commit(lambda writes: coupons.reserve(writes, seen, ORDER, clock.now()))
    with pytest.raises(Moved):
        commit(lambda writes: coupons.reserve(writes, seen, OTHER, clock.now()))
    assert now_of(seen).holder == ORDER


def test_a_coupon_that_lapsed_is_refused_but_one_reserved_in_time_is_used(
    member: str, time: Time
) -> None:
    idle, held = a_coupon(member, days=1), a_coupon(member, days=1)
    reserve(held)
    time.advance(days=2)
    assert now_of(idle).status_at(clock.to_ms(clock.now())) == "expired"
    refused(coupons.CouponExpired, idle, reserve)
    use(held)
    assert now_of(held).status == "used"


def test_a_coupon_given_back_late_has_lapsed(member: str, time: Time) -> None:
    coupon = a_coupon(member, days=1)
    reserve(coupon)
    time.advance(days=2)
    give_back(coupon)
    assert now_of(coupon).status_at(clock.to_ms(clock.now())) == "expired"


def test_a_coupon_is_not_used_before_its_time(member: str) -> None:
    begins = clock.to_ms(clock.now()) + 86_400_000
    coupon = a_coupon(member, from_ms=begins, until_ms=begins + 86_400_000)
    refused(coupons.CouponNotApplicable, coupon, reserve)
