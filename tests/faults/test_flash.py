"""A flash sale by processes that are killed now and then sells each unit once, to the last."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# `python -m tests.faults.flash --seconds 60` does the same for longer.
SECONDS = os.environ.get("JIFEN_FLASH_SECONDS", "6")


@pytest.mark.parametrize("shards", [1, 4, 16, 64])
def test_a_flash_sale_by_processes_sells_each_unit_once_and_leaves_none(shards: int) -> None:
    told = ["--shards", f"{shards}", "--units", "20", "--seconds", SECONDS]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.flash", *told],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
