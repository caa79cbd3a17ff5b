"""The harness finds planted mistakes, and its search misses no relevant schedule."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import ledger
from chalicelib.kernel import ids
from chalicelib.kernel.store.tables import connection
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger.tables import AccountItem
from tests.faults import acts
from tests.faults import scene as scenes
from tests.faults.crashes import run_matrix
from tests.faults.exploring import explore
from tests.faults.faults import ON_WRITES, Injection, conflict, throttled
from tests.faults.races import race, race_again
from tests.faults.savepoint import Savepoint
from tests.faults.scene import LATE, Scene
from tests.faults.schedules import Act
from tests.faults.use_cases import UseCase
from tests.faults.wire import Request, Send, tapped


def forgetful(scene: Scene) -> None:
    """A use case with a new reference for each attempt."""
    scenes.accrue(scene.account, 70, ids.new_id("ref"), LATE)


def careless(scene: Scene) -> None:
    """A use case that writes without a condition on its read."""
    seen = ledger.find_account(scene.account)
    writes = WriteSet()
    writes.put(AccountItem.of(replace(seen, accrued=seen.accrued + 1)))
    writes.commit()


def test_the_harness_finds_a_retry_with_a_second_effect(scene: Scene) -> None:
    matrix = run_matrix(UseCase("forgetful", forgetful), scene)
    found = {failure.split(": ")[0].rpartition(", ")[2] for failure in matrix.failures}
    assert {"lost", "crash_after", "delayed"} <= found


def test_the_harness_finds_an_unguarded_write_and_repeats_its_schedule(
    scene: Scene,
) -> None:
    cases = [UseCase("careless", careless), UseCase("accrue", acts.accrue)]
    raced = race(cases, scene)
    assert raced.failures != []
    schedule = raced.failures[0].split("schedule ")[1].split(":")[0]
    assert race_again(cases, scene, schedule) != []
    assert race_again(cases, scene, "A" * len(schedule)) == []


def test_a_savepoint_puts_everything_back(scene: Scene) -> None:
    before = ledger.find_account(scene.account)
    with Savepoint() as start:
        acts.redeem(scene)
        acts.capture(scene)
        assert ledger.find_account(scene.account) != before
        assert len(start.changes()) == 3
    assert ledger.find_account(scene.account) == before
    assert ledger.find_entry(scene.account, scene.named("redemption")) is None


@pytest.mark.parametrize("fault", [conflict, throttled])
def test_a_use_case_retries_passing_faults_by_itself(fault: Any, stage: Scene) -> None:
    injection = Injection(1, fault)
    with tapped(injection):
        assert acts.redeem(stage) is not None
    assert fault in ON_WRITES


def programs(seed: int) -> list[list[tuple[str, str]]]:
    """Three random programs of reads and writes of three items."""
    dice = random.Random(seed)
    return [
        [(dice.choice(["GetItem", "PutItem"]), dice.choice("xyz")) for _ in range(length)]
        for length in (3, 2, 2)
    ]


def outcomes(seed: int, *, whole: bool) -> tuple[set[str], int]:
    """The reads and the state of the programs by every schedule, and the number of schedules."""
    store: dict[str, str] = {}

    def engine(request: Request, _: Send) -> dict[str, Any]:
        (key,) = request.reads | request.writes
        if request.writes:
            store[key.pk] = request.params["Item"]["said"]["S"]
        return {"said": store.get(key.pk)}

    def run(name: str, program: list[tuple[str, str]]) -> list[Any]:
        client: Any = connection().client
        seen: list[Any] = []
        for number, (operation, pk) in enumerate(program):
            keys = {"pk": {"S": pk}, "sk": {"S": "-"}}
            item = {**keys, "said": {"S": f"{name}{number}{seen}"}}
            asked = {"TableName": "toys", "Key": keys, "Item": item}
            seen.append(client._make_api_call(operation, asked)["said"])
        return seen

    def start() -> Mapping[str, Act]:
        store.clear()
        named = dict(zip("ABC", programs(seed), strict=True))
        return {name: partial(run, name, program) for name, program in named.items()}

    with tapped(engine):
        found = [str((run.results, sorted(store.items()))) for run in explore(start, whole=whole)]
    return set(found), len(found)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("seed", range(8))
def test_schedules_left_out_by_the_search_show_nothing_new(seed: int) -> None:
    every, merges = outcomes(seed, whole=True)
    found, schedules = outcomes(seed, whole=False)
    assert merges == 210
    assert found == every
    assert len(found) <= schedules < merges
