"""Cases: verdicts make them worse by themselves, the staff ends what is grave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.risk.rules import cases
from chalicelib.risk.rules.cases import (
    CLEARED,
    CLOSED,
    CONFIRMED,
    OPEN,
    Case,
    assessed,
    judged,
)
from chalicelib.risk.rules.evidence import Evidence, beyond
from chalicelib.risk.rules.scores import (
    LEVELS,
    STATUS_OF,
    SUGGESTED,
    Published,
    Reason,
    Verdict,
)

pytestmark = pytest.mark.pure

WHO = "mbr_a"


def verdict(level: str) -> Verdict:
    score = 20 * LEVELS.index(level)
    reasons = (Reason("linked_friends", 3, score),) if score else ()
    return Verdict(score, level, reasons)


def opened(level: str = "review") -> Case:
    case = judged(None, WHO, verdict(level), 1)
    assert case
    return case


def test_a_harmless_member_has_no_case() -> None:
    assert judged(None, WHO, verdict("none"), 1) is None


def test_a_verdict_opens_a_case() -> None:
    case = opened("watch")
    assert (case.state, case.level, case.version, case.opened_at_ms) == (OPEN, "watch", 1, 1)


def test_the_same_verdict_again_changes_nothing() -> None:
    case = opened()
    assert judged(case, WHO, verdict("review"), 9) is None


def test_a_graver_verdict_is_in_force_at_once() -> None:
    case = judged(opened("watch"), WHO, verdict("freeze"), 2)
    assert case
    assert (case.level, case.version, case.opened_at_ms) == ("freeze", 2, 1)


def test_a_milder_verdict_ends_what_only_watches_or_waits() -> None:
    case = judged(opened("pending"), WHO, verdict("watch"), 2)
    assert case
    assert (case.state, case.level) == (OPEN, "watch")
    closed = judged(case, WHO, verdict("none"), 3)
    assert closed
    assert (closed.state, closed.level, closed.score) == (CLOSED, "none", 0)


@pytest.mark.parametrize("level", ["review", "freeze"])
def test_a_review_is_ended_by_the_staff_alone(level: str) -> None:
    case = judged(opened(level), WHO, verdict("none"), 2)
    assert case
    assert (case.state, case.level, case.score) == (OPEN, level, 0)


def test_a_false_alarm_leaves_the_member_as_before() -> None:
    known = Evidence(linked_friends=3)
    case = cases.clear(opened(), known, 5)
    assert (case.state, case.level, case.known) == (CLEARED, "none", known)
    assert STATUS_OF[case.level] == "active"
    assert judged(case, WHO, verdict("none"), 6) is None


def test_what_was_judged_harmless_counts_only_when_there_is_more_of_it() -> None:
    known = Evidence(linked_friends=3, refunded_share=60)
    assert beyond(known, known) == Evidence()
    more = Evidence(linked_friends=4, refunded_share=60, credits_in_an_hour=2)
    assert beyond(more, known) == Evidence(linked_friends=4, credits_in_an_hour=2)


RULES = Published(SUGGESTED, 4)
BURST = Evidence(credits_in_an_hour=60)
SHARED = Evidence(members_on_a_device=8)


def cleared(evidence: Evidence) -> Case:
    case = assessed(None, WHO, evidence, RULES, 1)
    assert case
    assert case.rules_version == 4
    return cases.clear(case, evidence, 2)


@pytest.mark.parametrize("evidence", [BURST, SHARED])
def test_a_false_alarm_is_not_raised_again_for_the_same_evidence(evidence: Evidence) -> None:
    assert assessed(cleared(evidence), WHO, evidence, RULES, 3) is None


def test_movements_after_those_that_were_judged_harmless_are_new_evidence() -> None:
    quiet = assessed(cleared(BURST), WHO, Evidence(), RULES, 3)
    assert quiet
    assert (quiet.state, quiet.known, quiet.changed_at_ms) == (CLEARED, Evidence(), 2)
    again = assessed(quiet, WHO, BURST, RULES, 4)
    assert again
    assert (again.state, again.version) == (OPEN, quiet.version + 1)


def test_a_family_that_was_judged_harmless_stays_so_when_it_signs_in_a_season_later() -> None:
    assert assessed(cleared(SHARED), WHO, Evidence(), RULES, 3) is None
    assert assessed(cleared(SHARED), WHO, SHARED, RULES, 4) is None
    more = assessed(cleared(SHARED), WHO, Evidence(members_on_a_device=9), RULES, 5)
    assert more
    assert (more.state, more.level) == (OPEN, "review")


def test_an_open_case_names_the_rules_that_judged_it_last() -> None:
    case = assessed(None, WHO, SHARED, RULES, 1)
    later = assessed(case, WHO, SHARED, Published(SUGGESTED, 5), 2)
    assert later
    assert (later.rules_version, later.level) == (5, "review")


def test_new_evidence_opens_a_cleared_case_again() -> None:
    case = judged(cases.clear(opened(), Evidence(), 5), WHO, verdict("watch"), 9)
    assert case
    assert (case.state, case.level, case.opened_at_ms, case.version) == (OPEN, "watch", 9, 3)


def test_confirmed_abuse_freezes_and_stays_frozen() -> None:
    case = cases.confirm(opened("watch"), 5)
    assert (case.state, case.level) == (CONFIRMED, "freeze")
    after = judged(case, WHO, verdict("none"), 6)
    assert after is None or (after.state, after.level) == (CONFIRMED, "freeze")


def test_a_case_that_has_ended_is_neither_cleared_nor_confirmed() -> None:
    closed = judged(opened("watch"), WHO, verdict("none"), 2)
    for ended in (cases.clear(opened(), Evidence(), 5), closed):
        assert ended
        with pytest.raises(NotAllowedInThisState):
            cases.clear(ended, Evidence(), 6)
        with pytest.raises(NotAllowedInThisState):
            cases.confirm(ended, 6)


@given(st.lists(st.sampled_from(LEVELS), max_size=8))
def test_after_any_verdicts_the_level_is_no_milder_than_the_last_one(levels: list[str]) -> None:
    case = None
    for at, level in enumerate(levels, start=1):
        case = judged(case, WHO, verdict(level), at) or case
    if levels:
        in_force = case.level if case else "none"
        assert LEVELS.index(in_force) >= LEVELS.index(levels[-1])
