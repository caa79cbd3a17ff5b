"""An order with a coupon that fails at any request, and is retried, has one effect: the coupon is
the order's, or the member's again. An act beside its own retry, too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults import discount_acts as acts
from tests.faults.crashes import run_matrix
from tests.faults.races import race
from tests.faults.scene import Scene
from tests.faults.use_cases import UseCase

PLACE = UseCase("place with a coupon", acts.place, arrange=acts.be_given)
CANCEL = UseCase("cancel with a coupon", acts.cancel, arrange=acts.be_placed)
CASES = (
    PLACE,
    CANCEL,
    UseCase("time out with a coupon", acts.time_out, acts.UNPAID, arrange=acts.be_placed),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_act_that_fails_at_any_request_and_is_retried_has_one_effect(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    matrix = run_matrix(case, scene)
    counted("crash cases", case.name, matrix.count)
    assert matrix.failures == []


@pytest.mark.parametrize("case", [PLACE, CANCEL], ids=lambda case: case.name)
def test_an_act_beside_its_own_retry_ends_like_serial_ones(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    raced = race([case, case], scene, sampled=25)
    counted("schedules", raced.name, raced.schedules)
    assert raced.schedules > 1, "they never meet"
    assert raced.failures == []
