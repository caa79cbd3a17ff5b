"""The ledger's figures as Markdown."""

from __future__ import annotations

from infra.bench import prices
from infra.bench.expiry import Run
from infra.bench.scale import LEAST_VERIFIED_A_SECOND, Scale
from infra.bench.sizes import Size
from infra.bench.turns import table
from infra.bench.use_cases import UseCase, verdict

UNITS = """## The ledger's use cases

In accounts of 36 lots of 12 digits each, with ids, messages and reasons at their longest. The
floor is the fewest write units that DynamoDB's prices allow for what must be written: an item
under 1 KB is 2 in a transaction and 1 alone, its entry in an index 1. An entry must be found by its
reference, by its time, and by its day if it moves points in or out of the program. What comes, goes
or moves in the sparse indexes `due` and `reminders` is listed apart and not in the floor. Dollars
are per million use cases, at list prices: writes, sparse indexes and reads together, and the
floor's writes alone."""

SIZES = """### Sizes

Bytes of items as DynamoDB counts them, and their units in a transaction without indexes. An account
stays below 1 KB with 36 lots whatever the numbers; so does an entry that touches one lot. An entry
that touches many names each, and may take a second KB: 2 units more for the item and 1 more for
each of its indexes, 4 for an entry that moves points in or out of the program."""

SCALE = """## Beside many entries and beside few

Medians of each use case, as a function of the application on DynamoDB Local, by one process for
each of two engines that take turns within one run. Accounts at work have as many lots and as full a
page of history on both sides; what differs is how much came before. The engines are filled through
the engine's own file (`infra/bench/engine_file.py`), which takes some hundred items a second by its
interface; the verification below reads all of it by that interface again."""

VERIFIED = """### Verification

Every account computed again from its entries, as they stand in the larger engine after that, by one
process; the engine runs beside it on the same cores."""

EXPIRY = """### The hourly expiry

Requests of one run: 8 reads of the index of due accounts, then 2 for each due account: a read and a
transaction. They do not grow with the accounts that are not due."""


def of_use_cases(use_cases: list[UseCase]) -> str:
    """Units beside promises, floors and prices."""
    rows = [
        "| use case | write units | at most | floor | sparse index | read units | requests | "
        "US$ | floor US$ | holds |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for case in use_cases:
        spent, floor = case.spent, case.floor.units if case.floor else 0
        rows.append(
            f"| {case.name} | {spent.write_units} | {_promise(case)} | {floor} | "
            f"{spent.sparse_units} | {spent.read_units:g} | {len(spent.requests)} | "
            f"{prices.of_units(spent):.2f} | {prices.of_writes(floor):.2f} | "
            f"{verdict(case.holds)} |"
        )
    return "\n".join(rows)


def _promise(case: UseCase) -> str:
    promised = (
        (case.most_writes, ""),
        (case.most_reads, " read"),
        (case.most_requests, " request"),
    )
    return ", ".join(f"{most:g}{what}" for most, what in promised if most is not None)


def of_floors(use_cases: list[UseCase]) -> str:
    """How each floor comes about."""
    rows = ["| use case | its floor in write units |", "|---|---|"]
    rows += [
        f"| {case.name} | {case.floor} |" for case in use_cases if case.floor and case.floor.parts
    ]
    return "\n".join(rows)


def of_sizes(sizes: list[Size]) -> str:
    rows = ["| item | bytes | below | units | holds |", "|---|---|---|---|---|"]
    for size in sizes:
        holds = verdict(None if size.below is None else size.holds)
        rows.append(f"| {size.what} | {size.size} | {size.below or ''} | {size.units} | {holds} |")
    return "\n".join(rows)


def of_scale(scale: Scale) -> str:
    small = scale.small
    if small is None:
        return ""
    large = scale.large
    rows = [
        f"{large.accounts:,} accounts each; {scale.repetitions} of each use case on each side. "
        f"Filling took {large.seconds:.0f} s and {small.seconds:.0f} s.",
        "",
        table(scale.ratios, f"{large.entries:,} entries", f"{small.entries:,} entries"),
    ]
    return "\n".join(rows)


def of_verified(scale: Scale) -> str:
    found = scale.verified
    if found is None:
        return ""
    return "\n".join(
        [
            "| accounts | entries | problems | seconds | entries a second | at least | holds |",
            "|---|---|---|---|---|---|---|",
            f"| {found.accounts:,} | {found.entries:,} | {found.problems} | "
            f"{found.milliseconds / 1000:.0f} | {found.a_second:,.0f} | "
            f"{LEAST_VERIFIED_A_SECOND:,} | {verdict(found.holds)} |",
        ]
    )


def of_runs(runs: list[Run]) -> str:
    rows = ["| accounts | due | requests | ms |", "|---|---|---|---|"]
    rows += [
        f"| {run.accounts:,} | {run.due} | {run.requests} | {run.milliseconds:.0f} |"
        for run in runs
    ]
    return "\n".join(rows)


def units(use_cases: list[UseCase], sizes: list[Size]) -> list[str]:
    """The sections of units and sizes."""
    return [
        UNITS,
        of_use_cases(use_cases),
        "### Floors",
        of_floors(use_cases),
        SIZES,
        of_sizes(sizes),
    ]


def measured(scale: Scale, runs: list[Run]) -> list[str]:
    """The sections of times and counts on filled engines."""
    return [SCALE, of_scale(scale), VERIFIED, of_verified(scale), EXPIRY, of_runs(runs)]
