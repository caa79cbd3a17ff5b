"""Acts on the carts of the scene: lines put in and taken out, orders of some of them."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import clock, ids
from chalicelib.orders.actions import cart
from chalicelib.orders.actions.placing import place_order
from chalicelib.orders.rules.cart import Cart
from chalicelib.orders.rules.quoting import Request, Wanted
from tests.faults.scene import Scene


def be_filled(scene: Scene) -> None:
    """The member's cart has goods and vouchers, the payer's has two kinds of parcels."""
    now = clock.now()
    cart.fill(scene.member, {scene.sku: 3, scene.vouchers: 1}, now, merge=False)
    cart.fill(scene.payer, {scene.goods: 1, scene.sku: 2, scene.vouchers: 1}, now, merge=False)


def put(scene: Scene) -> Any:
    return _told(cart.put_line(scene.member, scene.vouchers, 2, clock.now()))


def remove(scene: Scene) -> Any:
    return _told(cart.remove_line(scene.member, scene.sku, clock.now()))


def order(scene: Scene) -> Any:
    """Order the goods of the cart, for points: the vouchers stay."""
    return _order(scene, scene.member, {scene.sku: 3}, "cart")


def order_with_cash(scene: Scene) -> Any:
    """Order both parcels of the payer's cart: points are held until the cash is paid."""
    return _order(scene, scene.payer, {scene.goods: 1, scene.sku: 2}, "cart with cash", points=700)


def _order(
    scene: Scene, member: str, wanted: dict[str, int], name: str, points: int | None = None
) -> Any:
    items = [Wanted(sku, quantity) for sku, quantity in wanted.items()]
    asked = Request(member, items, points=points, from_cart=True)
    order_id = f"ord_{scene.named(name)}"
    made, _ = place_order(asked, order_id, ids.digest(name.encode()), clock.now())
    return made.status, made.points, made.cash


def _told(seen: Cart) -> Any:
    return [(line.sku, line.quantity) for line in seen.lines]
