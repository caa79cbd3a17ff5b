"""Cold starts: Lambda's first imports, beside a botocore client's own start in the same run."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import NamedTuple

from infra.bench.use_cases import verdict
from infra.local.settings import REPOSITORY

STARTS = 15
API_AT_MOST, OTHERS_AT_MOST = 1.25, 1.15
BOTOCORE = "import botocore.session as s; s.Session().create_client('dynamodb')"
API = "app"
# The route that most calls of members end in, with what its first call imports.
FIRST_CALL = "app, chalicelib.orders.routes.orders"
AUTHORIZER = "chalicelib.kernel.web.auth"
_PROGRAM = """
import resource
def spent():
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
began = spent()
{}
print(spent() - began)
"""


class Start(NamedTuple):
    """Median CPU time of one kind of start, and its limit as a share of botocore's own."""

    name: str
    ms: float
    ratio: float
    at_most: float | None

    @property
    def holds(self) -> str:
        return verdict(None if self.at_most is None else self.ratio <= self.at_most)


def measure(starts: int = STARTS) -> list[Start]:
    """Start each so many times, by turns, as packaged: with bytecode and the index of routes."""
    with tempfile.TemporaryDirectory() as name:
        stage(Path(name))
        modules = [each.partition(":")[0] for each in (*_events(), AUTHORIZER)]
        statements = {BOTOCORE: BOTOCORE} | {
            each: f"import {each}" for each in (API, FIRST_CALL, *modules)
        }
        found: dict[str, list[float]] = {each: [] for each in statements}
        for turn in range(starts + 1):
            for each, statement in statements.items():
                took = _start(Path(name), statement)
                if turn:  # the first reads files that no later one does
                    found[each].append(took * 1000)
    medians = {each: statistics.median(took) for each, took in found.items()}
    return [Start(each, ms, ms / medians[BOTOCORE], _at_most(each)) for each, ms in medians.items()]


def _at_most(name: str) -> float | None:
    if name in (BOTOCORE, FIRST_CALL):
        return None
    return API_AT_MOST if name == API else OTHERS_AT_MOST


def stage(folder: Path) -> None:
    """Lay the code out as `make package` does."""
    from app import app

    shutil.copy(REPOSITORY / "app.py", folder)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "chalicelib", folder / "chalicelib", ignore=ignored)
    places = json.dumps(app.complete().places, sort_keys=True)
    (folder / "chalicelib/kernel/web/routes.json").write_text(places, "utf-8")
    # A prefix would lead the compiler, as it would the interpreter, to another place.
    prefix, sys.pycache_prefix = sys.pycache_prefix, None
    try:
        compileall.compile_dir(
            folder, quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
        )
    finally:
        sys.pycache_prefix = prefix


def _events() -> tuple[str, ...]:
    from app import EVENTS

    return EVENTS


def _start(folder: Path, statement: str) -> float:
    """CPU seconds of a statement in a new interpreter."""
    unset = {"PYTHONPATH", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    command = [sys.executable, "-c", _PROGRAM.format(statement)]
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return float(ran.stdout)


def of_starts(starts: list[Start]) -> str:
    """The figures as a table."""
    rows = [
        f"| {_named(each.name)} | {each.ms:.0f} | {each.ratio:.2f} "
        f"| {each.at_most or ''} | {each.holds} |"
        for each in starts
    ]
    return "\n".join(
        [
            "| imported first | CPU ms | of botocore's | at most | holds |",
            "|---|---|---|---|---|",
            *rows,
        ]
    )


def _named(name: str) -> str:
    return "botocore: session and DynamoDB client" if name == BOTOCORE else f"`{name}`"
