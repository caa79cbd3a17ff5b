"""The same use cases beside many entries and beside few, in turn; and all of them verified."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from chalicelib.kernel import clock
from infra.bench.bookkeeper import Bookkeeper, bookkeeper
from infra.bench.filling import Loaded, with_entries
from infra.bench.histories import account_id
from infra.bench.tasks import USE_CASES
from infra.bench.turns import Ratio, compared

ACCOUNTS = 1000
DESK_ACCOUNTS = 40
MOST_RATIO = 1.15
LEAST_VERIFIED_A_SECOND = 5000


class Verified(NamedTuple):
    """A whole ledger verified by one process."""

    accounts: int
    entries: int
    problems: int
    milliseconds: float

    @property
    def a_second(self) -> float:
        return self.entries / self.milliseconds * 1000

    @property
    def holds(self) -> bool:
        return self.a_second >= LEAST_VERIFIED_A_SECOND and not self.problems


class Scale(NamedTuple):
    """The figures of one run; parts that were not requested are empty."""

    large: Loaded
    small: Loaded | None
    repetitions: int
    ratios: list[Ratio]
    verified: Verified | None


def measure(entries: int, repetitions: int, *, ratios: bool, verify: bool) -> Scale:
    """Fill the engines and measure the requested parts."""
    accounts = min(ACCOUNTS, entries)
    now = clock.now()
    last_ms = clock.to_ms(now - timedelta(days=3))
    with with_entries(accounts, entries, last_ms) as large, bookkeeper(large.endpoint) as keeper:
        found: list[Ratio] = []
        small = None
        if ratios:
            with _beside(accounts, last_ms) as (small, other):
                found = _compare([keeper, other], repetitions, accounts)
        verified = Verified(*keeper.do("verify")) if verify else None
        return Scale(large, small, repetitions, found, verified)


@contextmanager
def _beside(accounts: int, last_ms: int) -> Iterator[tuple[Loaded, Bookkeeper]]:
    with with_entries(accounts, accounts, last_ms) as small, bookkeeper(small.endpoint) as other:
        yield small, other


def _compare(keepers: list[Bookkeeper], repetitions: int, accounts: int) -> list[Ratio]:
    step = max(1, accounts // DESK_ACCOUNTS)
    desk = [account_id(number) for number in range(0, accounts, step)][:DESK_ACCOUNTS]
    now = clock.now()
    for keeper in keepers:
        keeper.do("open_desk", desk, now)
    return [compared(name, keepers, repetitions, MOST_RATIO) for name in USE_CASES]
