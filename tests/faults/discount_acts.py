"""Acts on an order of the scene's payer that has a coupon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.orders.actions import acts, sync
from chalicelib.orders.actions.placing import place_order
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import Booking, OrderAct
from chalicelib.orders.rules.quoting import Request, Wanted
from tests.faults import coupon_acts
from tests.faults.payment_acts import digest
from tests.faults.scene import Scene

POINTS = 300
UNPAID = timedelta(minutes=31)


def be_given(scene: Scene) -> None:
    """The payer has a coupon."""
    coupon_acts.be_offered(scene)
    coupon_acts.claim(scene, scene.payer)


def order_of(scene: Scene) -> str:
    return f"ord_{scene.named('discounted')}"


def state(scene: Scene) -> Any:
    order = get_order(order_of(scene))
    return order.status, order.points, order.cash, *coupon_acts.state(scene)[:2]


def place(scene: Scene) -> Any:
    asked = Request(
        scene.payer,
        [Wanted(scene.service, 1)],
        points=POINTS,
        booking=Booking(to_ms(scene.set_at + timedelta(days=90))),
        coupon_id=coupon_acts.coupon_of(scene),
    )
    place_order(asked, order_of(scene), digest(scene, "place"), clock.now())
    return state(scene)


def be_placed(scene: Scene) -> None:
    be_given(scene)
    place(scene)


def cancel(scene: Scene) -> Any:
    key = digest(scene, "cancel discounted")
    act = OrderAct("cancel", "member", scene.payer, to_ms(clock.now()), key=key)
    acts.act_on(order_of(scene), act)
    return state(scene)


def time_out(scene: Scene) -> Any:
    sync.cancel_overdue(order_of(scene), clock.now())
    return state(scene)
