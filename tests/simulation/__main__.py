"""`make simulate`: the rules against the model, then the stored ledger under faults, both from
one printed seed."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import secrets
import sys
import time
from collections.abc import Callable

import tests.conftest  # noqa: F401 - sets what the settings need
from infra.local.engine import temporary_engine
from tests.simulation.simulation import LENGTH, Found, search_rules, search_stored, seeds

SAY_EVERY_S = 10
STORED_LENGTH = 200
STORED_SHARE = 50

History = tuple[str, int]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--stored-steps", type=int, help="a fiftieth of the steps if not said")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    asked = parser.parse_args()
    stored = asked.steps // STORED_SHARE if asked.stored_steps is None else asked.stored_steps
    say(f"make simulate SEED={asked.seed} STEPS={asked.steps}")
    histories = list(seeds(asked.seed, asked.steps, LENGTH))
    if simulate("rules", _search_rules, histories, asked.processes):
        return 1
    with temporary_engine() as endpoint:
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint
        histories = list(seeds(f"stored:{asked.seed}", stored, STORED_LENGTH))
        return simulate("stored ledger", _search_stored, histories, asked.processes)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def simulate(
    what: str,
    search: Callable[[History], tuple[Found | None, int]],
    histories: list[History],
    processes: int,
) -> int:
    """Play all histories and say so; 1 if one breaks a claim, after its shortest form."""
    started = said = time.monotonic()
    played, steps = 0, sum(length for _, length in histories)
    with multiprocessing.Pool(processes) as pool:
        for found, length in pool.imap_unordered(search, histories):
            played += length
            if found is not None:
                say(f"{what}: a claim breaks\n{found}")
                return 1
            now = time.monotonic()
            if now - said > SAY_EVERY_S:
                said, rate = now, played / (now - started)
                say(f"{what}: {played:,} of {steps:,} steps, {rate:,.0f} a second")
    spent = time.monotonic() - started
    say(f"{what}: {played:,} steps agree with the model, {played / spent:,.0f} a second")
    return 0


def _search_rules(history: History) -> tuple[Found | None, int]:
    return search_rules(*history), history[1]


def _search_stored(history: History) -> tuple[Found | None, int]:
    return search_stored(*history), history[1]


if __name__ == "__main__":
    sys.exit(main())
