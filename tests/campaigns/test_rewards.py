from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from msgspec.structs import astuple

from chalicelib import ledger
from chalicelib.campaigns.actions import rewards
from chalicelib.campaigns.queries import rewards as queries
from chalicelib.campaigns.rules.rewards import Reward
from chalicelib.kernel import clock
from chalicelib.kernel.cursors import every
from chalicelib.kernel.store.writes import WriteSet
from tests.api import new_key
from tests.campaigns.rewarding import advance_past, balance, points, promised, sweep
from tests.world import World

REF = "mission:mis_1:2026-11"
SOURCE = "mission:mis_1"


def pay(member: str, reward: Reward, reference: str = REF) -> Any:
    return rewards.pay(reward, member, reference, clock.now(), source=SOURCE)


@pytest.mark.parametrize("unit", ["points", "growth", "rebate_cash"])
def test_a_reward_is_paid_once_by_its_reference(world: World, unit: Any) -> None:
    member = world.member()

    first = pay(member, Reward(unit, 30))
    again = pay(member, Reward(unit, 30))

    assert (first.state, again.state) == ("paid", "paid")
    assert balance(member, unit) == 30


def test_the_entry_of_a_reward_names_what_gave_it(world: World) -> None:
    member = world.member()
    pay(member, points(30))

    entry = ledger.find_entry(ledger.points_account(member), f"reward:{REF}:1")

    assert entry is not None
    assert (entry.source, entry.rule) == (SOURCE, "mission")


def test_crowds_that_pay_one_reward_pay_it_once(world: World) -> None:
    member = world.member()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: pay(member, points(30)), range(8)))

    assert balance(member) == 30


def test_a_monthly_reward_comes_until_its_month_is_over(world: World, time: Any) -> None:
    member = world.member()

    made = pay(member, points(30, "month"))

    assert made.state == "coming"
    assert [each.reference for each in queries.coming(member)] == [REF]
    assert balance(member) == 0
    advance_past(time, made)
    sweep()
    assert balance(member) == 30
    assert promised(member, REF).state == "paid"
    assert queries.coming(member) == []


def test_a_closing_run_may_be_repeated(world: World, time: Any) -> None:
    member = world.member()
    advance_past(time, pay(member, points(30, "quarter")))

    sweep()
    sweep()

    assert balance(member) == 30


def test_a_reward_that_a_crash_left_unpaid_is_paid_by_the_sweep(world: World, time: Any) -> None:
    member = world.member()
    writes = WriteSet()
    rewards.promise(writes, points(30), member, REF, clock.now(), source=SOURCE)
    writes.commit()
    time.advance(seconds=2)

    sweep()

    assert balance(member) == 30


def test_what_is_undone_before_its_payment_is_never_paid(world: World, time: Any) -> None:
    member = world.member()
    made = pay(member, points(30, "month"))

    undone = rewards.undo(member, REF, clock.now())

    assert undone is not None
    assert undone.state == "undone"
    assert queries.coming(member) == []
    advance_past(time, made)
    sweep()
    assert balance(member) == 0


def test_what_is_undone_after_its_payment_is_taken_back_once(world: World) -> None:
    member = world.member()
    pay(member, points(30))

    rewards.undo(member, REF, clock.now())
    rewards.undo(member, REF, clock.now())

    assert balance(member) == 0
    assert promised(member, REF).state == "taken_back"


def test_points_that_were_spent_meanwhile_are_owed(world: World) -> None:
    member = world.member()
    pay(member, points(30))
    world.order(member, world.sku(points=30), address_id=world.address(member))

    rewards.undo(member, REF, clock.now())

    assert balance(member) == -30


def test_a_reward_falls_and_rises_with_what_it_is_worth(world: World) -> None:
    member = world.member()
    pay(member, points(30))

    for amount in (10, 20, 0, 30):
        writes = WriteSet()
        rewards.make_worth(writes, promised(member, REF), amount, clock.now())
        writes.commit()
        rewards.settle(member, REF, clock.now())
        assert balance(member) == amount


def test_a_reward_without_a_payer_is_refused_and_told(world: World) -> None:
    member = world.member()

    made = pay(member, Reward("coupon", template_id="tpl_none"))

    assert (made.state, made.refused) == ("refused", "not_found")
    sweep()
    assert promised(member, REF).state == "refused"


def test_the_sums_of_a_period_are_those_of_its_rewards(world: World, time: Any) -> None:
    made = [
        pay(world.member(), Reward("growth", 10 * n, when="month"), new_key()) for n in (1, 2, 3)
    ]
    period = made[0].period
    seen = _growth_of(period)

    rewards.undo(made[2].member_id, made[2].reference, clock.now())

    assert _less(_growth_of(period), seen) == (-1, -30, 0, 0, 0)
    advance_past(time, made[0])
    sweep()
    after = _growth_of(period)
    assert (after.earned, after.worth) == (after.paid, after.amount)


def _growth_of(period: str | None) -> Any:
    found = [each for each in queries.closings() if (each.period, each.kind) == (period, "growth")]
    return found[0].sums


def _less(after: Any, before: Any) -> tuple[int, ...]:
    return astuple(after.plus(before, -1))


def test_a_closing_run_counts_what_it_could_not_pay(world: World, time: Any) -> None:
    member = world.member()
    made = pay(member, Reward("coupon", template_id="tpl_none", when="month"))

    advance_past(time, made)
    sweep()

    assert [each.reference for each in queries.coming(member)] == []
    closing = next(
        each for each in queries.closings() if (each.period, each.kind) == (made.period, "coupon")
    )
    assert closing.sums.refused >= 1
    assert member in {each.member_id for each in every(queries.refused)}


@pytest.mark.parametrize(
    ("named", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 5_000}, "reference"),
        ({"reference": "任务"}, "reference"),
        ({"member_id": ""}, "member_id"),
        ({"member_id": "mbr_" + "a" * 5_000}, "member_id"),
    ],
)
def test_a_reward_that_no_key_can_name_is_refused(
    world: World, named: dict[str, str], field: str
) -> None:
    body = {"member_id": "mbr_nobody", "reference": "mission:mis_none:fixed"}
    path = "/v1/admin/rewards/retries"
    refused = world.api.post(path, {**body, **named}, as_=world.ops, key=new_key())
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, field)
    assert world.api.post(path, body, as_=world.ops, key=new_key()).status == 404
