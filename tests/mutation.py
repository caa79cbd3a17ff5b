"""`make mutate`: small bugs planted in the ledger's rules, each of which a test must notice.

Works on a copy, so that the tree stays as it is. docs/mutation.md explains each survivor by the
line that it has instead; one that is not explained there fails the run.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("chalicelib", "tests/ledger/rules", "tests/simulation")
FILES = ("pyproject.toml", "tests/__init__.py", "tests/ledger/__init__.py")
# Instead of the whole suite's fixtures, which import all of the mall.
CONFTEST = """
import os

os.environ.setdefault("JIFEN_STAGE", "dev")
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-1")
"""
EXPLAINED = ROOT / "docs" / "mutation.md"
LEAST_PERCENT = 95
# What mutmut's exit codes mean: a test failed, or the tests ran for ever.
KILLED = {1, 3, 24, -24, 36, 152, 255}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("--cores", type=int, default=multiprocessing.cpu_count())
    cores = parser.parse_args().cores
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        folder = Path(name)
        _copy_to(folder)
        run = _mutmut(folder, "run", "--max-children", str(cores))
        results = dict(_results(folder))
        if run.returncode or not results:
            say(run.stdout[-3_000:] + run.stderr[-3_000:])
            return 1
        alive = [mutant for mutant, code in results.items() if code not in KILLED]
        diffs = {mutant: _mutmut(folder, "show", mutant).stdout for mutant in sorted(alive)}
    unexplained = [mutant for mutant, diff in diffs.items() if not _is_explained(diff)]
    for mutant in unexplained:
        say(f"alive: {mutant}\n{diffs[mutant]}")
    killed = len(results) - len(alive)
    percent = killed * 100 / len(results)
    say(
        f"{killed} of {len(results)} mutants killed: {percent:.1f} %; {len(alive)} left, "
        f"{len(unexplained)} of them not in docs/mutation.md; {time.monotonic() - started:.0f} s"
    )
    return int(percent < LEAST_PERCENT or bool(unexplained))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _copy_to(folder: Path) -> None:
    for path in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / path, folder / path, ignore=ignored)
    for path in FILES:
        shutil.copy(ROOT / path, folder / path)
    (folder / "tests" / "conftest.py").write_text(CONFTEST, "utf-8")


def _mutmut(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


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
