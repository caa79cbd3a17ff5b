"""Bugs planted in the rules: a simulation that misses one proves nothing."""

from __future__ import annotations

import pytest

from tests.simulation.canaries import CANARIES, canary
from tests.simulation.histories import Failure, play
from tests.simulation.simulation import LENGTH, search, seeds
from tests.simulation.steps import history

WITHIN = 16_000
# These need 37 lots: found, and not shortened here, which takes some seconds.
OF_MANY_LOTS = {"points are joined into the sooner lot", "there may be 37 lots"}


@pytest.mark.parametrize("name", sorted(set(CANARIES) - OF_MANY_LOTS))
def test_the_simulation_finds_a_planted_bug_and_a_short_history_of_it(name: str) -> None:
    with canary(name):
        found = search("canary", WITHIN)
        assert found is not None
        assert len(found.shortest) <= 6
        again = play(found.shortest)
        assert again is not None
        assert again.claim == found.failure.claim
    assert play(found.shortest) is None


@pytest.mark.parametrize("name", sorted(OF_MANY_LOTS))
def test_the_simulation_finds_a_planted_bug_of_many_lots(name: str) -> None:
    with canary(name):
        failures = (play(history(seed, LENGTH)) for seed, _ in seeds("canary", WITHIN))
        assert isinstance(next(filter(None, failures), None), Failure)
