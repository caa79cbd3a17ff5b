"""Histories of the stored ledger, with requests that fail, get lost, come twice or too late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from random import Random

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from tests.conftest import SECRETS
from tests.faults.faults import ON_WRITES, Crash, Injection
from tests.faults.wire import tapped
from tests.simulation.histories import Failure, Run, played
from tests.simulation.model import Model, Outcome
from tests.simulation.owning import OwnedLedger
from tests.simulation.pure import LIMITS
from tests.simulation.steps import Step, history

TROUBLE = 0.4
MOST_REQUESTS = 8


class FaultyLedger(OwnedLedger):
    """A step meets a fault at one of its requests, is tried again by its caller, and only then
    counts; what was delayed arrives before that or after."""

    def __init__(self, seed: str) -> None:
        super().__init__()
        self._seed = f"faults of {seed}"

    def play(self, step: Step, now_ms: int) -> Outcome:
        # Of each step by itself: the faults of a history stay when steps are taken out of it.
        random = Random(f"{self._seed}:{step.n}")
        if random.random() >= TROUBLE:
            return super().play(step, now_ms)
        trouble = Injection(random.randrange(MOST_REQUESTS), random.choice(ON_WRITES))
        with tapped(trouble), suppress(Crash, BotoCoreError, ClientError, PynamoDBException):
            self.act(step, now_ms)
        if random.random() < 0.5:
            trouble.arrive()
        refused = self.act(step, now_ms)
        trouble.arrive()
        return self.outcome(step, refused)


class StoredRun(Run):
    ledger: OwnedLedger

    def waiting(self, on: int) -> int:
        return self.ledger.waiting(on)


def play_stored(
    seed: str, steps: Sequence[Step], outcomes: dict[str, int] | None = None
) -> Failure | None:
    """The first claim that a history of the stored ledger breaks, under the faults of a seed."""
    run = StoredRun(FaultyLedger(seed), Model(same_end_repeats=True))
    with _set_for_simulation():
        return played(run, steps, outcomes)


def stored_history(seed: str, length: int) -> list[Step]:
    """A history of the actions, which name a hold's account themselves and its unit's policy."""
    return [
        step._replace(honours=True, stray=step.stray and step.do in ("reverse", "refund"))
        for step in history(seed, length)
    ]


@contextmanager
def _set_for_simulation() -> Iterator[None]:
    """The simulation's limits of transfers, the tests' keys, and no pause between tries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chalicelib.ledger.actions.transfers._limits", lambda: LIMITS)
        patch.setattr("chalicelib.kernel.store.pauses.FIRST_PAUSE_S", 0)
        patch.setattr("chalicelib.kernel.secrets._secret", SECRETS.__getitem__)
        yield
