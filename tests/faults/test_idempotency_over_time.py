"""A reference is known for good: a retry has no effect, whenever it comes, and other content is
refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults import acts, changed
from tests.faults.invariants import problems_of
from tests.faults.moments import AFTER, moment
from tests.faults.savepoint import Savepoint
from tests.faults.scene import Scene
from tests.faults.use_cases import CASES, UseCase

# Reminders follow the clock: they have no reference.
KEYED = [case for case in CASES if case.act is not acts.remind]


@pytest.mark.parametrize("case", KEYED, ids=lambda case: case.name)
def test_a_repeated_reference_has_one_effect_at_any_later_time(case: UseCase, stage: Scene) -> None:
    if case.arrange:
        case.arrange(stage)
    with Savepoint() as start:
        answer = case.run(stage)
        changes = start.changes()
        for after in AFTER:
            with moment(case.later + after):
                assert case.act(stage) == answer, after
            assert start.changes() == changes, after
        assert problems_of(start, changes) == []


@pytest.mark.parametrize("name", changed.ACTS)
def test_a_reference_with_other_content_is_refused_at_any_later_time(
    name: str, stage: Scene
) -> None:
    act: Callable[[Scene], Any]
    act, other, error = changed.ACTS[name]
    act(stage)
    with Savepoint() as start:
        for after in AFTER:
            with moment(after), pytest.raises(error):
                other(stage)
        assert start.changes() == {}
