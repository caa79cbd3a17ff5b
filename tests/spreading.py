"""Spreads the tests over processes: by file, or with all that share a stack or a package."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

# One process has all of each, and they begin in this order: the longest first, so that no process
# is left alone with one of them at the end. Each other file is by itself, and comes after them.
TOGETHER = (
    "tests/stack/test_kill.py",
    "tests/stack/",
    "tests/infra/",
    "tests/faults/test_schedules.py",
    "tests/faults/test_payment_schedules.py",
    "tests/faults/test_payment_crashes.py",
    "tests/faults/test_return_",
    "tests/faults/test_goods_",
    "tests/faults/test_processes.py",
    "tests/local/",
    "tests/ledger/test_",
    "tests/faults/test_crash_matrix.py",
    "tests/finance/",
    "tests/stripe_wire/",
    "tests/orders/",
    "tests/payments/",
)


def place(nodeid: str) -> int:
    """The place of a test's group in the order."""
    found = [number for number, start in enumerate(TOGETHER) if nodeid.startswith(start)]
    return found[0] if found else len(TOGETHER)


class Spreading(LoadScopeScheduling):
    """Hands out whole groups in the order in which they were collected."""

    def __init__(self, config: Any, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        number = place(nodeid)
        return TOGETHER[number] if number < len(TOGETHER) else nodeid.partition("::")[0]
