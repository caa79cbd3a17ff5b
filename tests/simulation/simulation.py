"""Many histories from one seed: the search for one that breaks a claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.simulation.histories import Failure, play
from tests.simulation.shrinking import Play, as_test, shortest
from tests.simulation.steps import Step, history

LENGTH = 500


class Found(NamedTuple):
    """A history that breaks a claim: its seed, the steps until then, the shortest such history."""

    seed: str
    steps_played: int
    failure: Failure
    shortest: list[Step]

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.failure.detail}\n"
            f"after {self.steps_played} steps; {len(self.shortest)} of them are enough:\n"
            f"{as_test(self.shortest)}"
        )


def seeds(seed: str, steps: int, length: int = LENGTH) -> Iterator[tuple[str, int]]:
    """The seed and the length of each history of a simulation."""
    for number, start in enumerate(range(0, steps, length)):
        yield f"{seed}:{number}", min(length, steps - start)


def search(seed: str, steps: int, outcomes: dict[str, int] | None = None) -> Found | None:
    """The first history of a simulation of the rules that breaks a claim; None if none does."""
    played = 0
    for each, length in seeds(seed, steps):
        if found := search_rules(each, length, outcomes):
            return found._replace(steps_played=played + found.steps_played)
        played += length
    return None


def search_rules(seed: str, length: int, outcomes: dict[str, int] | None = None) -> Found | None:
    """One history of the rules."""
    return _search(seed, history(seed, length), lambda steps: play(steps, outcomes))


def search_stored(seed: str, length: int, outcomes: dict[str, int] | None = None) -> Found | None:
    """One history of the stored ledger under faults; DynamoDB is where the environment says."""
    from tests.simulation.faulty import play_stored, stored_history

    steps = stored_history(seed, length)
    return _search(seed, steps, lambda some: play_stored(seed, some, outcomes))


def _search(seed: str, steps: list[Step], play_one: Play) -> Found | None:
    failure = play_one(steps)
    if failure is None:
        return None
    return Found(seed, failure.place + 1, failure, shortest(steps, failure, play_one))
