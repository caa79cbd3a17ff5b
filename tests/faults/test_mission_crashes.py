"""Missions and rewards that fail at any request and are retried have one effect; beside each other
they end as one after the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults import mission_acts
from tests.faults.crashes import run_matrix
from tests.faults.races import race
from tests.faults.scene import Scene
from tests.faults.use_cases import UseCase

CLOSE = UseCase("close a month", mission_acts.close, mission_acts.CLOSED, mission_acts.be_promised)
CLAIM = UseCase("claim a mission", mission_acts.claim, arrange=mission_acts.be_claimable)
CASES = (
    UseCase("reach a mission", mission_acts.reach, arrange=mission_acts.be_offered),
    CLAIM,
    UseCase("undo a mission", mission_acts.refund, arrange=mission_acts.be_reached),
    CLOSE,
    UseCase("undo a paid reward", mission_acts.undo, arrange=mission_acts.be_closed),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_act_that_fails_at_any_request_and_is_retried_has_one_effect(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    matrix = run_matrix(case, scene)
    counted("crash cases", case.name, matrix.count)
    assert matrix.failures == []


@pytest.mark.parametrize("case", [CLAIM, CLOSE], ids=lambda case: case.name)
def test_an_act_beside_its_own_retry_ends_like_serial_ones(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    raced = race([case, case], scene, sampled=25)
    counted("schedules", raced.name, raced.schedules)
    assert raced.schedules > 1, "they never meet"
    assert raced.failures == []
