"""`--day-ends=SEED`: the program's day ends during each test of what runs in this process.

The clock starts shortly before a midnight of the program's zone, and passes it when the test has
looked at it a few times: within a request, a transaction or between two of them. The seed and the
test's name choose the midnight and the look, so the seed repeats a failure.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Generator
from datetime import date, datetime, time, timedelta
from os import urandom
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.config import config

# Folders whose malls are processes of their own, whose clock stands still (each act of `faults` is
# also tried again days later), or which ask nobody for a day.
LEFT_OUT = (
    "test_architecture.py",
    "test_layers.py",
    "test_purity.py",
    "bench",
    "contract",
    "corpus",
    "faults",
    "infra",
    "local",
    "simulation",
    "stack",
    "stripe_wire",
)
ANY = "any"
# So long before midnight a test begins.
LEAD = timedelta(seconds=10)
_MOST_LOOKS_BITS = 5
_MS = timedelta(milliseconds=1)

# The condition of the day after each kind of midnight.
MIDNIGHTS: dict[str, Callable[[date], bool]] = {
    "of a common day": lambda day: day.day != 1,
    "of a month": lambda day: day.day == 1 and day.month not in (1, 3),
    "of a year": lambda day: (day.month, day.day) == (1, 1),
    "before 29 February": lambda day: (day.month, day.day) == (2, 29),
    "of 29 February": lambda day: (
        day.day == 1 and (day - timedelta(days=1)).day == 29 and day.month == 3
    ),
}


def midnight_of(kind: str, after: date) -> datetime:
    """The next such midnight that is more than a whole day away."""
    day = after + timedelta(days=2)
    while not MIDNIGHTS[kind](day):
        day += timedelta(days=1)
    return datetime.combine(day, time(), config().time_zone)


class DayEnd:
    """A clock that passes midnight at a test's look number `looks`."""

    def __init__(self, midnight: datetime, looks: int) -> None:
        self.midnight, self.looks, self.seen = midnight, looks, 0
        self._began = clock.machine_now()
        self._passed_at: datetime | None = None
        self._lock = Lock()

    @property
    def is_over(self) -> bool:
        return self.seen >= self.looks

    def now(self) -> datetime:
        at = clock.machine_now()
        with self._lock:
            self.seen += 1
            if self.seen < self.looks:
                started = self.midnight - LEAD + (at - self._began)
                # A slow test waits for its look, and its time still goes on.
                return min(started, self.midnight - (self.looks - self.seen) * _MS)
            if self._passed_at is None or at < self._passed_at:
                self._passed_at = at
            return self.midnight + (at - self._passed_at)


def chosen(seed: str, name: str, today: date) -> tuple[str, DayEnd]:
    """The kind of midnight of a test and its clock: early looks are likelier than late ones."""
    random = Random(f"{seed}:{name}")
    kind = random.choice([*MIDNIGHTS])
    looks = 1 + int(2 ** random.uniform(0, _MOST_LOOKS_BITS))
    return kind, DayEnd(midnight_of(kind, today), looks)


class DayEnds:
    """Plugin: gives each test its clock, and reports the tests that saw midnight."""

    def __init__(self, seed: str, share: int) -> None:
        self._seed, self._share = seed, share
        self._left_out = {Path(__file__).parent / folder for folder in LEFT_OUT}
        self._kind = ""
        self._clock: DayEnd | None = None
        self._machine = clock.source
        # For the whole run: fixtures of a module put their own clock here, and put this one back.
        clock.source = self.now

    def now(self) -> datetime:
        ends = self._clock
        return ends.now() if ends else self._machine()

    def is_tried(self, item: pytest.Item) -> bool:
        number = zlib.crc32(item.nodeid.encode()) + zlib.crc32(self._seed.encode())
        return not item.get_closest_marker("pure") and number % self._share == 0

    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        return True if collection_path in self._left_out else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        rest = [item for item in items if not self.is_tried(item)]
        config.hook.pytest_deselected(items=rest)
        items[:] = [item for item in items if self.is_tried(item)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        today = clock.program_day(clock.machine_now())
        self._kind, self._clock = chosen(self._seed, item.nodeid, today)
        try:
            return (yield)
        finally:
            self._clock = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, Any, Any]:
        report: Any = yield
        ends, kind = self._clock, self._kind
        assert ends is not None, "the report is made within the test's protocol"
        said = f"midnight {kind}, {ends.midnight}, at look {ends.looks} of {ends.seen}"
        if report.failed:
            report.sections.append((f"day ends: seed {self._seed}", said))
        if report.when == "call" and ends.is_over:
            report.user_properties.append(("day ended", kind))
        return report

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        ended = Counter(
            kind
            for report in terminalreporter.stats.get("passed", [])
            for name, kind in report.user_properties
            if report.when == "call" and name == "day ended"
        )
        kinds = ", ".join(f"{kind}: {number}" for kind, number in sorted(ended.items()))
        terminalreporter.write_line(
            f"the day ended during {ended.total()} tests ({kinds}); --day-ends={self._seed}"
        )


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("day ends")
    group.addoption(
        "--day-ends", metavar="SEED", help="the program's day ends during each test; `any` seed"
    )
    group.addoption(
        "--day-ends-share",
        metavar="N",
        type=int,
        default=1,
        help="only one of N tests, which the seed chooses",
    )


def configure(config: pytest.Config) -> None:
    if config.option.day_ends == ANY:
        # That of the tests' order, where they are shuffled. Other processes get what stands here.
        seed = getattr(config.option, "randomly_seed", None) or int.from_bytes(urandom(3))
        config.option.day_ends = str(seed)
    if config.option.day_ends:
        made = DayEnds(config.option.day_ends, config.option.day_ends_share)
        config.pluginmanager.register(made)
