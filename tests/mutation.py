"""`make mutate`: small bugs planted in the rules of a context; a test must notice each.

Works on a copy, so that the tree stays as it is: rules and pure tests alone, no engine, the same
examples each time. docs/mutation.md explains each survivor by the line that it has instead; one
that is not explained there fails the run.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.purity import has_no_pure_tests

ROOT = Path(__file__).parents[1]
EXPLAINED = ROOT / "docs" / "mutation.md"
# The least percentage of killed mutants, by context.
LEAST_PERCENT = {"ledger": 95} | dict.fromkeys(
    ("orders", "payments", "withdrawals", "finance", "catalog"), 90
)
# Tests of a context's rules that are elsewhere.
BESIDES = {
    "ledger": ["tests/simulation/test_histories.py::test_any_steps_may_be_taken_out_of_a_history"]
}
# Instead of the whole suite's fixtures, which import all of the mall.
CONFTEST = """
import os

from hypothesis import settings

os.environ.setdefault("JIFEN_STAGE", "dev")
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-1")
settings.register_profile(
    "mutation", derandomize=True, database=None, deadline=None, max_examples=30
)
settings.load_profile("mutation")
"""
# A test that takes five times as long as without the bug, and a second, runs for ever.
MUTMUT = """
[tool.mutmut]
source_paths = ["chalicelib"]
only_mutate = ["chalicelib/{context}/rules*"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:schemathesis", "-p", "no:xdist"]
timeout_multiplier = 5.0
track_dependencies = false
"""
# Shows many mutants in one process.
SHOW = """
import json, sys
from mutmut.mutation.diff_apply import get_diff_for_mutant
print(json.dumps({name: get_diff_for_mutant(name) for name in sys.argv[1:]}))
"""
# mutmut's exit codes of a killed mutant: a test failed, or the tests ran for ever.
KILLED = {1, 3, 24, -24, 36, 152, 255}


class Outcome(NamedTuple):
    mutants: int
    # Survivors by name, each with its unnoticed change.
    alive: dict[str, str]

    @property
    def percent(self) -> float:
        return (self.mutants - len(self.alive)) * 100 / self.mutants


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("contexts", nargs="*", help=f"of {', '.join(LEAST_PERCENT)}; else all")
    parser.add_argument("--cores", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--only", default="", help="a part of the names of mutants")
    given = parser.parse_args()
    if unknown := set(given.contexts) - LEAST_PERCENT.keys():
        parser.error(f"no rules of {', '.join(sorted(unknown))} are mutated")
    return max(_mutate(name, given.cores, given.only) for name in given.contexts or LEAST_PERCENT)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _mutate(context: str, cores: int, only: str) -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        _copy_to(Path(name), context)
        outcome = _outcome(Path(name), cores, only)
    if not outcome:
        return 1
    unexplained = {name for name, diff in outcome.alive.items() if not _is_explained(diff)}
    for name in sorted(unexplained):
        say(f"alive: {name}\n{outcome.alive[name]}")
    say(
        f"{context}: {outcome.mutants} mutants, {outcome.percent:.1f} % killed; "
        f"{len(outcome.alive)} left, {len(unexplained)} of them not in docs/mutation.md; "
        f"{time.monotonic() - started:.0f} s"
    )
    return int(outcome.percent < LEAST_PERCENT[context] or bool(unexplained))


def _copy_to(folder: Path, context: str) -> None:
    """Copy the code, the pure tests and the modules that they import."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "chalicelib", folder / "chalicelib", ignore=ignored)
    for path in (ROOT / "tests").rglob("*.py"):
        is_test = path.name.startswith("test_") and "simulation" not in path.parts
        if path.name != "conftest.py" and not (is_test and has_no_pure_tests(path)):
            to = folder / path.relative_to(ROOT)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to)
    (folder / "tests" / "conftest.py").write_text(CONFTEST, "utf-8")
    tests = [f"tests/{context}", *BESIDES.get(context, [])]
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    settings += MUTMUT.format(context=context, tests=json.dumps(tests))
    (folder / "pyproject.toml").write_text(settings, "utf-8")


def _outcome(folder: Path, cores: int, only: str) -> Outcome | None:
    names = [f"*{only}*"] if only else []
    run = _python(folder, "-m", "mutmut", "run", "--max-children", str(cores), *names)
    results = {name: code for name, code in _results(folder) if only in name}
    if run.returncode or not results:
        say(run.stdout[-3_000:] + run.stderr[-3_000:])
        return None
    alive = sorted(mutant for mutant, code in results.items() if code not in KILLED)
    shown = _python(folder, "-c", SHOW, *alive)
    return Outcome(len(results), json.loads(shown.stdout))


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _results(folder: Path) -> Iterator[tuple[str, int | None]]:
    """Each mutant's name with the exit code of its tests."""
    for path in (folder / "mutants").rglob("*.meta"):
        yield from json.loads(path.read_text("utf-8"))["exit_code_by_key"].items()


def _is_explained(diff: str) -> bool:
    new = [line[1:].strip() for line in diff.splitlines() if line[:1] == "+" and line[1:2] != "+"]
    text = EXPLAINED.read_text("utf-8")
    return bool(new) and all(f"`{line}`" in text for line in new)


if __name__ == "__main__":
    sys.exit(main())
