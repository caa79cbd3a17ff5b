"""Orders a second, the cost of each process, and a handler's parts, as Markdown."""

from __future__ import annotations

from infra.bench.handler import Part, of_handler
from infra.bench.rates import Pair

_RATES = """## Redemptions over HTTP

One SKU of physical goods for points, to an address, for as many members as clients, on the durable
engine with the stack's 5 worker processes; against bare botocore that sends the same read and
the same transaction from as many processes. Engine, stack and clients share the cores. Each pair
ran one after the other in one run; the ratio is what to compare, not rates of other machines."""

_SCALE = """For scale: a popular PHP points mall, tuned, gives 64 a second with one client (p99
21 ms) and about 120 with 8 to 32 on a machine of two cores at its usual speed. The bare column is
the local engine's own ceiling on the machine and the day of this run: where it lies below those
rates, no code above it could reach them, and the ratio is what this page shows. While the rates
are measured, relays, queues and notices work for every order on the same cores."""

# By clients: orders a second at least, p99 in milliseconds at most.
_TARGETS = {1: (100, 18), 8: (140, 90), 32: (140, 310)}
_LEAST_RATIO, _MOST_CPU_MS, _MOST_MB = 0.85, 14, 400
_AIMS = (
    "Targets: at least "
    + "; ".join(
        f"{rate} a second and p99 of at most {p99_ms} ms with {clients}"
        for clients, (rate, p99_ms) in _TARGETS.items()
    )
    + f"; a ratio of at least {_LEAST_RATIO}, at most {_MOST_CPU_MS} ms of CPU an order and "
    f"{_MOST_MB} MB. Rates drift with the machine, ratio and CPU less."
)

_HANDLER = """A redemption's handler by itself, in one process beside an idle stack: its processor
time alone, so nothing of the engine's is in it."""

_PARTS = """Processor time of each process for an order, until its last relay and notice is done,
and its memory (PSS: shared pages in parts). The workers are those of the API and of the pumps."""


def measured(rates: list[Pair], handler: list[Part]) -> list[str]:
    """The paragraphs and tables of docs/benchmarks.md."""
    return [_RATES, of_rates(rates), _AIMS, _SCALE, _HANDLER, of_handler(handler)]


def of_rates(rates: list[Pair]) -> str:
    """Orders a second, then the cost of each part of the stack."""
    rows = [
        "| clients | a second | p50 ms | p99 ms | bare a second | bare p50 ms | bare p99 ms | "
        "ratio | CPU ms an order | memory MB | misses |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for pair in rates:
        ours, bare = pair.over_http, pair.bare
        rows.append(
            f"| {ours.clients} | {ours.per_second:.0f} | {ours.p50_ms:.1f} | {ours.p99_ms:.1f} | "
            f"{bare.per_second:.0f} | {bare.p50_ms:.1f} | {bare.p99_ms:.1f} | "
            f"{pair.ratio:.2f} | {pair.cpu_ms:.1f} | {pair.memory_mb:.0f} | "
            f"{', '.join(_misses(pair)) or 'none'} |"
        )
    return "\n".join([*rows, "", _PARTS, "", *_of_parts(rates)])


def _misses(pair: Pair) -> list[str]:
    """The columns of a row that miss their target."""
    least, most_ms = _TARGETS[pair.over_http.clients]
    holds = {
        "a second": pair.over_http.per_second >= least,
        "p99": pair.over_http.p99_ms <= most_ms,
        "ratio": pair.ratio >= _LEAST_RATIO,
        "CPU": pair.cpu_ms <= _MOST_CPU_MS,
        "memory": pair.memory_mb <= _MOST_MB,
    }
    return [name for name, is_met in holds.items() if not is_met]


def _of_parts(rates: list[Pair]) -> list[str]:
    """A row for each process, with CPU and memory at each number of clients."""
    heads = [f"{pair.over_http.clients} clients: CPU ms | MB" for pair in rates]
    rows = [f"| part | {' | '.join(heads)} |", "|---|" + "---|" * (2 * len(rates))]
    for name in rates[0].parts if rates else ():
        each = [pair.parts[name] for pair in rates]
        cells = [f"{part.cpu_ms:.2f} | {part.memory_mb:.0f}" for part in each]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def line(pair: Pair) -> str:
    ours, bare, parts = pair
    cpu_ms = sum(part.cpu_ms for part in parts.values())
    memory_mb = sum(part.memory_mb for part in parts.values())
    return (
        f"{ours.clients} clients: {ours.per_second:.0f} a second over HTTP, p99 "
        f"{ours.p99_ms:.0f} ms, {bare.per_second:.0f} bare, ratio "
        f"{ours.per_second / bare.per_second:.2f}, {cpu_ms:.1f} ms of CPU an order, "
        f"{memory_mb:.0f} MB"
    )
