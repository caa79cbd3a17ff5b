"""Acts of risk that fail at any request and are retried have one effect."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.risk.actions import cases, uses
from chalicelib.risk.rules.scores import SUGGESTED, Published
from chalicelib.risk.tables import DueItem
from tests.faults import risk_acts
from tests.faults.crashes import run_matrix
from tests.faults.scene import Scene
from tests.faults.use_cases import UseCase

CASES = (
    UseCase("note a sign-in", risk_acts.sign_in),
    UseCase("join another on a device", risk_acts.join, arrange=risk_acts.be_expected),
    UseCase("assess a member", risk_acts.assess, arrange=risk_acts.be_crowded),
    UseCase("credit a member who is reviewed", risk_acts.earn, arrange=risk_acts.be_reviewed),
    UseCase("clear a false alarm", risk_acts.clear, arrange=risk_acts.be_reviewed),
    UseCase("confirm abuse", risk_acts.confirm, arrange=risk_acts.be_reviewed),
)


@pytest.fixture(autouse=True)
def suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "rules_in_force", lambda: Published(SUGGESTED, 1))
    # A mark is another each time: nothing else differs between a retry and a first try.
    monkeypatch.setattr(uses, "_mark", lambda: DueItem.mark.set(1))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_act_that_fails_at_any_request_and_is_retried_has_one_effect(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    matrix = run_matrix(case, scene)
    counted("crash cases", case.name, matrix.count)
    assert matrix.failures == []
