"""Referrals by rule: which order counts, whatever is heard of it in which order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.earning.rules import referrals as rules
from chalicelib.earning.rules.referrals import DAY_MS, MOST_ORDERS, Referral, Seen
from chalicelib.earning.rules.tasks import ReferralTerms, Task, TaskText, TaskTitle

pytestmark = pytest.mark.pure
JOINED = 1_000_000_000
TASK = Task(
    id="tsk_x",
    version=1,
    kind="referral",
    status="published",
    title=TaskTitle("邀请", "Invite"),
    text=TaskText(),
    points=100,
    referral=ReferralTerms(50, 1000, 15),
)


def referral(**other: Any) -> Referral:
    return Referral(referrer_id="mbr_a", friend_id="mbr_b", joined_at_ms=JOINED, **other)


def told(*news: Seen, task: Task | None = TASK) -> Referral:
    known = referral()
    for each in news:
        known = rules.moved(rules.with_order(known, each), task)
    return known


def test_the_first_order_waits_for_the_end_of_its_window() -> None:
    known = told(Seen("mall:2", JOINED + 2, 5000), Seen("mall:1", JOINED + 1, 5000))
    due = JOINED + 1 + 15 * DAY_MS
    assert (known.state, known.order, known.due_at_ms) == ("waiting", "mall:1", due)


@pytest.mark.parametrize("seen", [
    Seen("mall:1", JOINED - 1, 5000),
    Seen("mall:1", JOINED + 1, 999),
    Seen("mall:1", JOINED + 1, 5000, 4001),
    Seen("mall:1", 0, 0, 5000),
])  # fmt: skip
def test_an_order_before_the_friend_joined_or_of_too_little_counts_for_nothing(seen: Seen) -> None:
    known = told(seen)
    assert (known.state, known.order, known.due_at_ms) == ("joined", None, None)


def test_an_order_of_the_second_in_which_the_friend_joined_counts() -> None:
    """Shops tell times in whole seconds."""
    joined = replace(told(), joined_at_ms=JOINED + 447)
    known = rules.moved(rules.with_order(joined, Seen("mall:1", JOINED, 5000)), TASK)
    assert (known.state, known.order) == ("waiting", "mall:1")


def test_without_a_task_nothing_is_promised_and_orders_are_remembered() -> None:
    known = told(Seen("mall:1", JOINED + 1, 5000), task=None)
    assert (known.state, len(known.orders)) == ("joined", 1)
    assert rules.moved(known, TASK).state == "waiting"


def test_the_promise_of_the_day_holds_when_ops_change_the_task() -> None:
    known = told(Seen("mall:1", JOINED + 1, 5000))
    again = rules.moved(rules.with_order(known, Seen("mall:2", JOINED + 9, 5000)), None)
    assert (again.state, again.promise) == ("waiting", known.promise)


def test_an_order_that_goes_back_makes_room_for_the_next_one() -> None:
    first, back = Seen("mall:1", JOINED + 1, 5000), Seen("mall:1", 0, 0, 5000)
    assert told(first, back).state == "joined"
    later = told(first, back, Seen("mall:2", JOINED + 7, 5000))
    assert (later.state, later.order) == ("waiting", "mall:2")


@given(st.permutations([
    Seen("mall:1", JOINED + 1, 5000), Seen("mall:1", JOINED + 1, 5000, 2000),
    Seen("mall:1", JOINED + 1, 5000, 4500), Seen("shop:9", JOINED + 5, 3000),
    Seen("shop:9", 0, 0, 500), Seen("mall:3", JOINED + 3, 900),
]))  # fmt: skip
def test_news_in_any_order_and_again_leads_to_one_end(news: list[Seen]) -> None:
    once, twice = told(*news), told(*news, *news)
    assert (once.state, once.order, once.due_at_ms) == (
        "waiting",
        "shop:9",
        JOINED + 5 + 15 * DAY_MS,
    )
    assert (twice.order, set(twice.orders)) == (once.order, set(once.orders))


def test_a_paid_referral_is_undone_once_too_little_is_left_of_its_order() -> None:
    paid = rules.paid(told(Seen("mall:1", JOINED + 1, 5000)), 100, 50, JOINED + 9)
    other = rules.with_order(paid, Seen("mall:2", JOINED + 2, 5000, 5000))
    some = rules.with_order(paid, Seen("mall:1", 0, 0, 4000))
    most = rules.with_order(paid, Seen("mall:1", 0, 0, 4001))
    assert [rules.is_undone(each) for each in (paid, other, some, most)] == [
        False,
        False,
        False,
        True,
    ]
    assert rules.moved(most, TASK).state == "paid"


def test_a_referral_remembers_so_many_orders_and_no_more() -> None:
    many = [Seen(f"mall:{number}", JOINED + 1, 5, 5) for number in range(MOST_ORDERS + 5)]
    assert len(told(*many).orders) == MOST_ORDERS
