"""Many draw at once on the engine: no number is missing, no stock overrun, points are exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from chalicelib.audit import Act, Actor
from chalicelib.campaigns.actions import draws, lotteries
from chalicelib.campaigns.queries import lotteries as queries
from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Conflict, JifenError, Unavailable
from tests.api import Api
from tests.campaigns.drawing import Office, asked, numbers, points_prize, prizes
from tests.world import World

AT_ONCE, STOCK, PRICE, WORTH = 200, 10, 10, 50
OPS = Actor(ids.new_id("mbr"), frozenset({"ops"}), None, "test")


@pytest.fixture
def office(api: Api) -> Office:
    return Office(api)


def _all_at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    def outcome(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except JifenError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(outcome, acts))


def test_200_at_once_win_a_stock_of_10_no_more_than_10_times(world: World, office: Office) -> None:
    lottery = office.published(prizes=prizes(points_prize(500_000, STOCK, WORTH)))
    members = [world.member(points=100) for _ in range(20)]
    wanted = [asked(lottery["id"], members[at % 20]) for at in range(AT_ONCE)]
    now = clock.now()
    found = _all_at_once([partial(draws.draw, each, now) for each in wanted])
    assert all(isinstance(each, tuple | Unavailable | Conflict) for each in found)
    lotteries.sweep_lotteries(clock.now())
    drawn = numbers(lottery["id"])
    assert drawn == list(range(1, len(drawn) + 1))
    told = queries.draws_after(lottery["id"], 0, AT_ONCE)
    assert len({each.id for each in told}) == len(told)
    won = Counter(each.result for each in told)
    assert won["p1"] <= STOCK
    assert told[-1].left == {1: STOCK - won["p1"]}
    for member in members:
        own = [each for each in told if each.member_id == member]
        wins = sum(each.result == "p1" for each in own)
        assert world.available(member) == 100 - PRICE * len(own) + WORTH * wins
        assert sorted(each.tally.total for each in own) == list(range(1, len(own) + 1))
    answered = [each[0].id for each in found if isinstance(each, tuple)]
    assert set(answered) <= {each.id for each in told}


def test_one_key_at_once_is_one_draw(world: World, office: Office) -> None:
    lottery = office.published(prizes=prizes(points_prize(1)))
    member = world.member(points=100)
    one, now = asked(lottery["id"], member), clock.now()
    found = _all_at_once([partial(draws.draw, one, now)] * 12)
    told = [each[0].id for each in found if isinstance(each, tuple)]
    assert told
    assert set(told) == {one.draw_id}
    assert numbers(lottery["id"]) == [1]
    assert world.available(member) == 90


def test_limits_hold_for_one_member_at_once(world: World, office: Office) -> None:
    lottery = office.published(
        prizes=prizes(points_prize(1)), free_per_day=1, limits={"total": 4, "day": 3}
    )
    member, now = world.member(points=100), clock.now()
    wanted = [asked(lottery["id"], member) for _ in range(20)]
    _all_at_once([partial(draws.draw, each, now) for each in wanted])
    assert numbers(lottery["id"]) == [1, 2, 3]
    assert world.available(member) == 100 - 2 * PRICE


def test_nobody_draws_after_an_end_at_the_same_moment(world: World, office: Office) -> None:
    lottery = office.published(prizes=prizes(points_prize(1)))
    members, now = [world.member(points=100) for _ in range(10)], clock.now()
    acts: list[Callable[[], Any]] = [
        partial(draws.draw, asked(lottery["id"], each), now) for each in members
    ]
    act = Act(ids.new_id("act"), "lottery.end", lottery["id"], OPS, to_ms(now))
    end = partial(lotteries.end_lottery, lottery["id"], lottery["version"], act, now)
    _all_at_once([*acts[:5], end, *acts[5:]])
    ended = queries.get_lottery(lottery["id"])
    assert ended.status == "ended"
    assert ended.drawn == len(numbers(lottery["id"]))
    assert queries.head_of(ended).has_ended
