"""Scores: what counts, how much, and the level that follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import Invalid
from chalicelib.risk.rules.evidence import (
    HOUR_MS,
    KINDS,
    Evidence,
    Movement,
    most_in_an_hour,
    refunded_share,
    refunds_after_spending,
)
from chalicelib.risk.rules.scores import (
    BUILT_IN,
    LEVELS,
    SUGGESTED,
    Levels,
    Published,
    RiskRule,
    RiskRules,
    check_rules,
    in_words,
    judge,
)

pytestmark = pytest.mark.pure

RULES = Published(SUGGESTED, 1)
EVIDENCE = st.builds(Evidence, **{kind: st.integers(0, 100) for kind in KINDS})


def test_a_member_without_evidence_has_no_score_and_no_level() -> None:
    assert judge(Evidence(), RULES) == (0, "none", (), 1)


@given(EVIDENCE)
def test_the_built_in_rules_only_watch(evidence: Evidence) -> None:
    assert judge(evidence, BUILT_IN).level in ("none", "watch")


@given(EVIDENCE, st.sampled_from(sorted(KINDS)))
def test_more_evidence_never_lowers_a_score_or_a_level(evidence: Evidence, kind: str) -> None:
    more = Evidence(**{each: evidence.of(each) + (each == kind) for each in KINDS})
    before, after = judge(evidence, RULES), judge(more, RULES)
    assert after.score >= before.score
    assert LEVELS.index(after.level) >= LEVELS.index(before.level)


@given(EVIDENCE)
def test_the_reasons_sum_to_the_score_and_have_words(evidence: Evidence) -> None:
    verdict = judge(evidence, RULES)
    assert sum(each.score for each in verdict.reasons) == verdict.score
    for language in ("zh-CN", "en"):
        texts = in_words(verdict.reasons, language)
        pairs = zip(verdict.reasons, texts, strict=True)
        assert all(str(each.count) in text for each, text in pairs)
        assert not any("{" in text for text in texts)


def test_of_several_rules_of_a_kind_the_highest_counts() -> None:
    rules = (RiskRule("linked_friends", 1, 10), RiskRule("linked_friends", 3, 25))
    published = Published(RiskRules(rules, Levels(watch=20)))
    assert judge(Evidence(linked_friends=2), published)[:2] == (10, "none")
    assert judge(Evidence(linked_friends=3), published)[:2] == (25, "watch")


def test_a_rule_counts_each_further_piece_up_to_its_most() -> None:
    rule = RiskRule("members_on_a_device", 3, 40, 10, 75)
    assert [rule.score_of(count) for count in (0, 2, 3, 4, 6, 7, 99)] == [0, 0, 40, 50, 70, 75, 75]


@pytest.mark.parametrize(
    ("levels", "field"),
    [
        (Levels(watch=50, pending=50), "levels.pending"),
        (Levels(pending=60, review=40), "levels.review"),
        (Levels(watch=10, freeze=5), "levels.freeze"),
    ],
)
def test_levels_that_do_not_rise_are_refused(levels: Levels, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_rules(RiskRules((), levels))
    assert [each.field for each in refused.value.fields] == [field]


def test_a_rule_whose_most_is_below_its_score_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        check_rules(RiskRules((RiskRule("linked_friends", 1, 50, 0, 20),), Levels(watch=10)))
    assert [each.field for each in refused.value.fields] == ["rules[0].at_most"]


def moved(
    at_ms: int,
    points: int = 100,
    rule: str = "purchases",
    *,
    back: bool = False,
    order: str | None = None,
    spent: bool = False,
) -> Movement:
    return Movement(at_ms, rule, points, back, order or f"order:{at_ms}", spent)


def test_a_few_refunds_are_no_evidence_whatever_their_share() -> None:
    assert refunded_share([moved(0), moved(1, back=True), moved(2, back=True)]) == 0


def test_one_order_refunded_in_parts_is_one() -> None:
    parts = [moved(at, back=True, order="order:1", spent=True) for at in range(9)]
    assert refunded_share([moved(0), *parts]) == 0
    assert refunds_after_spending(parts) == 1


def test_refunds_count_as_taken_advantage_of_only_where_points_were_spent() -> None:
    movements = [moved(1, back=True), moved(2, back=True, spent=True), moved(3, spent=True)]
    assert refunds_after_spending(movements) == 1


def test_the_share_of_points_taken_back_is_in_percent() -> None:
    back = [moved(each, 25, back=True) for each in range(3)]
    assert refunded_share([moved(0), *back]) == 75
    assert refunded_share(back) == 100
    assert refunded_share([moved(0, 10), *back]) == 100


@given(st.lists(st.integers(0, 6 * HOUR_MS), max_size=30))
def test_the_densest_hour_is_that_of_plain_counting(times: list[int]) -> None:
    plain = max((sum(at <= each < at + HOUR_MS for each in times) for at in times), default=0)
    assert most_in_an_hour([moved(at) for at in times]) == plain


def test_credits_of_other_rules_and_clawbacks_make_no_burst() -> None:
    both = [moved(1), moved(2, rule="check-in"), moved(3, back=True)]
    assert most_in_an_hour(both) == 1
