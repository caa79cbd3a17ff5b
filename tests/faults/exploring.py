"""Finds every relevant schedule of several acts by running them.

Two schedules that differ only in the order of requests which have nothing to do with each other
are one. From a run, those are tried next in which two requests that do have to do with each other
come the other way round (dynamic partial-order reduction, with source sets and sleep sets).
Source: P. Abdulla, S. Aronis, B. Jonsson, K. Sagonas, "Optimal Dynamic Partial Order Reduction",
POPL 2014, algorithm 1.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.faults.schedules import Act, Run
from tests.faults.wire import Request


@dataclass
class _Choice:
    """A point of the search: the acts that can move, those asleep, those still to try."""

    pending: dict[str, Request]
    asleep: set[str]
    todo: set[str]
    name: str = ""
    tried: set[str] = field(default_factory=set)

    @property
    def request(self) -> Request:
        return self.pending[self.name]

    def next(self) -> bool:
        """Take the next act to try; False if there is none."""
        if self.name:
            self.tried.add(self.name)
        left = sorted(self.todo - self.asleep - self.tried)
        self.name = left[0] if left else ""
        return bool(left)

    def still_asleep(self) -> set[str]:
        """Who need not move after this choice: what they would do was tried before it, and it
        does not matter to them."""
        rest = self.asleep | self.tried
        return {name for name in rest if not self.pending[name].meets(self.request)}


def explore(start: Callable[[], Mapping[str, Act]], *, whole: bool = False) -> Iterator[Run]:
    """Every schedule of the acts that `start` gives, each time from the same beginning.

    With `whole`, also those that differ in nothing that matters.
    """
    path: list[_Choice] = []
    while True:
        with Run(start()) as run:
            for choice in path:
                run.move(choice.name)
            ended = _go_on(run, path, whole)
        if ended:
            yield run
        if not whole:
            _turn_round(path)
        while path and not path[-1].next():
            path.pop()
        if not path:
            return


def wander(start: Callable[[], Mapping[str, Act]], schedules: int) -> Iterator[Run]:
    """A number of random schedules by a fixed seed, each from the same beginning."""
    for number in range(schedules):
        dice = random.Random(number)
        with Run(start()) as run:
            while pending := run.pending():
                run.move(dice.choice(sorted(pending)))
        yield run


def _go_on(run: Run, path: list[_Choice], whole: bool) -> bool:
    """Extend a run to its end; False if the rest was seen in another schedule."""
    while pending := run.pending():
        asleep = path[-1].still_asleep() & pending.keys() if path and not whole else set()
        if asleep == pending.keys():
            return False
        first = min(pending.keys() - asleep)
        choice = _Choice(pending, asleep, set(pending) if whole else {first})
        choice.next()
        path.append(choice)
        run.move(choice.name)
    return True


def _turn_round(path: Sequence[_Choice]) -> None:
    """Plan the schedules in which two dependent requests are swapped."""
    before = _before(path)
    for late in range(len(path)):
        for early in _met(path, before, late):
            rest = [n for n in range(early + 1, late) if early not in before[n]] + [late]
            first = {path[n].name for n in rest if not before[n] & set(rest) - {n}}
            if not first & path[early].todo:
                path[early].todo.add(min(first))


def _met(path: Sequence[_Choice], before: Sequence[set[int]], late: int) -> list[int]:
    """The dependent requests of other acts, without another one between that fixes their order."""
    earlier = before[late] - {late}
    return [
        early
        for early in earlier
        if path[early].name != path[late].name
        and not any(early in before[between] for between in earlier - {early})
    ]


def _before(path: Sequence[_Choice]) -> list[set[int]]:
    """For each request of a run, itself and its required predecessors."""
    before: list[set[int]] = []
    for number, choice in enumerate(path):
        needed = {number}
        for earlier in range(number):
            if path[earlier].name == choice.name or path[earlier].request.meets(choice.request):
                needed |= before[earlier]
        before.append(needed)
    return before
