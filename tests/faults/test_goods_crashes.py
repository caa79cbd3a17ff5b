"""Every act on stock, on the way of an order and on reviews, cut at every I/O point and tried
again, has one effect."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.crashes import run_matrix
from tests.faults.goods_cases import GOODS_CASES
from tests.faults.scene import Scene
from tests.faults.use_cases import UseCase


@pytest.mark.parametrize("case", GOODS_CASES, ids=lambda case: case.name)
def test_an_act_on_goods_that_fails_at_any_request_and_is_retried_has_one_effect(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    matrix = run_matrix(case, scene)
    counted("crash cases", case.name, matrix.count)
    assert matrix.failures == []
