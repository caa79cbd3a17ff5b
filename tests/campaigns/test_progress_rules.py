"""Progress by differences is what a plain recount gives, whatever came when."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.campaigns.rules import progress as rules
from chalicelib.campaigns.rules.missions import Goal, MissionScope
from chalicelib.campaigns.rules.progress import Progress
from chalicelib.campaigns.rules.purchases import PAID, UNDONE, Bought, Purchase

pytestmark = pytest.mark.pure

DAYS = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 31), date(2027, 1, 1)]
METRICS = ["orders", "spend", "points_spent", "categories", "order_months"]
SCOPES = [MissionScope(), MissionScope(categories=("home",)), MissionScope(skus=("B",))]


def bought(sku: str, left: int, category: str | None) -> Bought:
    return Bought(sku, "prd_1", 3, left, points=100 * left, cash=50 * left, category=category)


@st.composite
def versions(draw: st.DrawFn, order: str) -> list[Purchase]:
    """An order's purchase, version by version: refunds take units back, at last perhaps all."""
    lefts = sorted(draw(st.lists(st.integers(0, 3), min_size=1, max_size=4)), reverse=True)
    category = draw(st.sampled_from(["home", "tea", None]))
    made = []
    for number, left in enumerate(lefts):
        lines = (bought("A", left, category), bought("B", min(left, 1), "home"))
        state = UNDONE if left == 0 else PAID
        made.append(
            Purchase(order, "mbr_1", number + 1, 0, state, "physical", lines, points=1, cash=1)
        )
    return made


@st.composite
def histories(draw: st.DrawFn) -> list[list[Purchase]]:
    return [draw(versions(f"ord_{n}")) for n in range(draw(st.integers(1, 4)))]


@given(
    histories(),
    st.sampled_from(METRICS),
    st.sampled_from(SCOPES),
    st.sampled_from([(0, 0), (150, 0), (0, 120)]),
    st.randoms(use_true_random=False),
)
def test_any_order_of_purchases_and_refunds_counts_as_a_plain_recount(
    history: list[list[Purchase]],
    metric: str,
    scope: MissionScope,
    least: tuple[int, int],
    random: object,
) -> None:
    goal = Goal(metric, 3, scope, *least)  # type: ignore[arg-type]
    told = [purchase for versions_ in history for purchase in versions_]
    random.shuffle(told)  # type: ignore[attr-defined]
    progress = Progress(member_id="mbr_1", mission_id="mis_1", period="fixed", until_ms=0)
    kept: dict[str, Purchase] = {}

    for purchase in told + told:  # each fact comes twice
        before = kept.get(purchase.order_id)
        if before is not None and before.version >= purchase.version:
            continue
        day = day_of(purchase)
        more = rules.difference(
            rules.counted(goal, before, day), rules.counted(goal, purchase, day)
        )
        if more:
            progress = rules.with_more(goal, progress, more)
        kept[purchase.order_id] = purchase

    assert progress.value == recount(goal, [each[-1] for each in history])
    assert all(count > 0 for count in progress.parts.values())


def day_of(purchase: Purchase) -> date:
    return DAYS[int(purchase.order_id.removeprefix("ord_"))]


def recount(goal: Goal, orders: list[Purchase]) -> int:
    """By plain arithmetic, from what is left of each order."""
    good = []
    for order in orders:
        lines = [
            line
            for line in order.lines
            if line.left
            and (not goal.scope.categories or line.category in goal.scope.categories)
            and (not goal.scope.skus or line.sku in goal.scope.skus)
        ]
        points, cash = sum(line.points for line in lines), sum(line.cash for line in lines)
        is_enough = points >= goal.least_points and cash >= goal.least_cash
        if order.state != UNDONE and lines and is_enough:
            good.append((order, lines, points, cash))
    if goal.metric == "orders":
        return len(good)
    if goal.metric == "spend":
        return sum(cash for *_, cash in good)
    if goal.metric == "points_spent":
        return sum(points for _, _, points, _ in good)
    if goal.metric == "categories":
        return len({line.category for _, lines, *_ in good for line in lines} - {None})
    months = {(day.year, day.month) for order, *_ in good for day in [day_of(order)]}
    return max((run_from(months, year, month) for year, month in months), default=0)


def run_from(months: set[tuple[int, int]], year: int, month: int) -> int:
    run = 0
    while (year, month) in months:
        run += 1
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return run


@pytest.mark.parametrize(
    ("names", "longest"),
    [
        ([], 0), (["2026-11-30"], 1), (["2026-12-31", "2027-01-01", "2027-01-03"], 2),
        (["2028-02-28", "2028-02-29", "2028-03-01"], 3), (["2027-02-28", "2027-03-01"], 2),
        (["2026-12", "2027-01", "2027-02"], 3), (["2026-11", "2027-01"], 1),
    ],
)  # fmt: skip
def test_a_run_goes_over_the_ends_of_months_and_years(names: list[str], longest: int) -> None:
    assert rules.longest_run(names) == longest


def test_a_streak_stands_until_a_whole_day_was_missed() -> None:
    days = ["2026-11-28", "2026-11-29"]
    assert rules.streak_until(days, date(2026, 11, 29)) == 2
    assert rules.streak_until(days, date(2026, 11, 30)) == 2
    assert rules.streak_until(days, date(2026, 12, 1)) == 0


def test_a_day_counts_once() -> None:
    goal = Goal("check_ins", 3)
    seen = Progress(member_id="mbr_1", mission_id="mis_1", period="2026-11", until_ms=0)
    once = rules.with_part(goal, seen, "2026-11-30")
    assert rules.with_part(goal, once, "2026-11-30") == replace(once, version=2)
    assert once.value == 1
