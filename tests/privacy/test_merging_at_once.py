"""Merges at one moment with other acts, and merges that a crash cuts off."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import ledger, members
from chalicelib.audit import Act, Actor
from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import JifenError
from chalicelib.ledger import InsufficientPoints
from chalicelib.members import Pair
from chalicelib.privacy import queries
from chalicelib.privacy.actions.merging import merge
from tests.faults import faults, wire
from tests.ledger.books import FAR, give, sound, spend
from tests.members.people import People
from tests.privacy.belongings import NOTHING, Belongings
from tests.privacy.leaving import run
from tests.privacy.merging import STAFF, acts_on, available, books
from tests.world import World


def act_on(member: str) -> Act:
    actor = Actor(STAFF, frozenset({"ops"}), None, "test")
    return Act(ids.new_id("act"), "member.merge", member, actor, clock.to_ms(clock.now()), "same")


def merged(pair: Pair, act: Act | None = None) -> str:
    try:
        made, _ = merge(pair, act or act_on(pair.member_id), clock.now())
    except JifenError as error:
        return error.code
    return made.merged_into


def test_of_two_merges_in_opposite_directions_one_wins(world: World) -> None:
    one, other = world.member(points=5), world.member(points=7)
    pairs = [Pair(one, other), Pair(other, one)] * 3
    with ThreadPoolExecutor(len(pairs)) as threads:
        done = list(threads.map(merged, pairs))
    (kept,) = {each for each in done if each.startswith("mbr_")}
    assert done.count(kept) == 1
    assert {each for each in done if each != kept} <= {"member_merged", "merge_in_progress"}
    gone = other if kept == one else one
    assert (members.merged_into(gone), members.merged_into(kept)) == (kept, None)
    assert (available(kept), available(gone)) == (12, 0)


def test_one_member_is_not_merged_into_two(world: World) -> None:
    one, other, third = world.member(), world.member(), world.member(points=7)
    pairs = [Pair(third, one), Pair(third, other), Pair(other, one)]
    with ThreadPoolExecutor(len(pairs)) as threads:
        done = list(threads.map(merged, pairs))
    assert sum(each.startswith("mbr_") for each in done) >= 1
    now = members.current(third)
    assert members.merged_into(now) is None
    assert (available(now), books(one, other, third)["points"]) == (7, 7)


def test_no_point_is_made_or_lost_while_both_earn_and_spend(world: World) -> None:
    one, other = world.member(points=100), world.member(points=100)
    pair, accounts = Pair(other, one), [ledger.points_account(each) for each in (one, other)]

    def earn(number: int) -> int:
        give(accounts[number % 2], 3, f"earn:{number}", expires_at=FAR, now=clock.now())
        return 3

    def pay(number: int) -> int:
        try:
            spend(accounts[number % 2], 7, f"pay:{number}", clock.now())
        except InsufficientPoints:
            return 0
        return -7

    def act(number: int) -> int:
        if number == 9:
            assert merged(pair) == one
            return 0
        return earn(number) if number % 3 else pay(number)

    with ThreadPoolExecutor(8) as threads:
        moved = sum(threads.map(act, range(40)))
    assert available(other) == 0
    assert available(one) == 200 + moved
    assert books(one, other)["points"] == 200 + moved


def test_what_was_held_at_a_merge_is_released_at_one_moment(world: World) -> None:
    one, other = world.member(), world.member(points=100)
    account, now = ledger.points_account(other), clock.now()
    holds = [ids.new_id("hold") for _ in range(8)]
    for each in holds:
        until = clock.to_ms(now) // 1000 + 600
        ledger.place_hold(account, each, 10, until, ledger.Cause("", "test", 0), now)
    merged(Pair(other, one))
    assert available(one) == 20
    # Two that read one seq name one reference of what goes on: it is no act's own.
    with ThreadPoolExecutor(len(holds)) as threads:
        list(threads.map(lambda each: ledger.release_hold(each, now), holds))
    assert (available(one), books(one, other)["points"]) == (100, 100)


@pytest.mark.parametrize("fault", [faults.crash_before, faults.crash_after])
def test_a_merge_that_a_crash_cut_off_is_finished_by_the_next_run(
    world: World, people: People, fault: Any
) -> None:
    one, other = people.sign_in(), people.sign_in()
    world.give(other.id, 7)
    address, belongings = world.address(other.id), Belongings(world, other.id)
    before, counted = belongings.of(other.id), belongings.counted(other.id)
    pair, act = Pair(other.id, one.id), act_on(other.id)
    crashes, at = 0, 0
    while not members.merged_into(other.id) or queries.is_unfinished(pair):
        try:
            with wire.tapped(faults.Injection(at, fault)):
                if at % 2 or not acts_on(world, other.id):
                    merged(pair, act)
                else:
                    run()
        except faults.Crash:
            crashes += 1
        at += 1
    assert crashes > 10
    assert (available(one.id), available(other.id)) == (7, 0)
    assert world.api.get(f"/v1/me/addresses/{address}", as_=one.token).status == 200
    assert people.sign_in(other.phone).id == one.id
    assert len(acts_on(world, other.id)) == 1
    assert (belongings.of(one.id), belongings.of(other.id)) == (before, NOTHING)
    assert belongings.counted(one.id) == counted
    for member in (one.id, other.id):
        for unit in ledger.UNITS:
            sound(ledger.account_of(member, unit))
