"""The figures as Markdown: the measurements, the machine, the promises."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from typing import NamedTuple

from infra.bench import budgets, ledger_report, prices, rate_report
from infra.bench.calls import Calls, of_calls
from infra.bench.cold import Start, of_starts
from infra.bench.expiry import Run
from infra.bench.goods import GOODS, Measured, of_goods
from infra.bench.handler import Part
from infra.bench.pricing import AT_MOST_MS, CAMPAIGNS, LINES, Taken, of_pricing
from infra.bench.rates import Pair
from infra.bench.replays import DAYS, MEMBERS, Replayed, of_replays
from infra.bench.risk import Found, of_risk
from infra.bench.scale import Scale
from infra.bench.settlement import MOST_BYTES, Settled, of_settlement
from infra.bench.shop import MANY, Shop, of_shop
from infra.bench.sizes import Size
from infra.bench.use_cases import UseCase, verdict

GB, SECONDS = 1.0, 0.03


class Figures(NamedTuple):
    """Everything that one run measured."""

    use_cases: list[UseCase]
    ledger: list[UseCase]
    rates: list[Pair]
    handler: list[Part]
    calls: list[Calls]
    sizes: list[Size]
    scale: Scale
    runs: list[Run]
    settled: Settled
    starts: list[Start]
    finding: Measured
    shop: Shop
    suspected: list[Found]
    replayed: list[Replayed]
    priced: list[Taken]


def _measured() -> str:
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`: {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}."
    )


def page(found: Figures) -> str:
    """docs/benchmarks.md."""
    return (
        "\n\n".join(
            [
                "# Benchmarks",
                _measured(),
                _UNITS,
                of_units(found.use_cases),
                _BUDGETS,
                budgets.of_budgets(budgets.measure()),
                *ledger_report.units(found.ledger, found.sizes),
                *ledger_report.measured(found.scale, found.runs),
                *_of_many(found),
                _COLD,
                of_starts(found.starts),
                _COST,
                cost(found.use_cases),
                *rate_report.measured(found.rates, found.handler),
                _CALLS,
                of_calls(found.calls),
                _DERIVATION,
                _derivations([*found.use_cases, *found.ledger]),
            ]
        )
        + "\n"
    )


def _of_many(found: Figures) -> list[str]:
    """What was measured beside many entries, goods, members, events and campaigns."""
    return [
        _SETTLEMENT,
        of_settlement(found.settled),
        _FINDING,
        of_goods(found.finding),
        _SHOP,
        of_shop(found.shop),
        _RISK,
        of_risk(found.suspected),
        _REPLAY,
        of_replays(found.replayed),
        _PRICING,
        of_pricing(found.priced),
    ]


_UNITS = """## Capacity units

Computed by hooks on botocore's client from the requests and from each item read before and after
(`infra/bench/write_units.py`), with names, ids and titles at their longest and an address of 265
bytes in GB18030, which takes a street of 90 Chinese characters: 2 units a KB and item in a
transaction, 1 elsewhere, and 1 for each index entry written. With a longer address an order takes a
second KB: 2 units more at each of its writes that find it so. Entries that come, go or move in
sparse indexes (`waiting`, `due`, `reminders`, `listed`) are listed apart.

Titles and SKUs of several lines are made of random characters and words, which no packing makes
small. The lines of an order are deflated from 512 bytes on. An order of 10 SKUs takes a second KB
all the same, and one of 30 a third: a line keeps its SKU, its product's id and both titles, as the
product may change later, and the ids of 30 products alone are 480 of the 500 bytes that one KB has
for lines. What follows a sale is written by `stock_relay`, at most 2 units for each line of an
order, and fewer in a batch.

A process reads the published rules once in 30 s and the ladder once in 60 s. An accrual by one rule
takes 7 units, and 2 more for a cap and for a budget. Each further rule that gives points has an
entry of its own, so that an entry names its rule and a refund takes back by rule: 4 units, 2 in the
transaction and 1 for its place in the history and in the day; a further account takes 6 with its
entry, where 2 were promised for it. A tier that multiplies points counts as a rule. Units are
measured on a ladder that gives nothing; one that gives something to orders, or multiplies points,
costs each of them the read of a standing, half a unit."""

_BUDGETS = """### Budgets of hot items

Bytes at maximal lengths, as DynamoDB counts them. A hot item stays below 1 KB, where a write takes
another unit, and keeps bytes free for what is to come. An order keeps below it from its placing
until it is shipped; a delivered one may take a second KB. A test holds every reserve."""

_COLD = """## Cold starts

What Lambda imports before a function's first call, as packaged (bytecode, the index of routes), in
a new interpreter by turns with a botocore client's own start: medians of CPU time. The API imports
a route's context at the first call of such a route; the third line has that of placing an order."""

_CALLS = """## Function calls of a handler

As Python's profiler counts them in a warm worker of the stack, for one request or one message; log
lines are not written. They are the same on any machine, busy or not."""

_DERIVATION = """## Derivations

What each use case writes. Sizes are of the larger image, in bytes."""

_SETTLEMENT = f"""## Settlement of a day

A day of so many entries in an engine of its own, settled by a process of its own: all files, the
workbook and the manifest. Largest memory is the process's resident set at its highest, interpreter
and libraries among it; {MOST_BYTES // 1_000_000} MB is the most that it may be. Requests are pages
of the day's index and batches of orders."""

_FINDING = f"""## Finding goods

An index of {GOODS:,} goods, 200 categories and 2,000 brands, read by a process of its own:
CPU time of a page of 20, over 20 rounds."""

_SHOP = f"""## A mall of any size

Medians of requests, as the application answers them in one process for each of two engines
(dynoxide) that take turns within one run: beside {MANY.goods:,} goods and {MANY.orders:,} orders,
and beside a thousand of each. All are copies of a product and of an order that the application
wrote, imported before the engine starts; a member has 40 orders on both sides."""

_RISK = """## Risk

The suggested rules of risk on a made-up population (docs/risk.md tells of whom it is made), judged
by the rules that judge members: how many reached each level, how many are seen by the staff, and
how many are kept from points. It is the same on any machine."""

_REPLAY = f"""## Replays

A draft held against past events of {DAYS} days and {MEMBERS:,} members, three items each, by a
process of its own on an engine of its own (dynoxide): the reads exactly, the pace by the clock. A
worker of the stage reads as much, and saves a round a minute."""

_PRICING = f"""## Pricing

CPU time of the price engine in one process: a cart of {LINES} lines against {CAMPAIGNS} campaigns
of seven kinds, each about a line of it; a third is for another tier, a third is in exclusion
groups. The p50 of a price is to be under {AT_MOST_MS:g} ms. Nothing is read."""

_COST = """## What a redemption costs

Arithmetic of list prices (us-east-1, on demand, arm64 Lambda of 1 GB for 30 ms), per million
redemptions; nothing when idle but storage, keys and alarms. Streams' reads by Lambda are free; the
relay, the queues and the notices add about as much again as one more Lambda call each."""


def of_units(use_cases: list[UseCase]) -> str:
    rows = [
        "| use case | write units | at most | sparse index | read units | at most | requests "
        "| holds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for case in use_cases:
        spent = case.spent
        rows.append(
            f"| {case.name} | {spent.write_units} | {_limit(case.most_writes)} | "
            f"{spent.sparse_units} | {spent.read_units:g} | {_limit(case.most_reads)} | "
            f"{len(spent.requests)} | {verdict(case.holds)} |"
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
