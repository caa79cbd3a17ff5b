"""What campaigns brought is counted by difference: any history sums to what is left of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.campaigns.rules.purchases import PAID, UNDONE, Bought, Compared, Purchase, Saved
from chalicelib.campaigns.rules.results import Sums, changes, total, uplift_of

pytestmark = pytest.mark.pure

ORDER = Purchase(
    order_id="ord_1",
    member_id="mbr_1",
    version=1,
    at_ms=1_795_248_000_000,
    state=PAID,
    kind="physical",
    lines=(Bought("CUP", "prd_1", 2, 2, points=800, cash=1_980, cost=4_100),),
    points=800,
    cash=1_980,
    campaigns=(Saved("cam_1", 1, 100, 20),),
    compared=(Compared("cam_1", False), Compared("cam_2", True)),
)
GONE = replace(
    ORDER,
    version=2,
    state=UNDONE,
    points=0,
    cash=0,
    campaigns=(Saved("cam_1"),),
    lines=(replace(ORDER.lines[0], left=0, points=0, cash=0, cost=0),),
)


def test_an_order_counts_for_its_campaigns_and_for_those_that_compare_it() -> None:
    assert changes(None, ORDER) == {
        "cam_1": Sums(
            orders=1,
            points=800,
            cash=1_980,
            points_saved=100,
            cash_saved=20,
            cost=4_100,
            treated_orders=1,
            treated_cash=1_980,
        ),
        "cam_2": Sums(held_orders=1, held_cash=1_980),
    }


def test_what_is_undone_leaves_nothing() -> None:
    counted = [changes(None, ORDER), changes(ORDER, GONE)]
    for campaign_id in ("cam_1", "cam_2"):
        assert total(each[campaign_id] for each in counted) == Sums()


def test_a_change_that_counts_nothing_new_is_none() -> None:
    assert changes(ORDER, replace(ORDER, version=3)) == {}


@given(st.lists(st.tuples(st.integers(0, 800), st.integers(0, 1_980), st.booleans()), max_size=6))
def test_any_history_of_an_order_sums_to_its_last_version(
    history: list[tuple[int, int, bool]],
) -> None:
    seen, sums = None, Sums()
    last = ORDER
    for points, cash, undone in [*history, (300, 40, False)]:
        last = GONE if undone else replace(ORDER, points=points, cash=cash)
        sums = sums.plus(changes(seen, last).get("cam_1", Sums()))
        seen = last
    assert sums == changes(None, last)["cam_1"]


@pytest.mark.parametrize(
    ("treated", "held", "percent", "more"),
    [(40, 8, 20, 25), (32, 8, 20, 0), (16, 8, 20, -50), (5, 0, 10, None), (0, 3, 10, -100)],
)
def test_each_group_is_measured_by_its_share(
    treated: int, held: int, percent: int, more: int | None
) -> None:
    sums = Sums(treated_orders=treated, held_orders=held)
    found = uplift_of(sums, percent)
    assert found is not None
    assert (found.orders_percent, found.cash_percent) == (more, None)


def test_a_campaign_without_a_hold_out_has_no_uplift() -> None:
    assert uplift_of(Sums(treated_orders=9), 0) is None
