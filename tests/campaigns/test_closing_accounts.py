"""What an erased or merged member leaves of missions, boards and triggers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import campaigns
from chalicelib.campaigns.queries import boards, missions, triggers
from chalicelib.campaigns.tables.missions import COUNTING, MISSIONS, CountingItem
from chalicelib.kernel.store.writes import delete_each
from tests.api import Api, token
from tests.campaigns.missions import mine, publish, purchase, tell
from tests.world import World


@pytest.fixture(autouse=True)
def _no_others(engine: str, time: Any) -> Iterator[None]:
    time.advance_to_noon()
    delete_each([CountingItem(MISSIONS, COUNTING)])
    yield
    delete_each([CountingItem(MISSIONS, COUNTING)])


def test_an_erased_member_leaves_no_progress_and_no_place(
    api: Api, world: World, time: Any
) -> None:
    publish(api, time)
    member = world.member()
    tell(purchase(member))
    api.put("/v1/me/leaderboards", {"shown": True}, as_=token(member))

    for _ in range(2):
        campaigns.erase_of(member)

    assert list(missions.all_progress(member)) == []
    assert not boards.is_shown(member)
    assert triggers.find_watch(member, "no_visit") is None


def test_a_merged_members_progress_adds_to_the_other_ones_once(
    api: Api, world: World, time: Any
) -> None:
    mission = publish(api, time, claimed=True)
    old, into = world.member(), world.member()
    for member in (old, old, into):
        tell(purchase(member))

    for _ in range(2):
        campaigns.join_of(old, into)

    assert mine(api, into, mission)["value"] == 3
    assert mine(api, into, mission)["status"] == "claimable"
    assert list(missions.all_progress(old)) == []


def test_an_export_has_progress_and_rewards(api: Api, world: World, time: Any) -> None:
    mission = publish(api, time, goal={"metric": "orders", "count": 1})
    member = world.member()
    tell(purchase(member))

    told = {name: list(rows) for name, rows in campaigns.export_of(member).items()}

    assert [each["mission_id"] for each in told["missions"]] == [mission["id"]]
    assert [(each["kind"], each["status"]) for each in told["rewards"]] == [("points", "paid")]
