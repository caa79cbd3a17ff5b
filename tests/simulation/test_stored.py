"""Random histories of the actions on a real engine with failed, lost and repeated requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from tests.second_engine import SecondEngine
from tests.simulation.canaries import canary
from tests.simulation.faulty import play_stored
from tests.simulation.simulation import search_stored
from tests.simulation.steps import Step


@pytest.mark.parametrize("seed", ["one", "two", "three"])
def test_a_hundred_steps_on_an_engine_agree_with_plain_arithmetic(engine: str, seed: str) -> None:
    found = search_stored(f"stored:{seed}", 100)
    assert found is None, str(found)


PLAIN: Sequence[Step] = [
    Step(0, "accrue", points=500, expires=100),
    Step(1, "accrue", points=50, expires=900, unlocks=60),
    Step(2, "hold", points=100, expires=50),
    Step(3, "capture", of=2, points=30),
    Step(4, "capture", of=2, points=30),
    Step(5, "release", of=2),
    Step(6, "transfer", to=1, points=50),
    Step(7, "escrow", points=60),
    Step(8, "claim", to=2, of=7),
    Step(9, "redeem", points=1, whole=True),
    Step(10, "redeem", points=0, whole=True),
    Step(11, "refund", of=0, points=1_000),
    Step(12, "unlock", of=1),
    Step(13, "freeze"),
    Step(14, "accrue", points=400, expires=300),
    Step(15, "redeem", points=5),
    Step(16, "unfreeze"),
    Step(17, "to_lapse"),
    Step(18, "reverse", of=10),
    Step(19, "again", of=18),
    Step(20, "lapse"),
]


def test_a_history_written_by_hand_agrees_step_by_step(engine: str) -> None:
    outcomes: dict[str, int] = {}
    failure = play_stored("by hand", PLAIN, outcomes)
    assert failure is None, failure
    wanted = {"capture made": 1, "capture nothing": 1, "release hold_ended": 1, "claim made": 1}
    wanted |= {"redeem insufficient_points": 1, "redeem account_frozen": 1, "refund made": 1}
    assert wanted.items() <= outcomes.items()


def test_a_reversal_cannot_be_reversed(engine: str) -> None:
    steps = [
        Step(0, "accrue", points=1, expires=1),
        Step(1, "redeem", points=1),
        Step(2, "reverse", of=1),
        Step(3, "reverse", of=1),
        Step(4, "reverse", of=3),
        Step(5, "reverse", of=2),
    ]
    assert play_stored("reversals", steps) is None


@pytest.fixture
def spoiled(second_engine: SecondEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The application speaks to an engine that is emptied afterwards: a planted bug leaves gifts
    there that no sweep can return."""
    with monkeypatch.context() as patch:
        second_engine.lead_here(patch)
        yield
    second_engine.empty("ledger")


@pytest.mark.usefixtures("spoiled")
def test_a_planted_bug_of_the_rules_shows_in_what_is_stored() -> None:
    with canary("transfers are not counted"):
        failure = play_stored("quiet", PLAIN)
    assert failure is not None
    assert failure.claim == "sends as the model"


@pytest.mark.usefixtures("spoiled")
def test_a_planted_bug_of_the_actions_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    gift = [
        Step(0, "accrue", points=50, expires=100),
        Step(1, "escrow", points=40),
        Step(2, "claim", to=1, of=1),
        Step(3, "give_back", of=1),
    ]
    assert play_stored("gift", gift) is None
    monkeypatch.setattr("chalicelib.ledger.actions.transfers._take_out", lambda *_: None)
    failure = play_stored("gift", gift)
    assert failure is not None
    assert failure.claim == "the outcome is the model's"
