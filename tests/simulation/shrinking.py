"""The shortest history that still breaks the same claim: delta debugging, then smaller numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tests.simulation.histories import Failure
from tests.simulation.steps import Step

Play = Callable[[Sequence[Step]], Failure | None]

SIMPLER = {
    "points": (1, 2, 10),
    "whole": (False,),
    "ms": (0, 1_000),
    "expires": (1, 10, 1_000),
    "unlocks": (None, 0),
    "honours": (True,),
    "stray": (False,),
    "on": (0,),
    "to": (1,),
}


def shortest(steps: Sequence[Step], failure: Failure, play: Play) -> list[Step]:
    """A history that breaks the same claim, and does not once any one step is taken away."""

    def fails(some: Sequence[Step]) -> bool:
        again = play(some)
        return again is not None and again.claim == failure.claim

    found = list(steps[: failure.place + 1])
    if not fails(found):
        # It shows at the end of a history only.
        found = list(steps)
    found = _fewest(found, fails)
    simple = _simplest(found, fails)
    return _fewest(simple, fails)


def _fewest(steps: list[Step], fails: Callable[[Sequence[Step]], bool]) -> list[Step]:
    size = max(1, len(steps) // 2)
    while True:
        start, shorter = 0, False
        while start < len(steps):
            rest = steps[:start] + steps[start + size :]
            if fails(rest):
                steps, shorter = rest, True
            else:
                start += size
        if size == 1 and not shorter:
            return steps
        size = max(1, size // 2)


def _simplest(steps: list[Step], fails: Callable[[Sequence[Step]], bool]) -> list[Step]:
    changed = True
    while changed:
        changed = False
        for place in range(len(steps)):
            for simpler in _simpler(steps[place]):
                tried = [*steps[:place], simpler, *steps[place + 1 :]]
                if fails(tried):
                    steps, changed = tried, True
                    break
    return steps


def _simpler(step: Step) -> Iterator[Step]:
    """The step with one number nearer to the first of its list."""
    for name, values in SIMPLER.items():
        value = getattr(step, name)
        if value == Step._field_defaults[name]:
            continue
        best = values.index(value) if value in values else len(values)
        for simple in values[:best]:
            yield step._replace(**{name: simple})


def as_test(steps: Sequence[Step]) -> str:
    """The history as a list to paste into a test."""
    return "[\n" + "".join(f"    {step!r},\n" for step in steps) + "]"
