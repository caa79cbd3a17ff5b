"""Redemptions a second, over HTTP and by bare botocore, one after the other in one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from infra.bench import load, processes, raw
from infra.bench.in_process import InProcess
from infra.bench.mall import Mall

CLIENTS = (1, 8, 32)
WARM_UP_CLIENTS = 8


class Part(NamedTuple):
    """A part of the stack: processor time an order in milliseconds, memory in MB (PSS)."""

    cpu_ms: float
    memory_mb: float


class Pair(NamedTuple):
    """Orders over HTTP, the same by bare botocore, and what each part of the stack took of the
    former, until its last relay and notice was done."""

    over_http: load.Rate
    bare: load.Rate
    parts: dict[str, Part]

    @property
    def ratio(self) -> float:
        """Our rate to that of bare botocore."""
        return self.over_http.per_second / self.bare.per_second

    @property
    def cpu_ms(self) -> float:
        """Processor time of the whole stack for an order."""
        return sum(part.cpu_ms for part in self.parts.values())

    @property
    def memory_mb(self) -> float:
        """Memory of the whole stack."""
        return sum(part.memory_mb for part in self.parts.values())


def measure_rates(mall: Mall, tell: Callable[[Pair], None]) -> list[Pair]:
    """The figures for each number of clients; each is printed at once."""
    sku = mall.sku(1_000_000)
    members = [mall.member(f"load-{number}") for number in range(max(CLIENTS))]
    here = InProcess()
    recordings = [raw.record(lambda m=member: _order(here, m, sku)) for member in members]
    here.stop_measuring()
    mall.drain()  # the notices of new members are not measured
    # The engine and each worker are slow at first: neither side of a pair shall pay for that.
    load.redeem(mall, WARM_UP_CLIENTS, members, sku)
    raw.redeem(recordings, WARM_UP_CLIENTS)
    mall.drain()
    found = []
    for clients in CLIENTS:
        over_http, parts = _watched(mall, clients, members, sku)
        bare = raw.redeem(recordings, clients)
        mall.drain()
        found.append(Pair(over_http, bare, parts))
        tell(found[-1])
    return found


def _watched(
    mall: Mall, clients: int, members: list[dict[str, str]], sku: str
) -> tuple[load.Rate, dict[str, Part]]:
    before = processes.of_parts(mall.processes())
    rate = load.redeem(mall, clients, members, sku)
    mall.drain()
    after = processes.of_parts(mall.processes())
    return rate, {
        name: Part((use.cpu_s - before[name].cpu_s) * 1000 / rate.orders, use.memory_kb / 1024)
        for name, use in after.items()
    }


def _order(here: InProcess, member: dict[str, str], sku: str) -> None:
    body = {"items": [{"sku": sku, "quantity": 1}], "address_id": member["address_id"]}
    here.call("POST", "/v1/orders", body, member["access_token"])
