"""Thirty-two threads on ten accounts for as long as is asked, on an engine of their own.

`python -m tests.faults.threads --seconds 60`: prints the answers and the problems; exits
with 1 if there are problems.
"""

from __future__ import annotations

import argparse
import os
import sys

import pytest

# Before imports of modules that read their settings.
from tests.conftest import SECRETS  # isort: split

from chalicelib.kernel import secrets
from infra.local.engine import temporary_engine
from tests.faults.crowds import Crowd, new_crowd, work_together
from tests.faults.reckoning import problems_after


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with temporary_engine() as endpoint, pytest.MonkeyPatch.context() as patch:
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint
        patch.setattr(secrets, "_secret", SECRETS.__getitem__)
        crowd = new_crowd(asked.seed)
        work_together(crowd, asked.seconds)
        problems = problems_after(crowd)
    _tell(crowd, problems)
    sys.exit(bool(problems))


def _tell(crowd: Crowd, problems: list[str]) -> None:
    lines = [f"{count:7} {answer}" for answer, count in sorted(crowd.answers.items())]
    total = f"{len(crowd.done)} entries acknowledged on {len(crowd.accounts)} accounts"
    sys.stdout.write("\n".join([*lines, total, *problems, ""]))


if __name__ == "__main__":
    main()
