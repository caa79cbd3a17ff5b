"""Redemptions a second, over HTTP and by bare botocore, one after the other in one run."""

from __future__ import annotations

from infra.bench import load, raw, report
from infra.bench.in_process import InProcess
from infra.bench.mall import Mall

CLIENTS = (1, 8, 32)
WARM_UP_CLIENTS = 8


def measure_rates(mall: Mall) -> list[tuple[load.Rate, load.Rate]]:
    """(over HTTP, bare botocore) for each number of clients."""
    sku = mall.sku(1_000_000)
    members = [mall.member(f"load-{number}") for number in range(max(CLIENTS))]
    here = InProcess()
    recordings = [raw.record(lambda m=member: _order(here, m, sku)) for member in members]
    here.stop_measuring()
    mall.drain()  # the notices of the members just made are not what is measured
    # The engine and each worker are slow at first: neither side of a pair shall pay for that.
    load.redeem(mall, WARM_UP_CLIENTS, members, sku)
    raw.redeem(recordings, WARM_UP_CLIENTS)
    mall.drain()
    found = []
    for clients in CLIENTS:
        over_http = load.redeem(mall, clients, members, sku)
        mall.drain()
        bare = raw.redeem(recordings, clients)
        mall.drain()
        print(report.line(over_http, bare), flush=True)
        found.append((over_http, bare))
    return found


def _order(here: InProcess, member: dict[str, str], sku: str) -> None:
    body = {"items": [{"sku": sku, "quantity": 1}], "address_id": member["address_id"]}
    here.call("POST", "/v1/orders", body, member["access_token"])
