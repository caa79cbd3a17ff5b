"""Concurrent use cases on one account: every schedule has a serial outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, NamedTuple

from tests.faults.cash import problems_of_cash
from tests.faults.effects import difference, effect_of
from tests.faults.exploring import explore, wander
from tests.faults.invariants import problems_of
from tests.faults.savepoint import Changes, Savepoint
from tests.faults.scene import Scene
from tests.faults.schedules import Act, Run, replay
from tests.faults.use_cases import UseCase


class Outcome(NamedTuple):
    """The answer of each act by name, their common changes, and the problems."""

    answers: dict[str, Any]
    changes: Changes
    problems: list[str]


@dataclass
class Race:
    """The counted schedules of some use cases; `failures` lists those without a serial outcome."""

    cases: Sequence[UseCase]
    schedules: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return " x ".join(case.name for case in self.cases)


def race(cases: Sequence[UseCase], scene: Scene, *, sampled: int | None = None) -> Race:
    """All schedules of these use cases, each from the same scene; or so many of them, by dice."""
    raced = Race(cases)
    acts = _acts(cases, scene)
    with Savepoint() as scenery:
        _arrange(cases, scene)
        with Savepoint() as start:
            serial = _serial(cases, scene, acts, scenery, start)
            raced.failures += [problem for outcome in serial for problem in outcome.problems]

            def again() -> Mapping[str, Act]:
                start.rewind()
                return acts

            for run in explore(again) if sampled is None else wander(again, sampled):
                raced.schedules += 1
                _sweep(cases, scene)
                wrong = _judge(run, start, serial)
                raced.failures += [f"{raced.name}, schedule {run.schedule}: {w}" for w in wrong]
    return raced


def race_again(cases: Sequence[UseCase], scene: Scene, schedule: str) -> list[str]:
    """The problems of one schedule, as a failure names it."""
    acts = _acts(cases, scene)
    with Savepoint() as scenery:
        _arrange(cases, scene)
        with Savepoint() as start:
            serial = _serial(cases, scene, acts, scenery, start)
            run = replay(acts, schedule)
            _sweep(cases, scene)
            return _judge(run, start, serial)


def _acts(cases: Sequence[UseCase], scene: Scene) -> dict[str, Act]:
    def act(case: UseCase) -> Callable[[], Any]:
        return lambda: case.outcome(scene)

    return {"ABC"[number]: act(case) for number, case in enumerate(cases)}


def _arrange(cases: Sequence[UseCase], scene: Scene) -> None:
    for arranged in dict.fromkeys(case.arrange for case in cases if case.arrange):
        arranged(scene)


def _sweep(cases: Sequence[UseCase], scene: Scene) -> None:
    for sweep in dict.fromkeys(case.sweep for case in cases if case.sweep):
        sweep.run(scene)


def _serial(
    cases: Sequence[UseCase],
    scene: Scene,
    acts: Mapping[str, Act],
    scenery: Savepoint,
    start: Savepoint,
) -> list[Outcome]:
    """The outcomes of the acts in each serial order."""
    outcomes = []
    for order in permutations(acts):
        answers = {name: acts[name]() for name in order}
        _sweep(cases, scene)
        problems = problems_of_cash(scene, scenery.changes())
        outcomes.append(Outcome(answers, start.changes(), problems))
        start.rewind()
    return outcomes


def _judge(run: Run, start: Savepoint, serial: Sequence[Outcome]) -> list[str]:
    """The problems of a run; none if its outcome equals a serial one byte for byte."""
    changes = start.changes()
    like = [outcome for outcome in serial if outcome.answers == run.results]
    if not like:
        known = " or ".join(str(outcome.answers) for outcome in serial)
        return [*problems_of(start, changes), f"answers {run.results}, not {known}"]
    if any(outcome.changes == changes for outcome in like):
        return []
    found = effect_of(changes, start)
    others = [difference(effect_of(outcome.changes, start), found) for outcome in like]
    return problems_of(start, changes) + [min(others, key=len)] * all(others)
