"""The figures as Markdown: what was measured, on what, against which promise."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from typing import NamedTuple

from infra.bench import budgets, ledger_report, prices
from infra.bench.cold import Start, of_starts
from infra.bench.expiry import Run
from infra.bench.load import Rate
from infra.bench.scale import Scale
from infra.bench.settlement import MOST_BYTES, Settled, of_settlement
from infra.bench.sizes import Size
from infra.bench.use_cases import UseCase

GB, SECONDS = 1.0, 0.03


class Figures(NamedTuple):
    """Everything that one run measured; rates are (over HTTP, bare botocore)."""

    use_cases: list[UseCase]
    ledger: list[UseCase]
    sizes: list[Size]
    rates: list[tuple[Rate, Rate]]
    scale: Scale
    runs: list[Run]
    settled: Settled
    starts: list[Start]


def page(found: Figures) -> str:
    """docs/benchmarks.md."""
    measured = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`: {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}."
    )
    return "\n\n".join(
        [
            "# Benchmarks", measured, _UNITS, of_units(found.use_cases),
            _BUDGETS, budgets.of_budgets(budgets.measure()),
            *ledger_report.units(found.ledger, found.sizes),
            *ledger_report.measured(found.scale, found.runs),
            _SETTLEMENT, of_settlement(found.settled),
            _COLD, of_starts(found.starts),
            _COST, cost(found.use_cases), _RATES, of_rates(found.rates), _SCALE,
            _DERIVATION, _derivations([*found.use_cases, *found.ledger]),
        ]
    ) + "\n"  # fmt: skip


_UNITS = """## Capacity units

Computed by hooks on botocore's client from the requests and from each item read before and after
(`infra/bench/write_units.py`), with names, ids and titles at their longest and an address of 265
bytes in GB18030, which takes a street of 90 Chinese characters: 2 units a KB and item in a
transaction, 1 elsewhere, and 1 for each index entry written. With a longer address an order takes a
second KB: 2 units more at each of its writes that find it so. Entries that come, go or move in
sparse indexes (`waiting`, `due`, `reminders`, `listed`) are listed apart."""

_BUDGETS = """### Budgets of hot items

Bytes at maximal lengths, as DynamoDB counts them. A hot item stays below 1 KB, where a write takes
another unit, and keeps bytes free for what is to come. An order keeps below it from its placing
until it is shipped; a delivered one may take a second KB. A test holds every reserve."""

_COLD = """## Cold starts

What Lambda imports before a function's first call, as packaged (bytecode, the index of routes), in
a new interpreter by turns with a botocore client's own start: medians of CPU time. The API imports
a route's context at the first call of such a route; the third line has that of placing an order."""

_DERIVATION = """## Derivations

What each use case writes. Sizes are of the larger image, in bytes."""

_SETTLEMENT = f"""## Settlement of a day

A day of so many entries in an engine of its own, settled by a process of its own: all files, the
workbook and the manifest. Largest memory is the process's resident set at its highest, interpreter
and libraries among it; {MOST_BYTES // 1_000_000} MB is the most that it may be. Requests are pages
of the day's index and batches of orders."""

_COST = """## What a redemption costs

Arithmetic of list prices (us-east-1, on demand, arm64 Lambda of 1 GB for 30 ms), per million
redemptions; nothing when idle but storage, keys and alarms. Streams' reads by Lambda are free; the
relay, the queues and the notices add about as much again as one more Lambda call each."""

_RATES = """## Redemptions over HTTP

One SKU of physical goods for points, to an address, for as many members as clients, on the durable
engine with the stack's 8 worker processes; against bare botocore that sends the same reads and
the same transaction from as many processes. Engine, stack and clients share the cores. Each pair
ran one after the other in one run; the ratio is what to compare, not rates of other machines."""

_SCALE = """For scale: a popular PHP points mall, tuned, gives 64 a second with one client (p99
21 ms) and about 120 with 8 to 32 on a machine of two cores at its usual speed. The bare column is
the local engine's own ceiling on the machine and the day of this run: where it lies below those
rates, no code above it could reach them, and the ratio is what this page shows. While the rates
are measured, relays, queues and notices work for every order on the same cores."""


def of_units(use_cases: list[UseCase]) -> str:
    rows = [
        "| use case | write units | at most | sparse index | read units | at most | requests |",
        "|---|---|---|---|---|---|---|",
    ]
    for case in use_cases:
        spent = case.spent
        rows.append(
            f"| {case.name} | {spent.write_units} | {_limit(case.most_writes)} | "
            f"{spent.sparse_units} | {spent.read_units:g} | {_limit(case.most_reads)} | "
            f"{len(spent.requests)} |"
        )
    return "\n".join(rows)


def _limit(most: float | None) -> str:
    return "" if most is None else f"{most:g}"


def _derivations(use_cases: list[UseCase]) -> str:
    rows = ["| use case | item or index entry | bytes | units |", "|---|---|---|---|"]
    for case in use_cases:
        name = case.name
        for line in case.spent.lines:
            apart = " (sparse)" if line.sparse else ""
            rows.append(f"| {name} | {line.what}{apart} | {line.size} | {line.units} |")
            name = ""
    return "\n".join(rows)


def cost(use_cases: list[UseCase]) -> str:
    """Dollars per million of the first redemption measured."""
    spent = next(case.spent for case in use_cases if case.name.startswith("Redemption"))
    writes = spent.write_units + spent.sparse_units
    parts = {
        f"{writes} write units": prices.of_writes(writes),
        f"{spent.read_units:g} read units": spent.read_units * prices.READ_MILLION,
        "API Gateway, REST": prices.API_MILLION,
        "Lambda, API and authorizer": (
            2 * prices.LAMBDA_MILLION + 1e6 * GB * SECONDS * prices.GB_SECOND
        ),
    }
    rows = ["| part | US dollars per million |", "|---|---|"]
    rows += [f"| {name} | {dollars:.2f} |" for name, dollars in parts.items()]
    return "\n".join([*rows, f"| together | {sum(parts.values()):.2f} |"])


def of_rates(rates: list[tuple[Rate, Rate]]) -> str:
    rows = [
        "| clients | a second | p50 ms | p99 ms | memory MB | bare a second | bare p50 ms | "
        "bare p99 ms | ratio |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for ours, bare in rates:
        rows.append(
            f"| {ours.clients} | {ours.per_second:.0f} | {ours.p50_ms:.1f} | {ours.p99_ms:.1f} | "
            f"{ours.memory_mb} | {bare.per_second:.0f} | {bare.p50_ms:.1f} | {bare.p99_ms:.1f} | "
            f"{ours.per_second / bare.per_second:.2f} |"
        )
    return "\n".join(rows)


def line(ours: Rate, bare: Rate) -> str:
    ratio = ours.per_second / bare.per_second
    return (
        f"{ours.clients} clients: {ours.per_second:.0f} a second over HTTP, "
        f"{bare.per_second:.0f} bare, ratio {ratio:.2f}"
    )
