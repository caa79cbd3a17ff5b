"""Budgets and members' own limits: no crowd overruns them, and what dies gives all of it back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import campaigns
from chalicelib.campaigns import Use
from chalicelib.campaigns.actions.purchases import record_purchase
from chalicelib.campaigns.errors import CampaignGone
from chalicelib.campaigns.events import COUNTERS
from chalicelib.campaigns.queries import campaigns as queries
from chalicelib.campaigns.queries import people
from chalicelib.campaigns.rules.purchases import UNDONE
from chalicelib.kernel import ids
from chalicelib.kernel.errors import Moved, Unavailable
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from tests.campaigns.buying import bought
from tests.campaigns.drafting import REDUCTION, act, changed, live, shown
from tests.privacy.merging import merge
from tests.world import World


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


def taken(campaign: Any, member_id: str, points: int = 0, cash: int = 0) -> bool:
    """Whether an order of a member could take a campaign."""

    def write() -> bool:
        writes = WriteSet()
        use = Use(campaign["id"], campaign["live"]["version"], points, cash)
        try:
            campaigns.take(writes, [use], people.facts_of(member_id))
        except CampaignGone:
            return False
        writes.commit()
        return True

    return with_fresh_reads(write)


def given_back(campaign: Any, member_id: str, points: int = 0, cash: int = 0) -> None:
    def write() -> None:
        writes = WriteSet()
        use = Use(campaign["id"], campaign["live"]["version"], points, cash)
        campaigns.give_back(writes, [use], member_id, ids.new_id("ord"))
        writes.commit()

    with_fresh_reads(write)


def left(world: World, campaign: Any) -> Any:
    return shown(world, campaign)["budget_left"]


def test_of_200_at_once_exactly_100_take_a_campaign_of_100_takers(world: World) -> None:
    draft = {**REDUCTION, "budget": {"points": 50000, "takers": 100}}
    with live(world, draft) as (campaign,):
        members = [ids.new_id("mbr") for _ in range(200)]

        def once(member_id: str) -> bool:
            while True:
                with suppress(Unavailable):
                    return taken(campaign, member_id, points=7)

        with ThreadPoolExecutor(40) as threads:
            assert sum(threads.map(once, members)) == 100
        assert left(world, campaign) == {"points": 49300, "cash": None, "takers": 0}
        given_back(campaign, members[0], points=7)
        assert left(world, campaign) == {"points": 49307, "cash": None, "takers": 1}
        queries.forget()
        assert taken(campaign, members[0], points=7)


def test_the_last_points_of_several_shards_go_to_one_order(world: World) -> None:
    with live(world, {**REDUCTION, "budget": {"points": 80}}) as (campaign,):
        member_id = ids.new_id("mbr")
        assert taken(campaign, member_id, points=75)
        assert not taken(campaign, member_id, points=6)
        assert left(world, campaign)["points"] == 5
        # A price is told what is left, and smaller orders have it at once.
        assert campaigns.left_for(people.facts_of(member_id))[campaign["id"]].points == 5
        assert taken(campaign, member_id, points=5)
        given_back(campaign, member_id, points=75)
        given_back(campaign, member_id, points=5)
        assert left(world, campaign)["points"] == 80


def test_a_member_has_a_campaign_as_often_as_it_says(world: World) -> None:
    with live(world, {**REDUCTION, "per_member": 2}) as (campaign,):
        member_id = ids.new_id("mbr")

        def once(_: int) -> bool:
            while True:
                with suppress(Unavailable):
                    return taken(campaign, member_id)

        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(once, range(8))) == 2
        facts = people.facts_of(member_id)
        assert facts.taken == {campaign["id"]: 2}
        assert campaigns.left_for(facts)[campaign["id"]].orders == 0
        assert taken(campaign, ids.new_id("mbr"))
        given_back(campaign, member_id)
        assert taken(campaign, member_id)
        assert not taken(campaign, member_id)


def test_a_process_that_does_not_know_a_campaign_yet_keeps_what_its_members_took(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id = ids.new_id("mbr")
    with live(world, {**REDUCTION, "per_member": 5}) as (known,):
        before = queries.live()
        with live(world, {**REDUCTION, "per_member": 1}) as (new,):
            assert taken(new, member_id)
            with monkeypatch.context() as another:
                another.setattr(queries, "live", lambda: before)
                assert taken(known, member_id)
            assert people.facts_of(member_id).taken == {known["id"]: 1, new["id"]: 1}
            assert not taken(new, member_id)
        assert taken(known, member_id)
        assert people.facts_of(member_id).taken == {known["id"]: 2}


def test_orders_placed_before_the_first_is_paid_have_its_gift_once(world: World) -> None:
    gift = {"kind": "first_order", "effect": {"first_order": {"points": 100}}}
    with live(world, {**REDUCTION, **gift}) as (campaign,):
        member_id = ids.new_id("mbr")

        def once(_: int) -> bool:
            while True:
                with suppress(Unavailable):
                    return taken(campaign, member_id)

        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(once, range(8))) == 1
        assert campaigns.left_for(people.facts_of(member_id))[campaign["id"]].orders == 0
        given_back(campaign, member_id)
        assert taken(campaign, member_id)


def test_what_an_order_gives_back_after_a_merge_is_for_the_id_of_today(world: World) -> None:
    old, member = world.member(), world.member()
    with live(world, {**REDUCTION, "per_member": 1}) as (campaign,):
        assert taken(campaign, old)
        merge(world, old, member)
        assert not taken(campaign, member)
        given_back(campaign, old)
        assert (people.facts_of(member).taken, people.facts_of(old).taken) == ({}, {})
        assert taken(campaign, member)


def test_a_purchase_that_is_told_after_a_merge_is_of_the_id_of_today(world: World) -> None:
    old, member = world.member(), world.member()
    paid = bought(member_id=old)
    record_purchase(paid, COUNTERS)
    merge(world, old, member)
    assert people.facts_of(member).orders == 1
    record_purchase(replace(paid, version=5, state=UNDONE, points=0, cash=0), COUNTERS)
    assert people.facts_of(member).orders == 0
    assert people.facts_of(old).bought == {}


def test_a_campaign_that_has_ended_is_taken_no_more_but_has_all_back(world: World) -> None:
    with live(world, {**REDUCTION, "per_member": 1}) as (campaign,):
        member_id = ids.new_id("mbr")
        assert taken(campaign, member_id, points=50)
    assert not taken(campaign, ids.new_id("mbr"))
    given_back(campaign, member_id, points=50)
    assert people.facts_of(member_id).taken == {}


def test_what_an_order_took_without_a_budget_does_not_raise_a_later_one(world: World) -> None:
    with live(world, {**REDUCTION, "budget": {"points": 1000}}) as (campaign,):
        assert taken(campaign, ids.new_id("mbr"), points=10)
        limited = changed(world, campaign, budget={"points": 1000, "takers": 5}).body
        after = act(world, limited, "publish").body
        given_back(campaign, ids.new_id("mbr"), points=10)
        assert left(world, after) == {"points": 1000, "cash": None, "takers": 5}


def test_a_take_that_lost_a_race_changes_nothing(world: World) -> None:
    with live(world, {**REDUCTION, "per_member": 1, "budget": {"points": 50}}) as (campaign,):
        member_id = ids.new_id("mbr")
        facts = people.facts_of(member_id)
        late = WriteSet()
        use = Use(campaign["id"], campaign["live"]["version"], 10)
        campaigns.take(late, [use], facts)
        assert taken(campaign, member_id, points=10)
        with pytest.raises(Moved):
            late.commit()
        assert left(world, campaign)["points"] == 40
