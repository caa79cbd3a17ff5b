"""The suggested rules of risk on a made-up population: claims that docs/risk.md makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.bench import risk

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[2]
FOUND = {each.kind: each for each in risk.measure()}
PLANTED = [each for each in FOUND.values() if each.is_abuse]
HONEST = [each for each in FOUND.values() if not each.is_abuse]


def test_hardly_anybody_honest_is_kept_from_points_and_nobody_from_spending() -> None:
    people = sum(each.people for each in HONEST)
    assert people > 20_000
    assert sum(each.held for each in HONEST) * 10_000 <= people
    assert sum(each.levels["review"] + each.levels["freeze"] for each in HONEST) == 0
    assert sum(each.seen for each in HONEST) * 50 <= people


def test_most_of_what_shares_a_device_and_of_refunds_and_bursts_is_held() -> None:
    for kind in ("accounts on a device", "ring on a device", "refunds after spending", "burst"):
        assert FOUND[kind].held * 10 >= FOUND[kind].people * 7, kind


def test_what_cannot_be_told_from_a_campus_is_not_suspected() -> None:
    assert FOUND["campus"].seen == FOUND["accounts on a network"].seen == 0


def test_the_documents_have_the_figures_of_today() -> None:
    table = risk.of_risk(list(FOUND.values()))
    for name in ("docs/risk.md", "docs/benchmarks.md"):
        assert table in (ROOT / name).read_text("utf-8"), name
