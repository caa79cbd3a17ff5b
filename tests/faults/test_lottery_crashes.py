"""Draws, prizes and ends of lotteries that fail at any request and are retried have one effect;
beside each other they end as one after the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults import lottery_acts as acts
from tests.faults.crashes import run_matrix
from tests.faults.races import race
from tests.faults.scene import Scene
from tests.faults.use_cases import UseCase

SWEEP = UseCase("give what is due", acts.sweep)
DRAW = UseCase("draw", acts.draw, arrange=acts.be_lottery, sweep=SWEEP)
LOSE = UseCase("draw nothing", acts.draw, arrange=acts.be_unlucky)
LOSE_TOO = UseCase("draw nothing too", acts.draw_too, arrange=acts.be_unlucky)
GIVE = UseCase("give a prize", acts.give, arrange=acts.be_drawn)
END = UseCase("end a lottery", acts.end, arrange=acts.be_unlucky)
CLOSE = UseCase("close a lottery by the clock", acts.close, acts.OVER, arrange=acts.be_lottery)


@pytest.mark.parametrize("case", [DRAW, GIVE, CLOSE], ids=lambda case: case.name)
def test_an_act_that_fails_at_any_request_and_is_retried_has_one_effect(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    matrix = run_matrix(case, scene)
    counted("crash cases", case.name, matrix.count)
    assert matrix.failures == []


@pytest.mark.parametrize(
    "cases", [(DRAW, DRAW), (LOSE, LOSE_TOO), (LOSE, END)], ids=lambda pair: pair[1].name
)
def test_acts_beside_each_other_end_like_serial_ones(
    cases: tuple[UseCase, UseCase], scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    raced = race(list(cases), scene, sampled=25)
    counted("schedules", raced.name, raced.schedules)
    assert raced.schedules > 1, "they never meet"
    assert raced.failures == []
