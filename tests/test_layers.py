"""The import contracts refuse each violation that is planted in a copy."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# (the file, the line planted at its end, the contract that it breaks)
PLANTED = {
    "a read imports a write": (
        "orders/queries/orders.py",
        "from chalicelib.orders.actions import acts",
        "inside a context",
    ),
    "a rule imports boto3": (
        "catalog/rules/products.py",
        "import boto3",
        "rules know no framework",
    ),
    "a rule imports the store": (
        "orders/rules/pricing.py",
        "from chalicelib.kernel.store import writes",
        "rules know no framework",
    ),
    "a context is entered past its face": (
        "finance/rules/lines.py",
        "from chalicelib.orders.rules import orders",
        "orders is entered by its face alone",
    ),
    "a file stands beside the agreed ones": (
        "catalog/pricing.py",
        '"""Prices."""',
        "inside a context",
    ),
    "a lower context imports a higher one": (
        "ledger/actions/totals.py",
        "from chalicelib import orders",
        "contexts look downwards only",
    ),
    "what stores imports what speaks HTTP": (
        "kernel/store/facts.py",
        "from chalicelib.kernel.web import http",
        "inside the kernel",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("layers")
    for name in ("chalicelib", "infra"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def _broken_in(copy: Path) -> set[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, check=False, cwd=copy, capture_output=True, text=True)
    lines = [line.removesuffix(" BROKEN") for line in done.stdout.splitlines()]
    broken = {line for line in lines if f"{line} BROKEN" in done.stdout and line}
    assert bool(broken) == bool(done.returncode), done.stdout + done.stderr
    return broken


def test_the_project_keeps_its_contracts(copy: Path) -> None:
    assert _broken_in(copy) == set()


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_violation_is_refused(copy: Path, case: str) -> None:
    name, line, contract = PLANTED[case]
    path = copy / "chalicelib" / name
    before = path.read_text("utf-8") if path.exists() else None
    path.write_text((before or "") + line + "\n", "utf-8")
    try:
        assert _broken_in(copy) == {contract}
    finally:
        path.write_text(before, "utf-8") if before is not None else path.unlink()
