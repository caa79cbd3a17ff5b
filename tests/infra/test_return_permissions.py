"""The API and the hourly sweep may carry returns to their end."""

from __future__ import annotations

from chalicelib.kernel import clock
from chalicelib.orders.actions import return_sweeps
from chalicelib.orders.queries.returns import get_return
from tests.conftest import Time
from tests.infra.permissions import Guard
from tests.orders.returned import PARCEL, Returned, sweep
from tests.world import World


def test_the_api_may_carry_returns_to_their_end(guard: Guard, world: World) -> None:
    with guard.acting_as("APIHandler"):
        returned = Returned(world, limits={"per_member": 5})
        returned.staff(returned.sent(), "receive")
        shipped = returned.staff(returned.received(), "ship", PARCEL)
        assert shipped.status == 200, shipped.body
        returned.own(returned.asked(), "withdraw")
        for path in ("/v1/me/returns", f"/v1/orders/{returned.order_id}/returns"):
            assert returned.api.get(path, as_=returned.me).status == 200
        for query in ("?status=closed", f"?order_id={returned.order_id}"):
            path = f"/v1/admin/returns{query}"
            assert returned.api.get(path, as_=returned.ops).status == 200


def test_the_sweep_may_end_the_time_of_each_state(guard: Guard, world: World, time: Time) -> None:
    returned = [Returned(world, limits={"per_member": 5}) for _ in range(4)]
    asked = returned[0].asked(1, "exchange")
    approved, sent = returned[1].approved(1, "exchange"), returned[2].sent(2)
    came = returned[3].received(2, "exchange", came=1)
    time.advance(days=11)
    with guard.acting_as("SweepOrders"):
        sweep()
        now_ms = clock.to_ms(clock.now())
        assert not any(return_sweeps.end_time(each, now_ms) for each in (asked, approved, sent))
    states = [get_return(each).status for each in (asked, approved, sent, came)]
    assert states == ["approved", "withdrawn", "closed", "closed"]
