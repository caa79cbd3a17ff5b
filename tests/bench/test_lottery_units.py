"""A draw keeps to its write units, with as many prizes as there may be and a long history."""

from __future__ import annotations

from infra.bench.lottery_units import MOST
from infra.bench.write_units import Meter
from tests.campaigns.drawing import Office, Player, points_prize, prizes
from tests.world import World

PRIZE = {"title": {"zh-CN": "奖" * 40, "en": "P" * 80}}


def test_a_draw_costs_nine_write_units_at_most(world: World, meter: Meter) -> None:
    each = {**points_prize(1, stock=1_000_000), **PRIZE}
    lottery = Office(world.api).published(prizes=prizes(*[each] * 11), free_per_day=1)
    player = Player(world.api, world.member(points=100))
    meter.take()
    assert player.draw(lottery).body["points"] == 0
    free = meter.take()
    assert player.draw(lottery).body["points"] == 10
    paid = meter.take()
    assert (free.write_units, free.sparse_units) == (5, 0), free.lines
    assert (paid.write_units, paid.sparse_units) == (MOST, 0), paid.lines


def test_a_prize_of_points_costs_a_transaction_of_its_own(world: World, meter: Meter) -> None:
    lottery = Office(world.api).published(prizes=prizes(points_prize(1_000_000)))
    player = Player(world.api, world.member(points=100))
    meter.take()
    assert player.draw(lottery).body["status"] == "given"
    assert meter.take().write_units == MOST + 9
