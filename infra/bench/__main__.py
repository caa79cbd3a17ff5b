"""`python -m infra.bench` measures, prints, and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import logging
import tempfile
from pathlib import Path

from infra.bench import load, raw, report, units
from infra.bench.mall import Mall, running
from infra.local.settings import REPOSITORY

CLIENTS = (1, 8, 32)
WARM_UP_CLIENTS = 8


def main() -> int:
    """Measure everything in one run; the write units first, they need no quiet machine."""
    parser = argparse.ArgumentParser(prog="python -m infra.bench", description=__doc__)
    parser.add_argument("--units-only", action="store_true", help="leave rates as they are")
    parser.add_argument("--no-write", action="store_true", help="print only")
    asked = parser.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as home, running(Path(home)) as mall:
        use_cases = units.measure(mall)
        print(report.of_units(use_cases))
        if asked.units_only:
            return 0
        rates = _rates(mall)
        print(report.of_rates(rates))
    if not asked.no_write:
        (REPOSITORY / "docs/benchmarks.md").write_text(report.page(use_cases, rates))
    return 0


def _rates(mall: Mall) -> list[tuple[load.Rate, load.Rate]]:
    """(over HTTP, bare botocore) for each number of clients, one after the other in one run."""
    sku = mall.sku(1_000_000)
    members = [mall.member(f"load-{number}") for number in range(max(CLIENTS))]
    here = units.InProcess(mall)
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


def _order(here: units.InProcess, member: dict[str, str], sku: str) -> None:
    body = {"items": [{"sku": sku, "quantity": 1}], "address_id": member["address_id"]}
    here.call("POST", "/v1/orders", body, member["access_token"])


raise SystemExit(main())
