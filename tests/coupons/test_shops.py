"""Coupons at a shop's own checkout, over the signed API."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import coupons
from chalicelib.coupons.actions.reservations import time_out
from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.coupons.queries.transfers import due_reservations
from chalicelib.coupons.rules.scopes import Scope
from chalicelib.coupons.rules.terms import Terms
from chalicelib.kernel import clock, ids
from tests.api import Answer, Api, new_key
from tests.conftest import Time
from tests.coupons.giving import TEN_OFF, a_coupon
from tests.world import World

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def coupon() -> coupons.Coupon:
    return a_coupon(ids.new_id("mbr"), usable_in_shops=True)


SECRETS = {"shop-1": "secret-of-shop-1", "shop-2": "secret-2"}


def call(api: Api, code: str, act: str, partner: str = "shop-1", **body: Any) -> Answer:
    path = f"/v1/partner/coupons/{code}/{act}"
    return World(api).partner("POST", path, body, partner=partner, secret=SECRETS[partner])


def reserve(api: Api, coupon: coupons.Coupon, sale: str, cash: int = 5000, **other: Any) -> Answer:
    amount = {"amount": cash, "currency": "CNY"}
    return call(api, coupon.code, "reserve", id=sale, amount=amount, **other)


def sweep() -> None:
    for each in list(due_reservations(clock.to_ms(clock.now()) // 1000)):
        time_out(each, clock.now())


def status(coupon: coupons.Coupon) -> str:
    found = find_coupon(coupon.id)
    assert found is not None
    return found.status_at(clock.to_ms(clock.now()))


def test_a_shop_reserves_and_redeems_a_coupon_once(api: Api, coupon: coupons.Coupon) -> None:
    sale = new_key()
    first, again = (reserve(api, coupon, sale) for _ in range(2))
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.body["saved"] == {"amount": 1000, "currency": "CNY"}
    other = reserve(api, coupon, sale, 6000)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    second = reserve(api, coupon, new_key())
    assert (second.status, second.body["code"]) == (409, "coupon_reserved")
    done, twice = (call(api, coupon.code, "redeem", id=sale) for _ in range(2))
    assert (done.status, done.body["status"], twice.body) == (200, "redeemed", done.body)
    assert status(coupon) == "used"
    late = call(api, coupon.code, "release", id=sale)
    assert (late.status, late.body["code"]) == (409, "coupon_reservation_ended")
    assert status(coupon) == "used"


def test_a_released_coupon_is_the_members_again(api: Api, coupon: coupons.Coupon) -> None:
    sale = new_key()
    reserve(api, coupon, sale)
    assert call(api, coupon.code, "release", id=sale).body["status"] == "released"
    assert status(coupon) == "available"
    assert reserve(api, coupon, sale).body["status"] == "released"
    assert reserve(api, coupon, new_key()).status == 201


def test_a_reservation_times_out(api: Api, coupon: coupons.Coupon, time: Time) -> None:
    sale = new_key()
    reserve(api, coupon, sale, expires_in_seconds=60)
    time.advance(minutes=2)
    assert status(coupon) == "available"
    late = call(api, coupon.code, "redeem", id=sale)
    assert (late.status, late.body["current_status"]) == (409, "expired")
    next_sale = new_key()
    assert reserve(api, coupon, next_sale).status == 201
    sweep()
    assert call(api, coupon.code, "redeem", id=next_sale).body["status"] == "redeemed"


def test_a_sweep_writes_a_late_reservation_down(
    api: Api, coupon: coupons.Coupon, time: Time
) -> None:
    reserve(api, coupon, new_key(), expires_in_seconds=60)
    time.advance(minutes=2)
    sweep()
    found = find_coupon(coupon.id)
    assert found is not None
    assert (found.status, found.holder) == ("available", None)


def test_another_shop_and_another_code_end_nothing(api: Api, coupon: coupons.Coupon) -> None:
    sale = new_key()
    reserve(api, coupon, sale)
    stranger = call(api, coupon.code, "redeem", "shop-2", id=sale)
    assert (stranger.status, stranger.body["code"]) == (404, "coupon_reservation_not_found")
    other = call(api, a_coupon(ids.new_id("mbr")).code, "redeem", id=sale)
    assert other.body["code"] == "coupon_reservation_not_found"
    unknown = call(api, "AAAA-BBBB-CCCC", "redeem", id=sale)
    assert (unknown.status, unknown.body["code"]) == (404, "coupon_not_found")
    assert status(coupon) == "reserved"


def test_a_code_is_read_however_it_is_typed(api: Api, coupon: coupons.Coupon) -> None:
    sale = new_key()
    amount = {"amount": 5000, "currency": "CNY"}
    code = coupon.code.lower().replace("-", "").replace("o", "0").replace("b", "8")
    assert call(api, code, "reserve", id=sale, amount=amount).status == 201


def test_a_coupon_for_some_goods_saves_on_these(api: Api) -> None:
    terms = Terms(kind="percent_off", percent=10, cap_cash=300, scope=Scope(brands=["acme"]))
    coupon = a_coupon(ids.new_id("mbr"), terms, usable_in_shops=True)
    refused = reserve(api, coupon, new_key())
    assert (refused.status, refused.body["code"]) == (409, "coupon_not_applicable")
    items = [{"amount": 2000, "brand": "acme"}, {"amount": 3000, "brand": "other"}]
    saved = reserve(api, coupon, new_key(), items=items).body["saved"]["amount"]
    assert saved == 200


def test_a_coupon_never_saves_more_than_the_sale(api: Api) -> None:
    terms = Terms(kind="amount_off", amount=3000, scope=Scope(brands=["acme"]))
    coupon = a_coupon(ids.new_id("mbr"), terms, usable_in_shops=True)
    items = [{"amount": 10**12, "brand": "acme"}]
    assert reserve(api, coupon, new_key(), 500, items=items).body["saved"]["amount"] == 500


@pytest.mark.parametrize(
    ("terms", "shops"),
    [(TEN_OFF, False), (Terms(kind="amount_off", amount=10, least_cash=9000), True)],
)
def test_what_a_coupon_asks_holds_at_a_shop(api: Api, terms: Terms, shops: bool) -> None:
    coupon = a_coupon(ids.new_id("mbr"), terms, usable_in_shops=shops)
    refused = reserve(api, coupon, new_key())
    assert (refused.status, refused.body["code"]) == (409, "coupon_not_applicable")
    assert status(coupon) == "available"


def test_a_call_without_a_signature_is_refused(api: Api, coupon: coupons.Coupon) -> None:
    body = {"id": new_key(), "amount": {"amount": 5000, "currency": "CNY"}}
    refused = api.post(f"/v1/partner/coupons/{coupon.code}/reserve", body)
    assert (refused.status, refused.body["code"]) == (401, "signature_invalid")
