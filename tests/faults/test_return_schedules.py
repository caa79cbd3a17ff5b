"""Concurrent steps of returns, and refunds beside them, have a serial outcome in every schedule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.races import race
from tests.faults.return_cases import RETURN_USE_CASES
from tests.faults.scene import Scene

RACES = (
    "ask for a return x ask for all",
    "ask for a return x ask for a return",
    "ask for all x refund beside it",
    "approve a return x withdraw a return",
    "approve a return x reject a return",
    "approve an exchange x end the decision",
    "approve a refund x refund beside it",
    "end the sending x send late",
    "end the receipt x receive late",
    "receive some of a return x receive the rest",
    "receive a return x refund beside it",
    "receive an exchange x reject sent goods",
    "end an exchange x ship late",
)


@pytest.mark.parametrize("names", RACES)
def test_concurrent_steps_of_returns_end_like_serial_ones(
    names: str, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    raced = race([RETURN_USE_CASES[name] for name in names.split(" x ")], scene)
    counted("schedules", raced.name, raced.schedules)
    assert raced.schedules > 1, "they never meet"
    assert raced.failures == []
