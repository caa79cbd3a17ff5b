"""What bookings and vouchers cost."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import ids
from infra.bench.counter_units import measure
from infra.bench.in_process import InProcess, token
from tests.world import World

# An order of one service for points, 11 with its indexes; the seat and who has it, 4 more; the
# vouchers and where a code leads, 4 more.
MOST = {
    "Redemption of a service for points, in a slot, its voucher included": 19,
    "Rescheduling a booking": 12,
    "Use of a voucher, audited": 10,
}


class _Shop:
    def __init__(self, world: World) -> None:
        self.ops, self._world = token(ids.new_id("mbr"), "ops"), world

    def member(self, name: str) -> dict[str, Any]:
        return {"access_token": token(self._world.member(1000))}

    def sku(self, stock: int, *, kind: str = "physical") -> str:
        return self._world.sku(stock=stock, kind=kind)


def test_bookings_and_vouchers_cost_no_more_than_they_need(world: World) -> None:
    here = InProcess()
    try:
        found = {case.name: case.spent.write_units for case in measure(here, _Shop(world))}
    finally:
        here.stop_measuring()
    assert {name: found[name] for name in MOST if found[name] > MOST[name]} == {}
