"""Members reach what missions ask: counted once, undone by refunds, rewarded once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.campaigns.actions import mission_claims
from chalicelib.campaigns.queries import missions as queries
from chalicelib.campaigns.tables.missions import COUNTING, MISSIONS, CountingItem
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import delete_each
from tests.api import Api, new_key, token
from tests.campaigns.missions import (
    act,
    claim,
    create,
    end,
    mine,
    ops,
    publish,
    purchase,
    tell,
    undone,
)
from tests.campaigns.rewarding import balance
from tests.world import World


@pytest.fixture(autouse=True)
def _no_others(engine: str, time: Any) -> Iterator[None]:
    """Only the missions of a test count, and no month ends within it."""
    time.advance_to_noon()
    delete_each([CountingItem(MISSIONS, COUNTING)])
    yield
    delete_each([CountingItem(MISSIONS, COUNTING)])


def test_a_reward_is_claimed_once_the_goal_is_reached(api: Api, world: World, time: Any) -> None:
    mission, member = publish(api, time, claimed=True), world.member()

    for _ in range(2):
        tell(tell(purchase(member)))
    early = claim(api, member, mission)
    assert (early.status, early.body["code"]) == (409, "mission_not_reached")
    assert mine(api, member, mission)["value"] == 2

    tell(purchase(member))
    assert mine(api, member, mission)["status"] == "claimable"
    key = new_key()
    first, replayed = claim(api, member, mission, key), claim(api, member, mission, key)
    assert (first.status, first.body["status"]) == (201, "paid")
    assert replayed.body == first.body
    assert replayed.headers["Idempotent-Replayed"] == "true"
    again = claim(api, member, mission)
    assert (again.status, again.body["code"]) == (409, "mission_already_claimed")
    other = claim(api, member, mission, key, period="2020-01")
    assert other.body["code"] == "idempotency_key_reused"
    assert balance(member) == 100
    assert mine(api, member, mission)["status"] == "done"


def test_a_mission_may_be_paid_by_itself(api: Api, world: World, time: Any) -> None:
    mission, member = publish(api, time), world.member()

    for _ in range(4):
        tell(purchase(member))

    assert balance(member) == 100
    assert mine(api, member, mission)["value"] == 4


def test_a_refund_undoes_progress_and_reward_and_another_order_restores_both(
    api: Api, world: World, time: Any
) -> None:
    mission, member = publish(api, time), world.member()
    told = [tell(purchase(member)) for _ in range(3)]
    assert balance(member) == 100

    tell(undone(told[0]))
    assert mine(api, member, mission)["value"] == 2
    assert balance(member) == 0
    tell(purchase(member))
    assert balance(member) == 100


def test_what_was_bought_before_it_counts_is_not_counted(api: Api, world: World, time: Any) -> None:
    mission = act(api, create(api), "publish").body
    member = world.member()
    early = tell(purchase(member))
    time.advance(seconds=11)

    tell(undone(early))

    assert mine(api, member, mission)["value"] == 0


def test_a_partial_refund_takes_back_its_share_of_a_sum(api: Api, world: World, time: Any) -> None:
    goal = {"metric": "points_spent", "count": 2000}
    mission, member = publish(api, time, goal=goal), world.member()
    told = tell(purchase(member))

    half = replace(told.lines[0], left=1, points=400)
    tell(replace(told, version=4, lines=(half,), points=400))
    tell(told)

    assert mine(api, member, mission)["value"] == 400


def test_no_crowd_takes_more_rewards_than_there_are(api: Api, world: World, time: Any) -> None:
    mission = publish(api, time, claimed=True, takers=3, goal={"metric": "orders", "count": 1})
    members = [world.member() for _ in range(8)]
    for each in members:
        tell(purchase(each))

    def take(member: str) -> str:
        asked = mission_claims.Asked(ids.new_id("mcl"), b"", member, mission["id"], None)
        try:
            mission_claims.claim(asked, clock.now())
        except Exception as error:
            return type(error).__name__
        return "taken"

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(take, members))

    assert found == ["MissionRewardsGone"] * 5 + ["taken"] * 3
    assert sum(map(balance, members)) == 300
    assert queries.taken_of(mission["id"]) == 3


def test_who_comes_late_sees_that_the_rewards_are_gone(api: Api, world: World, time: Any) -> None:
    mission = publish(api, time, takers=1, goal={"metric": "orders", "count": 1})
    first, second = world.member(), world.member()
    tell(purchase(first))
    tell(purchase(second))

    assert (balance(first), balance(second)) == (100, 0)
    assert mine(api, second, mission)["status"] == "gone"


def test_a_month_is_claimed_after_its_end_and_the_next_begins_with_nothing(
    api: Api, world: World, time: Any
) -> None:
    goal = {"metric": "orders", "count": 1}
    mission, member = publish(api, time, claimed=True, goal=goal), world.member()
    tell(purchase(member))
    period = mine(api, member, mission)["period"]
    time.advance(days=31)

    found = api.get("/v1/me/missions", as_=token(member)).body["data"]
    assert [(each["period"] == period, each["status"]) for each in found] == [
        (True, "claimable"),
        (False, "open"),
    ]
    assert claim(api, member, mission).body["code"] == "mission_not_reached"
    assert claim(api, member, mission, period=period).status == 201
    assert balance(member) == 100


def test_an_ended_mission_counts_nothing_more_but_hears_refunds(
    api: Api, world: World, time: Any
) -> None:
    goal = {"metric": "orders", "count": 1}
    mission, member, late = publish(api, time, goal=goal), world.member(), world.member()
    told = tell(purchase(member))
    end(api, mission)
    time.advance(seconds=11)

    tell(purchase(late))
    tell(undone(told))

    assert (balance(member), balance(late)) == (0, 0)


def test_a_mission_for_a_tier_is_hidden_from_others(api: Api, world: World, time: Any) -> None:
    mission = publish(api, time, claimed=True, audience={"tiers": ["gold"]})
    member = world.member()

    shown = api.get("/v1/me/missions", as_=token(member)).body["data"]

    assert mission["id"] not in [each["id"] for each in shown]
    assert claim(api, member, mission).status == 404


def test_a_monthly_reward_is_shown_as_coming(api: Api, world: World, time: Any) -> None:
    reward = {"kind": "rebate_cash", "amount": 500, "when": "month"}
    goal = {"metric": "orders", "count": 1}
    mission, member = publish(api, time, reward=reward, goal=goal), world.member()
    tell(purchase(member))

    [coming] = api.get("/v1/me/rewards", as_=token(member)).body["data"]

    assert coming["source"] == f"mission:{mission['id']}"
    assert coming["title"] == "Three orders"
    assert coming["reward"]["amount"] == 500
    listed = api.get(f"/v1/admin/rewards?member_id={member}", as_=ops()).body["data"]
    assert [each["status"] for each in listed] == ["coming"]
    periods = api.get("/v1/admin/reward-periods", as_=ops()).body["data"]
    assert ("rebate_cash", "open") in [(each["kind"], each["status"]) for each in periods]
