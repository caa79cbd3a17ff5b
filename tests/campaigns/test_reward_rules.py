"""Rewards move towards what they are worth, and never beyond."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.rules import rewards as rules
from chalicelib.campaigns.rules.periods import DAY, MONTH, QUARTER, WEEK, Calendar, period_of
from chalicelib.campaigns.rules.rewards import Promise, Reward, check_reward
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Invalid

pytestmark = pytest.mark.pure

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)


def made(when: str = "now", amount: int = 100) -> Promise:
    reward = Reward("points", amount, when=when)  # type: ignore[arg-type]
    return rules.promise("mbr_1", "ref", reward, "mission:mis_1", AT, ZONE)


def settled(promise: Promise, now_ms: int) -> Promise:
    if amount := rules.more_to_pay(promise, now_ms):
        return rules.after_payment(promise, amount, promise.member_id, now_ms)
    if back := rules.to_take(promise):
        return rules.after_taking(promise, back, now_ms)
    return promise


def test_a_coupon_that_was_given_stays_and_no_second_one_follows() -> None:
    now_ms, reward = to_ms(AT), Reward("coupon", template_id="tpl_1")
    first = rules.promise("mbr_1", "ref", reward, "mission:mis_1", AT, ZONE)
    undone = settled(rules.worth(first, 0, now_ms), now_ms)
    assert (undone.paid, undone.next_at_ms) == (0, None)
    given_once = settled(rules.worth(undone, 1, now_ms), now_ms)
    assert (given_once.paid, given_once.next_at_ms) == (1, None)
    for amount in (0, 1, 0):
        seen = rules.worth(given_once, amount, now_ms)
        assert settled(seen, now_ms) == seen
        assert (seen.paid, seen.next_at_ms) == (1, None)


@pytest.mark.parametrize(
    ("kind", "name", "days"),
    [
        (DAY, "2026-11-30", 1), (WEEK, "2026-W49", 7),
        (MONTH, "2026-11", 30), (QUARTER, "2026-Q4", 92),
    ],
)  # fmt: skip
def test_a_period_is_that_of_the_programs_calendar(kind: Calendar, name: str, days: int) -> None:
    found = period_of(kind, AT, ZONE)
    assert found.name == name
    assert found.until_ms - found.from_ms == days * 86_400_000
    assert found.from_ms <= to_ms(AT) < found.until_ms


def test_a_minute_later_another_month_begins() -> None:
    assert period_of(MONTH, datetime(2026, 11, 30, 16, tzinfo=UTC), ZONE).name == "2026-12"


def test_february_of_a_leap_year_has_29_days() -> None:
    found = period_of(MONTH, datetime(2028, 2, 29, 12, tzinfo=UTC), ZONE)
    assert found.until_ms - found.from_ms == 29 * 86_400_000


def test_a_monthly_reward_is_due_when_its_month_is_over_and_not_before() -> None:
    promise = made("month")
    assert rules.more_to_pay(promise, promise.due_at_ms - 1) == 0
    assert rules.more_to_pay(promise, promise.due_at_ms) == 100


@given(st.lists(st.integers(0, 300), max_size=12), st.sampled_from(["now", "month"]))
def test_what_is_paid_follows_what_a_reward_is_worth(amounts: list[int], when: str) -> None:
    promise = made(when)
    for number, amount in enumerate(amounts):
        now_ms = promise.due_at_ms + number
        promise = settled(rules.worth(promise, amount, now_ms), now_ms)
        assert promise.paid == promise.amount == amount
        assert settled(promise, now_ms) == promise
        assert all(each.amount >= 0 for each in promise.given)


@given(st.lists(st.integers(0, 300), max_size=6))
def test_before_its_time_nothing_of_a_reward_is_paid(amounts: list[int]) -> None:
    promise = made("quarter")
    for amount in amounts:
        promise = settled(rules.worth(promise, amount, promise.at_ms), promise.at_ms)
        assert promise.paid == 0


@pytest.mark.parametrize(
    ("reward", "field"),
    [
        (Reward("points"), "reward.amount"), (Reward("coupon"), "reward.template_id"),
        (Reward("gift", sku="CUP"), "reward.template_id"),
        (Reward("growth", 5, template_id="tpl_1"), "reward.template_id"),
        (Reward("coupon", 5, "tpl_1"), "reward.amount"),
        (Reward("points", 5, sku="CUP"), "reward.sku"),
    ],
)  # fmt: skip
def test_a_reward_names_what_its_kind_lacks(reward: Reward, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_reward(reward)
    assert [each.field for each in refused.value.fields] == [field]
