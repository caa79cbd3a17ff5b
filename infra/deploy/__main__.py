"""`python -m infra.deploy --stage STAGE`: the command of `make package`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from infra.deploy.errors import PackagingFailed
from infra.deploy.packaging import ROOT, package
from infra.deploy.upgrading import STEPS


def main() -> int:
    """Package a stage; the exit code: 0 done, 1 failed."""
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__)
    parser.add_argument("--stage", required=True, help="a stage of .chalice/config.json")
    parser.add_argument("--out", type=Path, help="the folder to write (default: dist/STAGE)")
    parser.add_argument(
        "--template-only", action="store_true", help="write the template, build no code for it"
    )
    parser.add_argument(
        "--sender", metavar="ADDRESS", help="where letters come from (default: the stage's setting)"
    )
    parser.add_argument(
        "--upgrade",
        type=int,
        choices=range(1, len(STEPS) + 1),
        metavar="STEP",
        help=f"a deployment, 1 to {len(STEPS)}, that upgrades a stage from before 2026-11-29",
    )
    options = parser.parse_args()
    out: Path = options.out or ROOT / "dist" / options.stage
    try:
        template = package(
            options.stage,
            out,
            build=not options.template_only,
            sender=options.sender,
            upgrade=options.upgrade,
        )
    except PackagingFailed as error:
        print(f"jifen: {error}", file=sys.stderr)
        return 1
    print(f"{template} is ready for `aws cloudformation package`: see docs/operations.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
