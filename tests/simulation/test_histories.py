"""Random histories of the rules, step by step beside plain arithmetic."""

from __future__ import annotations

from random import Random

import pytest

from tests.simulation.canaries import canary
from tests.simulation.histories import play
from tests.simulation.shrinking import as_test
from tests.simulation.simulation import search
from tests.simulation.steps import DRAW, Step, history

REFUSALS = {
    "insufficient_points": ("redeem", "hold", "reserve", "transfer", "escrow", "adjust"),
    "account_frozen": ("redeem", "hold", "reserve", "transfer", "escrow"),
    "unit_mismatch": ("redeem", "hold", "reserve", "transfer", "escrow"),
    "transfer_limit_reached": ("transfer", "escrow"),
    "account_mismatch": ("reverse", "refund", "capture", "release"),
    "not_reversible": ("reverse", "refund"),
    "clawback_exceeds_accrual": ("refund",),
    "hold_ended": ("capture", "release"),
    "capture_exceeds_hold": ("capture",),
    "hold_lapsed": ("capture",),
}
MOVEMENTS = set(DRAW) - {
    "again",
    "wait",
    "back",
    "to_lapse",
    "to_time_out",
    "to_unlock",
    "freeze",
    "unfreeze",
}


def test_twenty_thousand_steps_agree_with_plain_arithmetic_and_meet_every_refusal() -> None:
    outcomes: dict[str, int] = {}
    for seed in ("one", "two", "three", "four"):
        found = search(seed, 5_000, outcomes)
        assert found is None, str(found)
    refused = {f"{step} {code}" for code, steps in REFUSALS.items() for step in steps}
    wanted = refused | {f"{step} made" for step in MOVEMENTS}
    assert wanted - set(outcomes) == set()


def test_a_seed_draws_one_history() -> None:
    assert history("a", 200) == history("a", 200)
    assert history("a", 200) != history("b", 200)


@pytest.mark.parametrize("seed", range(5))
def test_any_steps_may_be_taken_out_of_a_history(seed: int) -> None:
    random = Random(seed)
    some = [step for step in history(f"holes:{seed}", 300) if random.random() < 0.5]
    assert play(some) is None


def test_a_failing_history_is_shortened_and_can_be_pasted_into_a_test() -> None:
    with canary("transfers are not counted"):
        found = search("canary", 5_000)
    assert found is not None
    assert [step.do for step in found.shortest] in (["accrue", "transfer"], ["accrue", "escrow"])
    pasted = as_test(found.shortest)
    assert pasted in str(found)
    assert eval(pasted, {"Step": Step}) == found.shortest
