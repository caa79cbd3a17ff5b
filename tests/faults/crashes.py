"""The crash matrix: each fault at each I/O point of a use case, then a retry and a sweep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from chalicelib.kernel.errors import JifenError
from tests.faults.effects import difference, effect_of
from tests.faults.faults import Crash, Fault, Injection, faults_on
from tests.faults.invariants import problems_of
from tests.faults.savepoint import Changes, Savepoint
from tests.faults.scene import Scene
from tests.faults.use_cases import UseCase
from tests.faults.wire import Request, listed, tapped


class Clean(NamedTuple):
    """A run in which nothing fails: its I/O points, its answer, what it changed."""

    points: list[Request]
    answer: Any
    changes: Changes


@dataclass
class Matrix:
    """The cases of one use case, counted; `failures` says which had another effect than one."""

    case: UseCase
    scene: Scene
    points: int
    count: int
    failures: list[str]


def run_matrix(case: UseCase, scene: Scene) -> Matrix:
    """Every case of a use case, each from the same scene."""
    with Savepoint() as savepoint:
        if case.arrange:
            case.arrange(scene)
        with Savepoint() as start:
            clean = _clean(case, scene, start)
            cases = list(_cases(clean))
            failures = [
                f"{case.name}, point {number} ({clean.points[number]}), {fault.__name__}: {wrong}"
                for number, fault in cases
                for wrong in _try(case, scene, start, clean, number, fault)
            ]
        assert not savepoint.changes() or case.arrange, "everything was undone"
    return Matrix(case, scene, len(clean.points), len(cases), failures)


def _cases(clean: Clean) -> Iterator[tuple[int, Fault]]:
    for number, point in enumerate(clean.points):
        for fault in faults_on(point):
            yield number, fault


def _clean(case: UseCase, scene: Scene, start: Savepoint) -> Clean:
    with listed() as points:
        answer = case.run(scene)
    _sweep(case, scene)
    changes = start.changes()
    assert not problems_of(start, changes), problems_of(start, changes)
    start.rewind()
    return Clean(points, answer, changes)


def _sweep(case: UseCase, scene: Scene) -> None:
    if case.sweep:
        case.sweep.run(scene)


def _try(
    case: UseCase, scene: Scene, start: Savepoint, clean: Clean, number: int, fault: Fault
) -> list[str]:
    """What is wrong after a fault, a retry, what arrived late, and a sweep."""
    injection = Injection(number, fault)
    try:
        with tapped(injection), suppress(Crash, JifenError, BotoCoreError, PynamoDBException):
            case.run(scene)
        if not start.dirty and not injection.late:
            return []  # Nothing was sent that writes: the retry is the clean run once more.
        answer = case.outcome(scene)
        injection.arrive()
        _sweep(case, scene)
        wrong = [] if answer == clean.answer else [f"answers {answer}, not {clean.answer}"]
        return wrong + _compared(start, clean.changes)
    finally:
        start.rewind()


def _compared(start: Savepoint, wanted: Changes) -> list[str]:
    """What is wrong with what was changed; what is the same to the byte needs no second look."""
    changes = start.changes()
    if changes == wanted:
        return []
    other = difference(effect_of(wanted), effect_of(changes))
    return problems_of(start, changes) + [other] * bool(other)
