"""Check-ins, claims and referrals that fail at any request and are retried have one effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.faults import task_acts
from tests.faults.crashes import run_matrix
from tests.faults.scene import Scene
from tests.faults.use_cases import UseCase

CASES = (
    UseCase("check in", task_acts.check_in),
    UseCase("make a day up", task_acts.make_up, timedelta(days=2), arrange=task_acts.check_in),
    UseCase("hear of a survey", task_acts.answer, arrange=task_acts.be_offered),
    UseCase("claim a task", task_acts.claim, arrange=task_acts.be_asked),
    UseCase("pay a referral", task_acts.pay, task_acts.WINDOW, arrange=task_acts.be_invited),
    UseCase("undo a referral", task_acts.refund, task_acts.WINDOW, arrange=task_acts.be_paid),
    UseCase("hear of a refund in time", task_acts.refund, arrange=task_acts.be_invited),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_act_that_fails_at_any_request_and_is_retried_has_one_effect(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    matrix = run_matrix(case, scene)
    counted("crash cases", case.name, matrix.count)
    assert matrix.failures == []
