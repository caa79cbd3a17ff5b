"""Every use case of the ledger that fails at any request and is retried has one effect."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.crashes import run_matrix
from tests.faults.scene import Scene
from tests.faults.use_cases import CASES, UseCase


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_use_case_that_fails_at_any_request_and_is_retried_has_one_effect(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    matrix = run_matrix(case, scene)
    counted("crash cases", case.name, matrix.count)
    assert matrix.failures == []
