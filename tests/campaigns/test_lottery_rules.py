"""Lotteries by rule: odds that sum, prizes that end, guarantees, limits; and a fair ticket."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.campaigns.rules.draws import (
    Tally,
    after,
    chance_of,
    counted,
    drawn_again,
    result_of,
    ticket_of,
)
from chalicelib.campaigns.rules.lotteries import (
    THANKS,
    TICKETS,
    DrawLimits,
    Guarantee,
    Prize,
    check_lottery,
)
from chalicelib.kernel.errors import Invalid
from tests.campaigns.lotteries import PRIZES, SEED, lottery, prize

pytestmark = pytest.mark.pure
COUPON_, POINTS_, THANKS_ = PRIZES


def test_a_good_lottery_is_taken() -> None:
    check_lottery(lottery(guarantee=Guarantee(10, "p1"), limits=DrawLimits(total=50, day=5)))


def _prizes(*prizes: Prize) -> dict[str, Any]:
    return {"prizes": prizes}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        (_prizes(POINTS_, THANKS_), "prizes", "odds_do_not_sum"),
        (_prizes(replace(COUPON_, odds=1_001), POINTS_, THANKS_), "prizes", "odds_do_not_sum"),
        (_prizes(POINTS_, replace(POINTS_, odds=901_000)), "prizes", "one_thanks"),
        (_prizes(THANKS_, replace(THANKS_, odds=100_000)), "prizes", "one_thanks"),
        (_prizes(replace(COUPON_, stock=None), THANKS_), "prizes[0].stock", "required"),
        (_prizes(COUPON_, replace(THANKS_, stock=9)), "prizes[1].stock", "not_of_kind"),
        (_prizes(replace(POINTS_, points=None), THANKS_), "prizes[0].points", "required"),
        (_prizes(replace(COUPON_, sku="A"), THANKS_), "prizes[0].sku", "not_of_kind"),
        (_prizes(replace(POINTS_, odds=0), THANKS_), "prizes[0].odds", "never_won"),
        ({"guarantee": Guarantee(3, "p3")}, "guarantee.prize", "unknown"),
        ({"guarantee": Guarantee(3, "p9")}, "guarantee.prize", "unknown"),
        ({"guarantee": Guarantee(100, "p1")}, "guarantee.after", "too_large"),
        ({"from_ms": 10**12}, "valid.until", "too_early"),
        ({"free_per_day": 3, "limits": DrawLimits(day=2)}, "free_per_day", "too_large"),
        ({"price_points": 0}, "free_per_day", "required"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_lottery(lottery(**change))
    assert (field, code) in [(each.field, each.code) for each in refused.value.fields]


def test_a_prize_without_odds_may_be_guaranteed() -> None:
    prizes = (replace(COUPON_, odds=0), POINTS_, replace(THANKS_, odds=901_000))
    check_lottery(lottery(prizes=prizes, guarantee=Guarantee(9, "p1")))


def test_tickets_are_shared_by_the_odds_to_the_last() -> None:
    told, stock = lottery(), lottery().stock
    edges = {0: "p1", 999: "p1", 1_000: "p2", 99_999: "p2", 100_000: "p3", TICKETS - 1: "p3"}
    assert {each: result_of(told, each, stock, 0) for each in edges} == edges


def test_a_prize_that_is_gone_is_never_won() -> None:
    told = lottery()
    assert result_of(told, 0, {1: 0, 2: 40}, 0) == "p3"
    results = Counter(each.result for each in drawn_again(told, SEED, ["one"] * 20_000))
    assert results["p1"] == 3
    assert results["p2"] == 40
    assert results["p3"] == 20_000 - 43


def test_a_guaranteed_prize_comes_after_so_many_losses_while_it_lasts() -> None:
    told = lottery(guarantee=Guarantee(2, "p1"))
    assert result_of(told, TICKETS - 1, told.stock, 1) == "p3"
    assert result_of(told, TICKETS - 1, told.stock, 2) == "p1"
    assert result_of(told, TICKETS - 1, {1: 0, 2: 40}, 2) == "p3"


def test_losses_of_one_member_count_for_no_other() -> None:
    told = lottery(
        prizes=(prize("points", 1, 9, points=1), prize(THANKS, 999_999)),
        guarantee=Guarantee(2, "p1"),
    )
    results = [each.result for each in drawn_again(told, SEED, "ababab")]
    assert results == ["p2", "p2", "p2", "p2", "p1", "p1"]


def test_a_draw_takes_one_of_its_prize() -> None:
    assert after({1: 3, 2: 40}, "p1") == {1: 2, 2: 40}
    assert after({1: 3, 2: 40}, "p3") == {1: 3, 2: 40}


def test_free_draws_come_first_and_again_each_day() -> None:
    told, tally = lottery(free_per_day=1, limits=DrawLimits(total=5, day=2)), Tally()
    assert chance_of(told, tally, 7) == (2, 0, None)
    tally = counted(tally, 7, free=True, won=False)
    assert chance_of(told, tally, 7) == (1, 10, None)
    tally = counted(tally, 7, free=False, won=False)
    assert chance_of(told, tally, 7) == (0, 10, "day")
    assert chance_of(told, tally, 8) == (2, 0, None)
    assert tally.losses == 2
    assert counted(tally, 8, free=True, won=True) == Tally(3, 8, 1, 1, 0)
    assert chance_of(told, Tally(total=5, day=7), 9).reached == "total"


def test_a_lottery_without_a_price_has_its_free_draws_alone() -> None:
    told = lottery(price_points=0, free_per_day=2)
    assert chance_of(told, Tally(), 1) == (2, 0, None)
    assert chance_of(told, Tally(total=2, day=1, in_day=2, free=2), 1).reached == "day"


def test_a_ticket_depends_on_seed_lottery_and_number() -> None:
    found = {
        ticket_of(seed, name, n) for seed in (SEED, bytes(32)) for name in "ab" for n in (1, 2)
    }
    assert len(found) == 8


def test_a_million_draws_have_their_odds_by_chi_square() -> None:
    """Of 6 prizes: 5 degrees of freedom, of which 99.9% of fair lotteries stay below 20.52.

    The seed is fixed, so this test passes always or never.
    """
    odds = (100, 9_900, 40_000, 150_000, 300_000, 500_000)
    kinds = [prize("points", each, TICKETS, points=1) for each in odds[:-1]]
    told = lottery(prizes=(*kinds, prize(THANKS, odds[-1])))
    found = Counter(each.result for each in drawn_again(told, SEED, ["one"] * TICKETS))
    assert sum(found.values()) == TICKETS
    names = list(told.by_id)
    chi = sum((found[name] - each) ** 2 / each for name, each in zip(names, odds, strict=True))
    assert chi < 20.52


def test_tickets_are_even_by_chi_square() -> None:
    """Of 1,000 equal shares: 999 degrees of freedom, 99.9% of which stay below 1,143.9."""
    found = Counter(ticket_of(SEED, "lot", n) // 1_000 for n in range(TICKETS))
    assert sum((found[at] - 1_000) ** 2 / 1_000 for at in range(1_000)) < 1_143.9
