"""Returns and refunds of one order at the same moment never exceed it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import JifenError
from chalicelib.orders.actions import refunds, returns
from chalicelib.orders.actions.returns import ReturnAsked
from chalicelib.orders.rules import OrderAct
from chalicelib.orders.rules.return_marks import kept_by
from tests.audit.acts import an_act
from tests.orders.returned import TO, Returned
from tests.world import World


def test_returns_and_refunds_at_the_same_moment_never_exceed_a_line(world: World) -> None:
    returned = Returned(world, 3)
    start = world.available(returned.member)

    def ask(_: int) -> str | None:
        asked = ReturnAsked(returned.order_id, returned.member, "return", {returned.sku: 1}, "x")
        return _tried(lambda: returns.request_return(asked, ids.new_id("ret"), b"c", clock.now()))

    def refund(_: int) -> str | None:
        act = OrderAct("refund", "staff", "mbr_ops", to_ms(clock.now()), "x")
        told = an_act(returned.order_id)
        return _tried(
            lambda: refunds.refund(
                returned.order_id, {returned.sku: 1}, ids.new_id("rfd"), act, told
            )
        )

    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(ask if number % 2 else refund, number) for number in range(8)]
        refused = [each.result() for each in done]
    order = returned.order()
    kept = kept_by(order.returns)[returned.sku]
    given = sum(line.refunded for line in order.lines)
    assert kept + given == 3 == refused.count(None)
    assert world.available(returned.member) == start + 100 * given
    for mark in order.returns:
        returned.staff(mark.id, "approve", {"instructions": TO})
        returned.staff(mark.id, "receive")
    assert returned.left()[::2] == (1000, 3)


def _tried(act: Any) -> str | None:
    """The code of a refusal, None for an act that took effect."""
    try:
        act()
    except JifenError as error:
        return error.code
    return None
