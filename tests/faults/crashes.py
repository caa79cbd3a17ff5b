"""The crash matrix: each fault at each I/O point of a use case, then a retry and a sweep."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.kernel.errors import JifenError
from tests.faults.cash import problems_of_cash
from tests.faults.effects import difference, effect_of
from tests.faults.faults import Crash, Fault, Injection, faults_on
from tests.faults.invariants import problems_of
from tests.faults.savepoint import Changes, Savepoint
from tests.faults.scene import Scene
from tests.faults.use_cases import UseCase
from tests.faults.wire import Request, listed, tapped


class Clean(NamedTuple):
    """A run without a fault: its I/O points, its answer, its changes."""

    points: list[Request]
    answer: Any
    changes: Changes


@dataclass
class Matrix:
    """The counted cases of one use case; `failures` lists those without exactly one effect."""

    case: UseCase
    scene: Scene
    points: int
    count: int
    failures: list[str]


def run_matrix(case: UseCase, scene: Scene) -> Matrix:
    """Every case of a use case, each from the same scene."""
    with Savepoint() as scenery:
        if case.arrange:
            case.arrange(scene)
        with Savepoint() as start:
            trials = _Trials(case, scene, scenery, start)
            points = trials.clean.points
            cases = [(n, fault) for n, point in enumerate(points) for fault in faults_on(point)]
            failures = [
                f"{case.name}, point {number} ({points[number]}), {fault.__name__}: {wrong}"
                for number, fault in cases
                for wrong in trials.run(number, fault)
            ]
    return Matrix(case, scene, len(points), len(cases), failures)


class _Trials:
    """The trials of one use case. What a fault left in the engine says all of what comes after
    it, for a process keeps nothing: where another fault left the same, that is known already."""

    def __init__(self, case: UseCase, scene: Scene, scenery: Savepoint, start: Savepoint) -> None:
        self._case, self._scene, self._scenery, self._start = case, scene, scenery, start
        self.clean = self._run_clean()
        self._known: dict[str, list[str]] = {_left({}): []}

    def _run_clean(self) -> Clean:
        with listed() as points:
            answer = self._case.run(self._scene)
        self._sweep()
        changes = self._start.changes()
        wrong = self._problems(changes)
        assert not wrong, wrong
        self._start.rewind()
        return Clean(points, answer, changes)

    def run(self, number: int, fault: Fault) -> list[str]:
        """The problems after a fault, a retry, a late request and a sweep."""
        injection = Injection(number, fault)
        ends = (Crash, JifenError, BotoCoreError, ClientError, PynamoDBException)
        try:
            with tapped(injection), suppress(*ends):
                self._case.run(self._scene)
            if injection.late:
                return self._retry(injection)
            left = _left(self._start.changes())
            if left not in self._known:
                self._known[left] = self._retry(injection)
            return self._known[left]
        finally:
            self._start.rewind()

    def _retry(self, injection: Injection) -> list[str]:
        answer, wanted = self._case.outcome(self._scene), self.clean.answer
        injection.arrive()
        self._sweep()
        wrong = [] if answer == wanted else [f"answers {answer}, not {wanted}"]
        return wrong + self._compared()

    def _sweep(self) -> None:
        if self._case.sweep:
            self._case.sweep.run(self._scene)

    def _compared(self) -> list[str]:
        """The problems of the changes; none if they are equal byte for byte."""
        changes, wanted = self._start.changes(), self.clean.changes
        if changes == wanted:
            return []
        other = difference(effect_of(wanted, self._start), effect_of(changes, self._start))
        return self._problems(changes) + [other] * bool(other)

    def _problems(self, changes: Changes) -> list[str]:
        cash = problems_of_cash(self._scene, self._scenery.changes())
        return problems_of(self._start, changes) + cash


def _left(changes: Changes) -> str:
    return repr(sorted(changes.items()))
