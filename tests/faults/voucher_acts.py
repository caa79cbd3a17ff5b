"""Acts on an order of vouchers: its codes are handed out, its units refunded."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import to_ms
from chalicelib.orders.actions import codes, refunds
from chalicelib.orders.actions.placing import place_order
from chalicelib.orders.rules.quoting import Request, Wanted
from tests.faults.payment_acts import act_as, audited
from tests.faults.scene import Scene

SOLD = 3


def be_sold(scene: Scene) -> None:
    """An order of three that waits for its codes."""
    asked = Request(scene.payer, [Wanted(scene.vouchers, SOLD)])
    place_order(asked, order_of(scene), ids.digest(b"vouchers"), clock.now())


def be_handed_out(scene: Scene) -> None:
    be_sold(scene)
    hand_out(scene)


def be_refunded(scene: Scene) -> None:
    be_sold(scene)
    refund_one(scene)


def hand_out(scene: Scene) -> None:
    codes.hand_out_codes(order_of(scene), to_ms(clock.now()))


def refund_one(scene: Scene) -> Any:
    return _refund(scene, "one voucher", {scene.vouchers: 1})


def refund_two(scene: Scene) -> Any:
    return _refund(scene, "two vouchers", {scene.vouchers: 2})


def refund_all(scene: Scene) -> Any:
    return _refund(scene, "all vouchers", {})


def _refund(scene: Scene, name: str, quantities: dict[str, int]) -> Any:
    refund_id, act = f"rfd_{scene.named(name)}", act_as(scene, f"refund {name}", "staff")
    order, _ = refunds.refund(
        order_of(scene), quantities, refund_id, act, audited(scene, f"refund {name}")
    )
    return next(made.points for made in order.refunds if made.id == refund_id)


def order_of(scene: Scene) -> str:
    return f"ord_{scene.named('vouchers')}"
