"""What a member does is counted once, whoever counts with it and wherever a try ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import members
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.facts import Fact, handle
from chalicelib.ledger import EntryRecorded
from chalicelib.tiers import queries
from chalicelib.tiers.actions import standings
from chalicelib.tiers.events import HEARD
from chalicelib.tiers.rules.standing import Sums
from chalicelib.tiers.tables import ActivityItem, StandingItem, StepItem
from infra.bench.write_units import item_size
from tests.api import token
from tests.faults.wire import listed
from tests.tiers.counting import activity, spend
from tests.world import World

pytestmark = pytest.mark.usefixtures("ladder_in_force")


def test_a_paid_order_lifts_a_member_at_once(world: World) -> None:
    member = world.member()
    standing = spend(member, 500)
    assert (standing.tier, queries.tier_of(member)) == ("gold", "gold")
    assert [(step.before, step.after, step.why) for step in queries.history_of(member)] == [
        ("normal", "gold", "activity")
    ]
    me = world.api.get("/v1/me", as_=token(member))
    assert me.body["tier"] == "gold"


def test_an_activity_that_comes_again_counts_once(world: World) -> None:
    member = world.member()
    first = spend(member, 60, "order-1")
    again = spend(member, 60, "order-1")
    assert again == first
    assert queries.sums_of(member, max(again.months)) == Sums(60, 1)


def test_a_refund_lowers_the_metric_and_undoes_the_upgrade(world: World) -> None:
    member = world.member()
    spend(member, 500)
    fallen = spend(member, -450, orders=0)
    assert (fallen.tier, *fallen.months.values()) == ("normal", Sums(50, 1))
    assert [step.why for step in queries.history_of(member)] == ["refund", "activity"]
    assert world.api.get("/v1/me", as_=token(member)).body["tier"] == "normal"


def test_points_and_growth_count_where_they_are_earned_or_clawed_back(world: World) -> None:
    member = world.member()
    for unit, entry_type, moved in (
        ("points", "accrual", 50),
        ("points", "clawback", -20),
        ("growth", "accrual", 7),
        ("points", "redemption", -30),
        ("rebate_cash", "accrual", 900),
        ("points", "reversal", 30),
    ):
        handle(_entry(member, unit, entry_type, moved), HEARD)
    standing = queries.find_standing(member)
    assert list(standing.months.values()) == [Sums(0, 0, 30, 7)]


def test_an_activity_costs_two_write_units_and_one_that_lifts_no_index_entry_more(
    world: World,
) -> None:
    member = world.member()
    spend(member, 10)
    with listed() as requests:
        spend(member, 10)
    writes = [each.operation for each in requests if each.writes]
    assert writes == ["PutItem", "PutItem"]


def test_a_standing_with_the_longest_numbers_is_below_1_kb(world: World) -> None:
    """Each of its writes costs a unit then, and another if its time moves in the index."""
    now = queries.moment(clock.now())
    months = {now.month - back: Sums(10**9, 10**6, 10**9, 10**9) for back in range(26)}
    name = "a" * 32
    standing = queries.Standing(
        member_id=ids.new_id("mbr"),
        version=10**6,
        earned=name,
        until_ms=10**13,
        held=name,
        counted_from=now.month,
        held_until_ms=10**13,
        since_ms=10**13,
        months=months,
        tier=name,
        grant=standings.rules.Grant(name, 10**13),
        birthday="02-29",
        gifted_year=2026,
    )
    item = StandingItem.of(standing, 10**13)
    assert item_size(item.serialize()) < 1024
    row = ActivityItem.of(standing.member_id, now.month, "x" * 150, Sums(10**12, 1))
    assert item_size(row.serialize()) < 512


def test_a_crash_between_row_and_standing_is_made_good_by_the_retry(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.member()
    with monkeypatch.context() as broken:
        broken.setattr(standings, "change_standing", _crash)
        with pytest.raises(ZeroDivisionError):
            spend(member, 500, "order-1")
    assert queries.tier_of(member) == "normal"
    assert spend(member, 500, "order-1").tier == "gold"


def test_a_crash_is_made_good_by_the_next_activity_of_the_month(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.member()
    with monkeypatch.context() as broken:
        broken.setattr(standings, "change_standing", _crash)
        with pytest.raises(ZeroDivisionError):
            spend(member, 450)
    assert spend(member, 50).tier == "gold"


def test_activities_at_once_are_all_counted(world: World) -> None:
    """Sixteen threads, each reference told twice."""
    member = world.member()
    facts = [activity(member, 50, f"order-{n % 20}") for n in range(40)]
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(_told, facts))
    left = [fact for fact, error in zip(facts, answers, strict=True) if error is not None]
    for fact in left:
        handle(fact, HEARD)
    standing = queries.find_standing(member)
    assert (standing.tier, *standing.months.values()) == ("gold", Sums(1000, 20))
    steps = queries.history_of(member)
    assert [step.after for step in steps] == ["gold", "silver"][: len(steps)]


def test_nobody_is_lifted_who_is_gone(world: World) -> None:
    gone = ids.new_id("mbr")
    assert spend(gone, 500).tier == "normal"
    assert members.find_member(member_id=gone) is None
    assert list(StepItem.query(f"TIER#{gone}", StepItem.sk.startswith("HIST#"))) == []


def _told(fact: Fact[Any]) -> Exception | None:
    try:
        handle(fact, HEARD)
    except Exception as error:
        return error
    return None


def _crash(*_: Any) -> None:
    raise ZeroDivisionError


def _entry(member: str, unit: str, entry_type: str, moved: int) -> Fact[Any]:
    at = clock.rfc3339(clock.now())
    entry_id = ids.new_id("ent")
    data = EntryRecorded(
        member, unit, entry_id, 1, entry_type, moved, moved, "shop:1", "reference", moved
    )
    return Fact.of(entry_id, at, data)
