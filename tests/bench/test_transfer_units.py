"""The costs of gifts to members and strangers: write units and item sizes."""

from __future__ import annotations

from chalicelib import ledger
from chalicelib.kernel import clock
from infra.bench.write_units import Meter, Spent
from tests.members.giving import give, points_of, register, registered, waiting
from tests.members.people import new_phone
from tests.world import World

# The longest message in Chinese.
MESSAGE = "乐" * 100


def largest(spent: Spent) -> int:
    return max(line.size for line in spent.lines)


def sparse(spent: Spent) -> dict[str, int]:
    return {line.what.split()[-1]: line.units for line in spent.lines if line.sparse}


def with_lots(world: World, points: int) -> str:
    """A member whose gift of 3 × `points` takes three of their lots."""
    member = world.member()
    for number in range(1, 14):
        world.give(member, points, days=30 * number)
    return member


def test_a_gift_costs_at_most_12_writes_and_a_refused_one_none(
    world: World,
    meter: Meter,
) -> None:
    sender, friend = with_lots(world, 100), with_lots(world, 100)
    meter.take()
    answer = give(world.api, sender, {"member_id": friend}, 250, message=MESSAGE)
    spent = meter.take()
    assert answer.status == 201, answer.body
    assert spent.write_units <= 12, spent.lines
    assert spent.read_units <= 3
    assert largest(spent) < 1024, spent.lines
    assert give(world.api, sender, {"member_id": friend}, 9999).status == 409
    assert "TransactWriteItems" not in meter.take().requests


def test_a_gift_by_phone_makes_the_same_requests_for_a_registered_and_an_unknown_phone(
    world: World,
    meter: Meter,
) -> None:
    known, unknown = new_phone(), new_phone()
    register(phone=known)
    asked = []
    for phone in (known, unknown):
        sender = with_lots(world, 100)
        meter.take()
        assert give(world.api, sender, {"phone": phone}, 250).status == 201
        asked.append(sorted(meter.take().requests))
    assert asked == [["GetItem", "GetItem", "GetItem", "TransactWriteItems"]] * 2


def test_a_gift_to_a_stranger_costs_8_writes_as_do_its_claim_and_its_return(
    world: World,
    meter: Meter,
) -> None:
    from chalicelib.earning.events import claim_waiting

    phone, sender = new_phone(), with_lots(world, 100)
    meter.take()
    for _ in range(2):
        assert give(world.api, sender, {"phone": phone}, 50, message=MESSAGE).status == 201
        spent = meter.take()
        assert spent.write_units <= 8, spent.lines
        assert largest(spent) < 1024
    assert sparse(spent)["due"] >= 1
    returned, _ = waiting(phone=phone)
    ledger.return_gift(returned, clock.now(), early=True)
    assert meter.take().write_units <= 8
    friend = register(phone=phone)
    meter.take()
    claim_waiting(registered(phone=phone))
    spent = meter.take()
    assert spent.write_units <= 8, spent.lines
    assert points_of(friend).posted == 50
