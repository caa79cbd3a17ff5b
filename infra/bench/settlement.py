"""A day with many entries, settled by a process of its own: its memory, its requests, its pace."""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.kernel import clock
from infra.bench.filling import with_entries
from infra.local.settings import client_environment

MOST_BYTES = 200 * 1000 * 1000
# Evenly over a day, so that the day's first entry is after its midnight.
ACCOUNTS, DAY_MS = 1_000, 86_000_000


class Settled(NamedTuple):
    """One settlement: `peak_bytes` is the process's largest resident set, interpreter and all."""

    entries: int
    seconds: float
    peak_bytes: int
    requests: int
    written_bytes: int
    filled_s: float

    @property
    def a_second(self) -> float:
        return self.entries / self.seconds

    @property
    def holds(self) -> bool:
        return self.peak_bytes < MOST_BYTES


def measure(entries: int) -> Settled:
    """Fill an engine with a day of so many entries and settle it, files and workbook."""
    accounts = min(ACCOUNTS, entries)
    day = clock.program_day(clock.now()) - timedelta(days=1)
    last_ms = _end_ms(day) - 60_000
    each = entries // accounts
    with with_entries(accounts, entries, last_ms, DAY_MS // each) as loaded:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as process:
            found = process.submit(settle, loaded.endpoint, day).result()
        return Settled(*found, loaded.seconds)


def settle(endpoint: str, day: date) -> tuple[int, float, int, int, int]:
    """Build the files of a day from an engine; its costs in the order of Settled."""
    os.environ.update(client_environment({"dynamodb": endpoint}))
    from chalicelib import ledger
    from chalicelib.finance.actions.building import BuildRequest, build
    from chalicelib.kernel.config import config
    from chalicelib.kernel.store.tables import connection
    from chalicelib.ledger.rules.totals import DayTotals

    requests = 0

    def count(**_: Any) -> None:
        nonlocal requests
        requests += 1

    client: Any = connection().client
    client.meta.events.register("before-send.dynamodb", count)
    totals = ledger.totals_of(day, {unit: DayTotals(day, unit) for unit in ledger.UNITS})
    requests, began = 0, time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        built = build(BuildRequest(day, config().currency, Path(name), totals=totals))
    spent_s = time.monotonic() - began
    peak = peak_bytes()
    written = sum(file.bytes for file in built.manifest.files)
    return built.manifest.movements, spent_s, peak, requests, written


def peak_bytes() -> int:
    """This process's largest resident set. Linux keeps in ru_maxrss what the process that started
    this one had taken, so it is asked for that of this program alone."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _end_ms(day: date) -> int:
    from chalicelib.kernel import clock

    return clock.to_ms(clock.end_of(day))


def of_settlement(found: Settled) -> str:
    """The measurement as a table of docs/benchmarks.md."""
    megabytes = found.peak_bytes / 1e6
    return "\n".join(
        (
            "| entries of the day | settled in | entries a second | largest memory | requests |"
            " files |",
            "|---:|---:|---:|---:|---:|---:|",
            f"| {found.entries:,} | {found.seconds:.0f} s | {found.a_second:,.0f} |"
            f" {megabytes:.0f} MB | {found.requests:,} | {found.written_bytes / 1e6:.0f} MB |",
        )
    )
