"""`python -m infra.bench` measures, prints, and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import logging
import os

from infra.local.settings import STAGE, client_environment

PARTS = (
    "cold",
    "units",
    "rates",
    "scale",
    "verify",
    "expiry",
    "settlement",
    "goods",
    "shop",
    "risk",
    "replay",
    "pricing",
)
ENTRIES = 1_000_000
REPETITIONS = 200


def main() -> int:
    """Measure everything in one run, or one part of it; only the whole is written."""
    parser = argparse.ArgumentParser(prog="python -m infra.bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="measure and print one part, write nothing")
    parser.add_argument(
        "--units-only", action="store_const", const="units", dest="only", help="as --only units"
    )
    parser.add_argument("--no-write", action="store_true", help="print only")
    parser.add_argument(
        "--scale",
        type=int,
        default=ENTRIES,
        metavar="N",
        help=f"entries in the larger engine; {ENTRIES:,} or nothing is written",
    )
    parser.add_argument(
        "--repetitions",
        type=int,
        default=REPETITIONS,
        metavar="N",
        help="of each use case beside many and few entries",
    )
    asked = parser.parse_args()
    logging.disable(logging.INFO)
    os.environ.update(client_environment({}), JIFEN_STAGE=STAGE)
    from infra.bench.run import Wanted, run  # the application reads the environment at once

    parts = frozenset([asked.only] if asked.only else PARTS)
    writes = asked.only is None and not asked.no_write and asked.scale == ENTRIES
    run(Wanted(parts, asked.scale, asked.repetitions, writes))
    return 0


# Processes that are spawned import this file under another name.
if __name__ == "__main__":
    raise SystemExit(main())
