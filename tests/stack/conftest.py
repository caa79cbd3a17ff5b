"""A running mall on the durable local stack, until the last test of this folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.local.stack import Stack
from tests.stack.mall import Mall

# Codes come from one address here, and the seeded mall belongs to the demo.
SETTINGS = {"JIFEN_SEED": "", "JIFEN_OTP_PER_IP_HOUR": "1000000"}


@contextmanager
def new_stack() -> Iterator[Stack]:
    """A stack on a data folder of its own, in memory where there is room."""
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="jifen-", dir=memory if memory.is_dir() else None)
    try:
        with Stack(Path(folder), SETTINGS) as stack:
            yield stack
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def mall() -> Iterator[Mall]:
    with new_stack() as stack:
        yield Mall(stack.url)
