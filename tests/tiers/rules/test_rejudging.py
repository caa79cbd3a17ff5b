"""A new ladder: who reaches more rises at once, who has less keeps their tier for its time."""

from __future__ import annotations

import pytest

from chalicelib.tiers.rules import standing as rules
from chalicelib.tiers.rules.history import step_of
from chalicelib.tiers.rules.ladder import Ladder
from chalicelib.tiers.rules.standing import Grant
from tests.tiers.rules.ladders import at, ladder, level
from tests.tiers.rules.spending import after, reviewed

pytestmark = pytest.mark.pure
NOW = "2026-11-10 12:00"
LOWER = Ladder(levels=[level("normal"), level("silver", 50), level("gold", 200)])
HIGHER = Ladder(levels=[level("normal"), level("silver", 400), level("gold", 9000)])
OTHERS = Ladder(levels=[level("normal"), level("silver", 100), level("jade", 900)])


@pytest.mark.parametrize(
    ("spent", "before", "tier"),
    [(40, "normal", "normal"), (60, "normal", "silver"), (250, "silver", "gold")],
)
def test_a_lower_threshold_lifts_at_once_who_has_reached_it(
    spent: int, before: str, tier: str
) -> None:
    seen = after((NOW, spent))
    assert seen.tier == before
    made, why = rules.rejudged(seen, at(NOW, LOWER))
    assert (made.tier, made.earned, why) == (tier, tier, "ladder" if tier != before else None)
    assert made.until_ms == at(NOW, LOWER).kept_until_ms(tier)


def test_a_higher_threshold_takes_no_tier_before_its_time_is_over() -> None:
    seen = after((NOW, 600))
    made, why = rules.rejudged(seen, at(NOW, HIGHER))
    assert (made, why, made.tier) == (seen, None, "gold")
    assert reviewed(made, "2027-11-30 23:59", HIGHER).tier == "gold"
    assert reviewed(made, "2027-12-01 00:00", HIGHER).tier == "normal"


def test_who_has_a_level_that_is_gone_has_the_one_that_they_earn() -> None:
    seen = after((NOW, 600))
    made, why = rules.rejudged(seen, at(NOW, OTHERS))
    assert (made.tier, made.earned, why) == ("silver", "silver", "ladder")
    assert not step_of(seen, made, "ladder", at(NOW, OTHERS)).rose
    alone = Ladder(levels=[level("normal")])
    made, why = rules.rejudged(seen, at(NOW, alone))
    assert (made.tier, made.earned, made.until_ms, why) == ("normal", "normal", None, "ladder")


def test_a_granted_level_that_is_gone_ends_and_any_other_stays() -> None:
    until_ms = at("2027-06-01 00:00").now_ms
    for tier, left in (("diamond", "normal"), ("silver", "silver")):
        seen, _ = rules.granted(after((NOW, 10)), Grant(tier, until_ms), at(NOW))
        made, _ = rules.rejudged(seen, at(NOW, OTHERS))
        assert (made.tier, made.grant is None) == (left, tier == "diamond")


def test_a_held_level_that_is_gone_holds_nobody() -> None:
    kept = ladder(refund_undoes_upgrade=False)
    seen = after((NOW, 600), of=kept)
    assert seen.held == "gold"
    made, _ = rules.rejudged(seen, at(NOW, OTHERS))
    assert (made.held, made.held_until_ms) == ("normal", None)


def test_the_same_ladder_again_changes_nobody() -> None:
    for spent in (10, 150, 700, 5000):
        seen = after((NOW, spent))
        assert rules.rejudged(seen, at(NOW)) == (seen, None)


def test_other_days_of_grace_move_the_time_of_judgement() -> None:
    seen = after((NOW, 600))
    later = at(NOW, ladder(grace_days=7))
    before_ms, after_ms = rules.due_at_ms(seen, at(NOW)), rules.due_at_ms(seen, later)
    assert before_ms is not None
    assert after_ms is not None
    assert after_ms - before_ms == 7 * 86_400_000
