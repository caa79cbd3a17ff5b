"""Orders with a coupon and campaigns: the price is explained, and everything goes back."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import coupons
from chalicelib.coupons.rules.terms import Terms
from tests.api import new_key
from tests.campaigns.drafting import live
from tests.orders.discounted import CASH, ZH, Buyer, gift, left_of, reduction, status_of
from tests.world import World


@pytest.fixture
def buyer(world: World) -> Buyer:
    return Buyer(world)


def test_an_order_with_campaign_and_coupon_explains_what_each_saved(
    buyer: Buyer, world: World
) -> None:
    sku = world.sku(points=1000)
    coupon = buyer.coupon()
    with live(world, reduction(sku)) as [campaign]:
        quoted = buyer.quote({sku: 1}, coupon_id=coupon)
        assert (quoted.status, quoted.body["points"]) == (200, 500)
        expected = {"points": 500, "cash": None}
        order = buyer.placed({sku: 1}, coupon_id=coupon, expected=expected)
        assert left_of(campaign) == {"points": 1_000_000 - 200}
    shown = buyer.shown(order)
    assert shown["points"] == 500
    assert [(x["kind"], x["id"], x["reason"], x["points"]) for x in shown["discounts"]] == [
        ("campaign", campaign["id"], "full_reduction", 200),
        ("coupon", coupon, "points_off", 300),
    ]
    assert shown["discounts"][0]["title"] == "满千减二百"
    assert shown["discounts"][1]["lines"][0]["sku"] == sku
    assert shown["coupon"] == {"id": coupon, "saved": {"points": 300, "cash": _cny(0)}}
    saved = {"list_points": 1000, "list_cash": _cny(0), "points": 500, "cash": _cny(0)}
    assert shown["lines"][0]["saved"] == saved
    assert (quoted.body["discounts"], quoted.body["coupon"]) == (
        shown["discounts"],
        shown["coupon"],
    )
    path = f"/v1/admin/orders/{order['id']}"
    staff = world.api.get(path, as_=world.ops, headers=ZH).body
    assert staff["discounts"] == shown["discounts"]
    listed = world.api.get("/v1/me/orders", as_=buyer.token).body["data"]
    assert [each["coupon"] for each in listed] == [shown["coupon"]]
    assert (status_of(coupon), buyer.available) == ("reserved", 9_500)


def _cny(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


def test_an_order_without_campaign_or_coupon_keeps_nothing_more(buyer: Buyer, world: World) -> None:
    order = buyer.placed({world.sku(): 1})
    assert (order["discounts"], order["coupon"], order["lines"][0]["saved"]) == ([], None, None)


def test_a_cancelled_or_rejected_order_gives_coupon_and_budget_back(
    buyer: Buyer, world: World
) -> None:
    sku, coupon = world.sku(points=1000), buyer.coupon()
    with live(world, reduction(sku, per_member=1)) as [campaign]:
        for end in ("cancel", "reject"):
            order = buyer.placed({sku: 1}, coupon_id=coupon)
            assert order["points"] == 500
            assert left_of(campaign) == {"points": 1_000_000 - 200}
            if end == "cancel":
                buyer.cancel(order)
            else:
                buyer.review(order, "take", "reject")
            assert (status_of(coupon), buyer.available) == ("available", 10_000)
            assert left_of(campaign) == {"points": 1_000_000}


def test_cash_off_takes_no_place_of_an_order_that_points_pay_for(
    buyer: Buyer, world: World
) -> None:
    sku = world.sku(price=CASH)
    steps = {"unit": "cash", "steps": [{"at_least": 1000, "off": 500}]}
    draft = reduction(sku, effect={"full_reduction": steps}, budget={"takers": 9}, per_member=1)
    with live(world, draft) as [campaign]:
        whole = buyer.placed({sku: 1}, points=1000)
        assert (whole["discounts"], left_of(campaign)) == ([], {"takers": 9})
        half = buyer.placed({sku: 1}, points=500)
        assert [each["cash"]["amount"] for each in half["discounts"]] == [500]
        assert left_of(campaign) == {"takers": 8}


def test_a_completed_order_has_used_its_coupon_and_each_return_brings_its_share(
    buyer: Buyer, world: World
) -> None:
    sku = world.sku(points=500)
    coupon = buyer.coupon(Terms(kind="points_off", amount=100))
    order = buyer.placed({sku: 3}, coupon_id=coupon)
    assert order["points"] == 1400
    buyer.review(order, "take", "approve", "ship")
    assert status_of(coupon) == "reserved"
    world.api.post(f"/v1/orders/{order['id']}/confirm-receipt", None, as_=buyer.token)
    assert status_of(coupon) == "used"
    given = [buyer.refund(order, {sku: 1})["points"] for _ in range(3)]
    assert (sorted(given), sum(given)) == ([466, 467, 467], 1400)
    assert (status_of(coupon), buyer.available) == ("used", 10_000)


def test_by_policy_the_return_of_everything_gives_the_coupon_back(
    buyer: Buyer, world: World
) -> None:
    sku = world.sku(points=500)
    coupon = buyer.coupon(back_on_return=True)
    order = buyer.placed({sku: 2}, coupon_id=coupon)
    buyer.review(order, "take", "approve", "ship")
    world.api.post(f"/v1/orders/{order['id']}/confirm-receipt", None, as_=buyer.token)
    buyer.refund(order, {sku: 1})
    assert status_of(coupon) == "used"
    buyer.refund(order, {sku: 1})
    assert status_of(coupon) == "available"


def test_an_order_that_is_refunded_before_it_is_complete_is_dead_for_its_coupon(
    buyer: Buyer, world: World
) -> None:
    sku, coupon = world.sku(points=500), buyer.coupon()
    order = buyer.placed({sku: 1}, coupon_id=coupon)
    buyer.review(order, "take", "approve")
    buyer.refund(order, {sku: 1})
    assert status_of(coupon) == "available"


def test_virtual_goods_use_the_coupon_at_once(buyer: Buyer, world: World) -> None:
    sku, coupon = world.sku(points=500, kind="virtual"), buyer.coupon()
    items = [{"sku": sku, "quantity": 1}]
    made = world.api.post(
        "/v1/orders", {"items": items, "coupon_id": coupon}, as_=buyer.token, key=new_key()
    )
    assert (made.status, made.body["status"], made.body["points"]) == (201, "completed", 200)
    assert status_of(coupon) == "used"


def test_cash_off_lowers_what_is_due_and_no_point_pays_for_nothing(
    buyer: Buyer, world: World
) -> None:
    sku = world.sku(price=CASH)
    coupon = buyer.coupon(Terms(kind="amount_off", amount=3000))
    quoted = buyer.quote({sku: 1}, coupon_id=coupon).body
    assert (quoted["points"], quoted["cash"]["amount"]) == (700, 0)
    half = buyer.quote({sku: 1}, coupon_id=coupon, points=500).body
    assert (half["cash"]["amount"], half["coupon"]["saved"]["cash"]["amount"]) == (2000, 3000)
    unused = buyer.place({sku: 1}, coupon_id=coupon, points=1000)
    assert (unused.status, unused.body["code"]) == (409, "coupon_not_applicable")
    assert "现金" in unused.body["detail"]
    assert status_of(coupon) == "available"
    order = buyer.placed({sku: 1}, coupon_id=coupon, points=500)
    assert (order["status"], order["cash"]["amount"]) == ("awaiting_payment", 2000)
    buyer.cancel(order)
    assert (status_of(coupon), buyer.available) == ("available", 10_000)


def test_a_retry_is_the_same_order_and_the_coupon_of_one_order_is_refused_to_another(
    buyer: Buyer, world: World
) -> None:
    sku, coupon, key = world.sku(points=500), buyer.coupon(), new_key()
    first = buyer.place({sku: 1}, key, coupon_id=coupon)
    again = buyer.place({sku: 1}, key, coupon_id=coupon)
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = buyer.place({sku: 1}, key, coupon_id=buyer.coupon())
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    taken = buyer.place({sku: 1}, coupon_id=coupon)
    assert (taken.status, taken.body["code"]) == (409, "coupon_reserved")
    assert (world.stock(sku), buyer.available) == (9, 9_800)


def test_a_coupon_of_another_member_and_one_that_lapsed_are_refused(
    buyer: Buyer, world: World, time: Any
) -> None:
    sku, theirs = world.sku(points=500), Buyer(world).coupon()
    for path in (buyer.quote, buyer.place):
        refused = path({sku: 1}, coupon_id=theirs)
        assert (refused.status, refused.body["code"]) == (404, "coupon_not_found")
    own = buyer.coupon(days=1)
    time.advance(days=2)
    late = buyer.place({sku: 1}, coupon_id=own)
    assert (late.status, late.body["code"]) == (409, "coupon_expired")
    assert (world.stock(sku), buyer.available) == (10, 10_000)


@pytest.mark.parametrize(
    ("terms", "detail"),
    [
        (Terms(kind="points_off", amount=10, least_points=800), "还差 300 积分的商品可用"),
        (Terms(kind="points_off", amount=10, scope=coupons.Scope(skus=["NO-SUCH"])),
         "订单中没有适用的商品"),
        (Terms(kind="amount_off", amount=10), "此单没有可减免的金额"),
    ],
)  # fmt: skip
def test_a_coupon_that_does_not_apply_is_refused_in_words_and_kept(
    buyer: Buyer, world: World, terms: Terms, detail: str
) -> None:
    sku, coupon = world.sku(points=500), buyer.coupon(terms)
    for path in (buyer.quote, buyer.place):
        refused = path({sku: 1}, coupon_id=coupon)
        assert (refused.status, refused.body["code"]) == (409, "coupon_not_applicable")
        assert refused.body["detail"] == detail
    assert (status_of(coupon), world.stock(sku), buyer.available) == ("available", 10, 10_000)


def test_a_quote_tells_what_each_coupon_would_save_and_which_saves_most(
    buyer: Buyer, world: World
) -> None:
    sku = world.sku(points=500)
    small, large = buyer.coupon(Terms(kind="points_off", amount=10)), buyer.coupon()
    useless = buyer.coupon(Terms(kind="amount_off", amount=100))
    quoted = buyer.quote({sku: 1}, coupons=True).body
    found = {each["id"]: each for each in quoted["coupons"]}
    assert [each["id"] for each in quoted["coupons"]] == [large, small, useless]
    assert [found[x]["best"] for x in (large, small, useless)] == [True, False, False]
    assert found[small]["saves"] == {"points": 10, "cash": _cny(0)}
    assert (found[useless]["saves"], found[useless]["problem"]) == (None, "此单没有可减免的金额")
    assert (quoted["points"], buyer.quote({sku: 1}).body["coupons"]) == (500, None)


def test_a_campaign_that_ended_since_the_quote_changes_the_price(
    buyer: Buyer, world: World
) -> None:
    sku = world.sku(points=1000)
    with live(world, reduction(sku)):
        quoted = buyer.quote({sku: 1}).body
    expected = {"points": quoted["points"], "cash": None}
    refused = buyer.place({sku: 1}, expected=expected)
    assert (refused.status, refused.body["code"]) == (409, "price_changed")
    assert (quoted["points"], refused.body["points"], world.stock(sku)) == (800, 1000, 10)


def test_a_gift_comes_with_the_order_and_its_stock_goes_back(buyer: Buyer, world: World) -> None:
    sku, free = world.sku(points=500), world.sku(points=90, stock=3)
    with live(world, gift(sku, free)) as [campaign]:
        order = buyer.placed({sku: 2})
        assert [(x["sku"], x["quantity"], x["points"]) for x in order["lines"]] == [
            (sku, 2, 1000),
            (free, 2, 0),
        ]
        assert order["lines"][1]["saved"]["list_points"] == 180
        assert order["discounts"][0]["points"] == 180
        assert (world.stock(free), left_of(campaign)) == (1, {"takers": 999})
        # Too few are left for two more: nobody gets half a gift.
        assert [x["sku"] for x in buyer.quote({sku: 2}).body["lines"]] == [sku]
        buyer.cancel(order)
        assert (world.stock(free), left_of(campaign)) == (3, {"takers": 1000})


def test_units_of_the_same_sku_are_given_in_its_line(buyer: Buyer, world: World) -> None:
    sku = world.sku(points=500)
    with live(world, gift(sku, sku)):
        order = buyer.placed({sku: 1})
        assert [(x["quantity"], x["points"]) for x in order["lines"]] == [(2, 500)]
        assert world.stock(sku) == 8


def test_a_cart_shows_what_campaigns_take_off_an_order_of_it(buyer: Buyer, world: World) -> None:
    sku, plain = world.sku(points=500), world.sku(points=70, kind="virtual")
    body = {"items": [{"sku": sku, "quantity": 2}, {"sku": plain, "quantity": 1}]}
    with live(world, reduction(sku)) as [campaign]:
        cart = world.api.put("/v1/me/cart", body, as_=buyer.token).body
        assert [(x["id"], x["points"]) for x in cart["discounts"]] == [(campaign["id"], 200)]
        assert cart["points"] == 870
    after = world.api.get("/v1/me/cart", as_=buyer.token).body
    assert (after["points"], after["discounts"]) == (1070, [])


def test_quote_and_cart_tell_how_near_the_next_step_is(buyer: Buyer, world: World) -> None:
    sku = world.sku(points=400)
    body = {"items": [{"sku": sku, "quantity": 2}]}
    with live(world, reduction(sku)) as [campaign]:
        near = buyer.quote({sku: 2}).body["near"]
        assert near == [
            {
                "campaign_id": campaign["id"],
                "title": "满千减二百",
                "unit": "points",
                "missing": 200,
                "off": 200,
                "text": "再加购 200 积分的商品，可多减 200 积分",
            }
        ]
        assert world.api.put("/v1/me/cart", body, as_=buyer.token, headers=ZH).body["near"] == near
        assert buyer.quote({sku: 3}).body["near"] == []
    assert buyer.quote({sku: 2}).body["near"] == []
