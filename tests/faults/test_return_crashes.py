"""Every step of a return and of an exchange, cut at every I/O point and tried again, has one
effect."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.crashes import run_matrix
from tests.faults.return_cases import RETURN_CASES
from tests.faults.scene import Scene
from tests.faults.use_cases import UseCase


@pytest.mark.parametrize("case", RETURN_CASES, ids=lambda case: case.name)
def test_a_step_of_a_return_that_fails_at_any_request_and_is_retried_has_one_effect(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    matrix = run_matrix(case, scene)
    counted("crash cases", case.name, matrix.count)
    assert matrix.failures == []
