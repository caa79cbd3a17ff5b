"""A member's cart: kept between devices, explained where it went stale, taken by an order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.store.tables import connection
from chalicelib.orders.actions import cart as acts
from chalicelib.orders.queries.cart import find_cart
from tests.api import new_key, token
from tests.kernel.wire import faults
from tests.orders.carts import Shopper, change
from tests.world import World


@pytest.fixture
def shopper(world: World) -> Shopper:
    return Shopper(world)


def test_a_cart_is_empty_at_first(shopper: Shopper) -> None:
    nothing = {"amount": 0, "currency": "CNY"}
    assert shopper.cart() == {
        "version": 0,
        "lines": [],
        "count": 0,
        "points": 0,
        "cash": nothing,
        "discounts": [],
        "near": [],
    }


def test_a_line_is_put_into_a_cart_and_its_quantity_is_set(shopper: Shopper, world: World) -> None:
    cup, pen = world.sku(points=800), world.sku(points=30)
    assert shopper.put(cup).status == 200
    answer = shopper.put(pen, 3)
    (newest, older) = answer.body["lines"]
    assert (newest["sku"], newest["quantity"], newest["points"]) == (pen, 3, 90)
    assert (older["sku"], older["title"], older["problem"]) == (cup, "Thermos cup", None)
    assert (answer.body["count"], answer.body["points"]) == (2, 890)
    assert shopper.put(cup, 2).body["points"] == 1690
    assert shopper.skus() == {pen: 3, cup: 2}


def test_the_same_put_again_changes_nothing(shopper: Shopper, world: World) -> None:
    sku = world.sku()
    first = shopper.put(sku, 2).body
    assert shopper.put(sku, 2).body == first


def test_a_line_and_a_cart_are_removed_once_and_again(shopper: Shopper, world: World) -> None:
    cup, pen = world.sku(), world.sku()
    shopper.fill({cup: 1, pen: 2})
    assert [shopper.remove(cup).status for _ in "12"] == [204, 204]
    assert shopper.skus() == {pen: 2}
    delete = world.api.delete
    assert [delete("/v1/me/cart", as_=shopper.token).status for _ in "12"] == [204, 204]
    assert shopper.skus() == {}


def test_a_cart_is_of_its_member_alone(shopper: Shopper, world: World) -> None:
    sku = world.sku()
    shopper.put(sku)
    assert Shopper(world).skus() == {}
    assert world.api.get("/v1/me/cart").status == 401
    assert world.api.get("/v1/me/cart", as_=token(shopper.id, "ops")).status == 403


def refused(shopper: Shopper, answer: Any, status: int, code: str) -> None:
    before = shopper.skus()
    assert (answer().status, answer().body["code"]) == (status, code)
    assert shopper.skus() == before


def test_what_cannot_be_ordered_is_not_put_in(shopper: Shopper, world: World) -> None:
    shopper.put(world.sku())
    off, out = world.sku(status="off_sale"), world.sku(stock=2)
    once = world.sku(limits={"per_order": 1})
    refused(shopper, lambda: shopper.put(off), 409, "not_on_sale")
    refused(shopper, lambda: shopper.put(out, 3), 409, "out_of_stock")
    refused(shopper, lambda: shopper.put(once, 2), 409, "limit_reached")
    refused(shopper, lambda: shopper.put(f"NO-{new_key()}"), 404, "not_found")
    refused(shopper, lambda: shopper.put(out, 0), 400, "invalid_request")
    refused(shopper, lambda: shopper.fill({f"NO-{new_key()}": 1}), 400, "invalid_request")


def test_a_cart_takes_a_hundred_lines_and_no_more(shopper: Shopper, world: World) -> None:
    every = [f"C-{new_key()}-{n}" for n in range(102)]
    for start in range(0, 102, 17):
        several = every[start : start + 17]
        world.product(skus=[{"sku": sku, "specs": {"n": sku}, "stock": 9} for sku in several])
    filled = shopper.fill(dict.fromkeys(every[:100], 1))
    assert (filled.status, filled.body["count"]) == (200, 100)
    refused(shopper, lambda: shopper.put(every[100]), 409, "cart_full")
    assert shopper.put(every[0], 5).status == 200
    too_many = shopper.fill(dict.fromkeys(every[:101], 1))
    assert (too_many.status, too_many.body["errors"][0]["code"]) == (400, "too_many")


def problems(shopper: Shopper) -> list[str | None]:
    return [line["problem"] and line["problem"]["code"] for line in shopper.cart()["lines"]]


def test_each_stale_line_is_explained_and_not_counted(shopper: Shopper, world: World) -> None:
    off, out, few, fine = (world.sku(points=10, stock=5) for _ in range(4))
    shopper.fill({off: 1, out: 1, few: 4, fine: 1})
    change(world, off, status="off_sale")
    other = Shopper(world)
    assert other.order({out: 5, few: 3}).status == 201
    cart = shopper.cart()
    assert problems(shopper) == ["off_sale", "sold_out", "too_few", None]
    assert cart["lines"][2]["problem"] == {"code": "too_few", "detail": "Only 2 left", "left": 2}
    assert cart["points"] == 10


def test_a_line_of_goods_that_are_gone_says_so(shopper: Shopper, world: World) -> None:
    from chalicelib.catalog.tables.stock import StockItem

    sku = world.sku()
    shopper.put(sku)
    StockItem.key(sku).delete()
    (line,) = shopper.cart()["lines"]
    assert (line["problem"]["code"], line["title"], line["price"]) == ("gone", None, None)
    for call in (shopper.quote, shopper.order):
        refused = call({sku: 1}, from_cart=True)
        assert (refused.status, refused.body["errors"][0]["code"]) == (400, "unknown_sku")
    assert shopper.skus() == {sku: 1}
    assert shopper.remove(sku).status == 204


def test_a_limit_counts_what_the_member_has_had_and_the_lines_before(
    shopper: Shopper, world: World
) -> None:
    limit = {"limits": {"per_member": 3}}
    skus = [{"sku": f"L-{new_key()}", "specs": {"n": n}, "stock": 9} for n in "12"]
    one, two = (sku["sku"] for sku in world.product(points=1, skus=skus, **limit)["skus"])
    shopper.fill({one: 2, two: 1})
    assert problems(shopper) == [None, None]
    assert shopper.order({one: 1}).status == 201
    assert problems(shopper) == [None, "over_limit"]
    (_, line) = shopper.cart()["lines"]
    assert line["problem"]["detail"] == "At most 3 for each member; you have had 1"


def test_a_changed_price_is_told_until_the_line_is_set_again(
    shopper: Shopper, world: World
) -> None:
    sku = world.sku(points=800)
    shopper.put(sku)
    change(world, sku, price={"points": 900})
    (line,) = shopper.cart()["lines"]
    assert (line["price"]["points"], line["price_was"]["points"]) == (900, 800)
    assert line["problem"] is None
    (line,) = shopper.put(sku, 2).body["lines"]
    assert line["price_was"] is None


def test_a_merge_takes_the_larger_quantity_however_often(shopper: Shopper, world: World) -> None:
    own, both, new = (world.sku() for _ in range(3))
    shopper.fill({own: 1, both: 2})
    wanted = {both: 3, new: 1, f"NO-{new_key()}": 1}
    first = shopper.fill(wanted, merge=True)
    assert shopper.skus() == {new: 1, own: 1, both: 3}
    assert shopper.fill(wanted, merge=True).body == first.body


def test_an_order_from_the_cart_takes_its_lines_out_and_only_those(
    shopper: Shopper, world: World
) -> None:
    cup, pen, book = (world.sku() for _ in range(3))
    shopper.fill({cup: 2, pen: 1, book: 1})
    key = new_key()
    first = shopper.order({cup: 2, book: 1}, from_cart=True, key=key)
    assert (first.status, [line["sku"] for line in first.body["lines"]]) == (201, [cup, book])
    assert shopper.skus() == {pen: 1}
    shopper.put(cup)
    again = shopper.order({cup: 2, book: 1}, from_cart=True, key=key)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert shopper.skus() == {cup: 1, pen: 1}


def test_an_order_that_is_not_from_the_cart_leaves_it(shopper: Shopper, world: World) -> None:
    cup, pen = world.sku(), world.sku()
    shopper.put(cup)
    assert shopper.order({cup: 1}).status == 201
    assert shopper.skus() == {cup: 1}
    assert shopper.order({pen: 1}, from_cart=True).status == 201
    assert shopper.skus() == {cup: 1}


def test_a_refused_order_leaves_the_cart_as_it_was(shopper: Shopper, world: World) -> None:
    cup, pen = world.sku(), world.sku(stock=0)
    shopper.put(cup)
    before = find_cart(shopper.id)
    assert shopper.order({cup: 1, pen: 1}, from_cart=True).body["code"] == "out_of_stock"
    assert find_cart(shopper.id) == before


def test_many_devices_at_once_lose_no_line(world: World) -> None:
    shopper, skus = Shopper(world), [world.sku() for _ in range(5)]
    now = clock.now()
    with ThreadPoolExecutor(5) as threads:
        list(threads.map(lambda sku: acts.put_line(shopper.id, sku, 1, now), skus))
    assert sorted(shopper.skus()) == sorted(skus)


def test_lines_read_in_the_members_language_by_as_many_requests_as_before(
    shopper: Shopper, world: World
) -> None:
    words = {"colour": {"zh-CN": "颜色", "en": "Colour"}, "red": {"zh-CN": "红", "en": "Red"}}
    worded, plain = world.sku(spec_words=words), world.sku()
    shopper.fill({worded: 1, plain: 1})

    def specs(language: str) -> list[dict[str, str]]:
        headers = {"Accept-Language": language}
        cart = world.api.get("/v1/me/cart", as_=shopper.token, headers=headers).body
        return [line["specs"] for line in cart["lines"]]

    assert specs("zh-CN") == [{"颜色": "红"}, {"colour": "red"}]
    with faults("BatchGetItem") as batches:
        assert specs("en") == [{"Colour": "Red"}, {"colour": "red"}]
    # The stock of both SKUs, and both products with pictures and words.
    assert len(batches) == 2


def test_a_write_of_a_cart_is_one_unit(
    shopper: Shopper, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cart of forty lines of short SKUs is under 1 KB, and one item."""
    from chalicelib.orders.rules.cart import Cart, CartLine
    from chalicelib.orders.tables.cart import CartItem
    from infra.bench.write_units import item_size

    lines = tuple(CartLine(f"CUP-{n:03d}-RED", 9, 12_345, 1_980) for n in range(40))
    assert item_size(CartItem.of(Cart(shopper.id, 99, lines)).serialize()) < 1024
    sku, wrote = world.sku(), []
    dispatch = connection().dispatch
    monkeypatch.setattr(
        connection(), "dispatch", lambda name, sent: wrote.append(name) or dispatch(name, sent)
    )
    shopper.put(sku)
    assert [name for name in wrote if name not in ("BatchGetItem", "GetItem")] == ["PutItem"]
