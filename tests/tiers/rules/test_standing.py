"""Standings: any order of what a member does agrees with plain arithmetic."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import from_ms
from chalicelib.tiers.rules import standing as rules
from chalicelib.tiers.rules.standing import Grant, Sums
from tests.tiers.rules.ladders import at, ladder
from tests.tiers.rules.spending import after, nobody, reviewed, spent

pytestmark = pytest.mark.pure
DAY_MS = 86_400_000


@given(st.permutations([60, 300, -60, 250, -100, 1600, -1200]), st.data())
def test_any_order_and_any_repetition_ends_at_the_level_of_the_sum(
    amounts: list[int], data: Any
) -> None:
    """Facts come late, twice and in any order; whoever recounts sees all rows of the month."""
    now, seen, rows = at("2026-11-20 12:00"), nobody(), {}
    often = data.draw(st.lists(st.sampled_from(amounts), max_size=8))
    for amount in [*amounts, *often]:
        rows[amount] = Sums(amount, 1)
        seen = rules.count(seen, now.month, rules.total(rows.values()), now)[0]
    assert seen.months == {now.month: Sums(sum(amounts), len(amounts))}
    assert seen.tier == now.ladder.earned({"spend": sum(amounts)}) == "gold"


MONTHS = [f"{year}-{month:02d}-15 12:00" for year in (2026, 2027) for month in range(1, 13)]


@given(st.lists(st.tuples(st.integers(0, 23), st.integers(0, 600)), max_size=30))
def test_a_tier_that_only_rises_agrees_with_the_windows_of_plain_arithmetic(
    acts: list[tuple[int, int]],
) -> None:
    """Within a term no tier falls: it is the best window of any moment since it began."""
    of, spending = ladder(months=24), Counter[int]()
    best, seen = 0, nobody()
    for month, amount in sorted(acts):
        spending[month] += amount
        best = max(best, of.rank(of.earned({"spend": spending.total()})))
        seen = spent(seen, amount, at(MONTHS[month], of))
    assert of.rank(seen.tier) == best


def test_an_upgrade_is_at_once_and_kept_for_as_many_whole_months() -> None:
    seen = after(("2026-11-20 12:00", 500))
    assert seen.tier == "gold"
    assert seen.since_ms == at("2026-11-20 12:00").now_ms
    assert seen.until_ms == at("2027-12-01 00:00").now_ms


def test_the_last_moment_of_a_month_and_the_first_of_the_next_are_two_months() -> None:
    seen = after(("2026-11-30 23:59", 60), ("2026-12-01 00:00", 40))
    assert [sums.spend for sums in seen.months.values()] == [60, 40]
    assert seen.until_ms == at("2028-01-01 00:00").now_ms


def test_a_month_leaves_the_window_whole() -> None:
    window = ladder(months=1)
    assert after(("2026-10-31 23:59", 60), ("2026-11-30 23:59", 40), of=window).tier == "silver"
    assert after(("2026-10-31 23:59", 60), ("2026-12-01 00:00", 40), of=window).tier == "normal"


@pytest.mark.parametrize(
    ("window", "until"),
    [("calendar_year", "2028-01-01 00:00"), ("calendar_quarter", "2027-04-01 00:00")],
)
def test_a_calendar_window_keeps_a_tier_to_the_end_of_the_next_one(window: str, until: str) -> None:
    seen = after(("2026-11-20 12:00", 500), of=ladder(window=window))
    assert seen.until_ms == at(until).now_ms


def test_a_calendar_year_judges_by_the_year_that_ended() -> None:
    of = ladder(window="calendar_year")
    kept = after(("2026-11-20 12:00", 500), ("2027-06-01 12:00", 120), of=of)
    assert kept.tier == "gold"
    assert reviewed(kept, "2027-12-31 23:59", of) == kept
    assert reviewed(kept, "2028-01-01 00:00", of).tier == "silver"


def test_29_february_belongs_to_a_month_as_long_as_any() -> None:
    seen = after(("2028-02-29 23:59", 100), of=ladder(months=12))
    assert seen.until_ms == at("2029-03-01 00:00").now_ms
    assert reviewed(seen, "2029-02-28 23:59").tier == "silver"
    assert reviewed(seen, "2029-03-01 00:00").tier == "normal"


def test_a_tier_falls_to_the_level_earned_or_by_one_step() -> None:
    for downgrade, tier in (("to_level_earned", "normal"), ("one_step", "gold")):
        of = ladder(downgrade=downgrade)
        seen = after(("2026-11-20 12:00", 2000), of=of)
        assert reviewed(seen, "2027-12-01 00:00", of).tier == tier


def test_one_step_falls_no_lower_than_the_level_earned() -> None:
    of = ladder(downgrade="one_step")
    seen = after(("2026-11-20 12:00", 2000), ("2027-06-01 12:00", 1900), of=of)
    assert reviewed(seen, "2027-12-01 00:00", of).tier == "gold"
    steps = [reviewed(seen, "2027-12-01 00:00", of)]
    while steps[-1].until_ms is not None:
        text = f"{from_ms(steps[-1].until_ms).astimezone(at('2026-01-01 00:00').zone)}"[:16]
        steps.append(reviewed(steps[-1], text, of))
    assert [step.tier for step in steps] == ["gold", "silver", "normal"]


def test_who_earned_the_tier_again_keeps_it_for_another_term() -> None:
    seen = after(("2026-11-20 12:00", 500), ("2027-06-01 12:00", 500))
    again = reviewed(seen, "2027-12-01 00:00")
    assert (again.tier, again.since_ms) == ("gold", seen.since_ms)
    assert again.until_ms == at("2029-01-01 00:00").now_ms


def test_days_of_grace_keep_a_tier_and_count_what_is_spent_in_them() -> None:
    of = ladder(grace_days=10)
    seen = after(("2026-11-20 12:00", 500), of=of)
    assert reviewed(seen, "2027-12-10 23:59", of) == seen
    assert reviewed(seen, "2027-12-11 00:00", of).tier == "normal"
    saved = spent(seen, 500, at("2027-12-05 12:00", of))
    assert reviewed(saved, "2027-12-11 00:00", of).tier == "gold"


def test_a_refund_undoes_an_upgrade_whenever_it_comes() -> None:
    seen = after(("2026-11-20 12:00", 500))
    for when in ("2026-11-21 12:00", "2027-11-20 12:00"):
        undone = spent(seen, -450, at(when))
        assert undone.tier == "normal", when
        assert spent(seen, -300, at(when)).tier == "silver"


def test_a_refund_undoes_no_more_than_it_takes() -> None:
    """What has left the window meanwhile is not missed: only the refund is."""
    of = ladder(months=2)
    seen = after(("2026-09-20 12:00", 400), ("2026-11-20 12:00", 150), of=of)
    assert seen.tier == "gold"
    assert spent(seen, -10, at("2026-12-20 12:00", of)).tier == "gold"
    assert spent(seen, -100, at("2026-12-20 12:00", of)).tier == "silver"


def test_a_refund_takes_no_tier_that_an_earlier_term_earned() -> None:
    earned = reviewed(
        after(("2026-11-20 12:00", 150), ("2027-06-01 12:00", 150)), "2027-12-01 00:00"
    )
    assert (earned.tier, earned.held) == ("silver", "silver")
    risen = spent(earned, 500, at("2028-01-05 12:00"))
    fallen = spent(risen, -500, at("2028-01-06 12:00"))
    assert [risen.tier, fallen.tier, fallen.until_ms] == ["gold", "silver", earned.until_ms]


def test_by_policy_a_refund_leaves_an_upgrade() -> None:
    of = ladder(refund_undoes_upgrade=False)
    seen = after(("2026-11-20 12:00", 500), of=of)
    left = spent(seen, -500, at("2026-11-21 12:00", of))
    assert (left.tier, left.months[at("2026-11-21 12:00").month].spend) == ("gold", 0)
    assert reviewed(left, "2027-12-01 00:00", of).tier == "normal"


def test_a_grant_counts_until_it_ends_and_then_the_earned_tier_does() -> None:
    now = at("2026-11-20 12:00")
    ends = at("2026-12-20 12:00").now_ms
    given, why = rules.granted(after(("2026-11-01 12:00", 100)), Grant("diamond", ends), now)
    assert (given.tier, given.earned, why, rules.until_ms(given)) == (
        "diamond",
        "silver",
        "grant",
        ends,
    )
    assert rules.due_at_ms(given, now) == ends
    assert reviewed(given, "2026-12-20 11:59") == given
    over, why = rules.review(given, at("2026-12-20 12:00"))
    assert (over.tier, over.grant, why) == ("silver", None, "grant_ended")


def test_a_member_who_earns_more_than_their_grant_has_what_they_earn() -> None:
    now = at("2026-11-20 12:00")
    given, _ = rules.granted(nobody(), Grant("gold", now.now_ms + DAY_MS), now)
    risen = spent(given, 2000, now)
    assert risen.tier == "diamond"
    over, why = rules.review(risen, at("2026-11-22 12:00"))
    assert (over.tier, over.grant, why) == ("diamond", None, None)


def test_progress_tells_what_is_missing_by_each_metric() -> None:
    seen = after(("2026-11-20 12:00", 120))
    told = rules.progress(seen, at("2026-11-20 12:00"))
    assert [tuple(each) for each in told] == [("spend", 120, "gold", 380)]
    top = after(("2026-11-20 12:00", 2000))
    assert rules.progress(top, at("2026-11-20 12:00")) == []


def test_months_that_no_window_can_count_are_forgotten() -> None:
    seen = after(("2024-10-01 12:00", 10), ("2026-11-20 12:00", 10))
    assert len(seen.months) == 2
    assert len(spent(seen, 10, at("2026-12-20 12:00")).months) == 2
    late = rules.count(seen, at("2020-01-01 12:00").month, Sums(5), at("2026-11-20 12:00"))[0]
    assert late == seen
