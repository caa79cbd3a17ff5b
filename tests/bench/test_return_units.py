"""The costs of the steps of a return and of an exchange."""

from __future__ import annotations

from infra.bench.write_units import Meter
from tests.bench.largest_items import full_of_lots
from tests.orders.returned import PARCEL, TO, Returned
from tests.world import World

# Write units, those of the audit and of sparse indexes' entries that stay among them.
MOST = {
    "ask": 5,
    "approve": 7,
    "sent": 4,
    "receive": 17,
    "approve exchange": 9,
    "receive exchange": 9,
    "ship": 13,
}


def test_the_steps_of_a_return_stay_within_their_write_units(world: World, meter: Meter) -> None:
    returned, spent = Returned(world, stock=10), {}
    full_of_lots(world, returned.member)
    meter.take()
    return_id = returned.asked()
    spent["ask"] = meter.take()
    returned.staff(return_id, "approve", {"instructions": TO})
    spent["approve"] = meter.take()
    returned.own(return_id, "sent", PARCEL)
    spent["sent"] = meter.take()
    returned.staff(return_id, "receive")
    spent["receive"] = meter.take()
    other = returned.asked(1, "exchange")
    meter.take()
    returned.staff(other, "approve", {"instructions": TO})
    spent["approve exchange"] = meter.take()
    returned.own(other, "sent", PARCEL)
    meter.take()
    returned.staff(other, "receive")
    spent["receive exchange"] = meter.take()
    returned.staff(other, "ship", PARCEL)
    spent["ship"] = meter.take()
    used = {name: each.write_units for name, each in spent.items()}
    assert all(used[name] <= MOST[name] for name in MOST), used
    # Each is one transaction.
    assert {each.requests.count("TransactWriteItems") for each in spent.values()} == {1}


def test_lists_of_returns_are_one_query_and_a_batch_for_returns_and_orders(
    world: World, meter: Meter
) -> None:
    returned = Returned(world)
    for _ in range(3):
        returned.asked()
    meter.take()
    assert returned.api.get("/v1/me/returns", as_=returned.me).status == 200
    # The profile tells whether other members were merged into this one.
    assert sorted(meter.take().requests) == ["BatchGetItem", "BatchGetItem", "GetItem", "Query"]
