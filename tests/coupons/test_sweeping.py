"""Coupons lapse at their time, their members are reminded before, and facts tell of each."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import coupons
from chalicelib.coupons import events
from chalicelib.coupons.actions.sweeping import settle
from chalicelib.coupons.queries.coupons import due_coupons, find_coupon
from chalicelib.coupons.tables.coupons import CouponItem
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.streams import Change
from chalicelib.kernel.store.tables import connection
from chalicelib.kernel.store.writes import WriteSet
from tests.conftest import Time
from tests.coupons.giving import a_coupon

pytestmark = pytest.mark.usefixtures("engine")
Image = dict[str, Any]


def image(coupon: coupons.Coupon) -> Image:
    key = CouponItem.key(coupon.id)
    asked = {"pk": {"S": key.pk}, "sk": {"S": key.sk}}
    client: Any = connection().client
    found: Image = client.get_item(TableName=CouponItem.Meta.table_name, Key=asked)["Item"]
    # A stream tells bytes as base64 text.
    return {name: value for name, value in found.items() if "B" not in value}


def told(before: Image | None, after: Image) -> list[tuple[str, Any]]:
    return [(fact.type, fact.data) for fact in events.facts_of(Change("1", before, after, 9))]


def is_due(coupon: coupons.Coupon) -> bool:
    return coupon.id in set(due_coupons(clock.to_ms(clock.now()) // 1000))


def test_a_member_is_reminded_before_a_coupon_lapses_and_then_it_does(time: Time) -> None:
    coupon = a_coupon(ids.new_id("mbr"), days=10)
    time.advance(days=6)
    assert not is_due(coupon)
    time.advance(days=2)
    before = image(coupon)
    assert settle(coupon.id, clock.now())
    [(kind, data)] = told(before, image(coupon))
    assert (kind, data.member_id, data.title["en"]) == (
        "coupon.lapsing",
        coupon.member_id,
        "10 off 100",
    )
    assert not is_due(coupon)
    time.advance(days=4)
    assert is_due(coupon)
    settle(coupon.id, clock.now())
    found = find_coupon(coupon.id)
    assert found is not None
    assert (found.status, is_due(coupon)) == ("expired", False)


def test_a_used_coupon_reminds_nobody(time: Time) -> None:
    coupon = a_coupon(ids.new_id("mbr"), days=10)
    writes = WriteSet()
    coupons.use(writes, coupon, "ord_x", clock.now())
    writes.commit()
    time.advance(days=8)
    before = image(coupon)
    settle(coupon.id, clock.now())
    assert told(before, image(coupon)) == []
    assert not is_due(coupon)


def test_a_coupon_that_an_order_has_is_looked_at_again_once_it_has_lapsed(time: Time) -> None:
    coupon = a_coupon(ids.new_id("mbr"), days=1)
    writes = WriteSet()
    coupons.reserve(writes, coupon, "ord_x", clock.now())
    writes.commit()
    time.advance(days=2)
    settle(coupon.id, clock.now())
    assert not is_due(coupon)
    writes = WriteSet()
    coupons.give_back(writes, coupon.id, coupon.member_id, "ord_x")
    writes.commit()
    time.advance(hours=7)
    assert is_due(coupon)
    settle(coupon.id, clock.now())
    found = find_coupon(coupon.id)
    assert found is not None
    assert found.status == "expired"


def test_each_change_of_a_coupon_is_told_once() -> None:
    coupon = a_coupon(ids.new_id("mbr"))
    new = image(coupon)
    [(kind, data)] = told(None, new)
    assert (kind, data.source) == ("coupon.granted", coupon.source)
    writes = WriteSet()
    held = coupons.reserve(writes, coupon, "ord_x", clock.now())
    writes.commit()
    reserved = image(coupon)
    assert told(new, reserved) == []
    writes = WriteSet()
    coupons.use(writes, held, "ord_x", clock.now())
    writes.commit()
    used = image(coupon)
    [(kind, data)] = told(reserved, used)
    assert (kind, data.used_by) == ("coupon.used", "ord_x")
    writes = WriteSet()
    coupons.give_back(writes, coupon.id, coupon.member_id, "ord_x")
    writes.commit()
    assert [kind for kind, _ in told(used, image(coupon))] == ["coupon.returned"]
