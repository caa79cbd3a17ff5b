"""A made-up population: honest members with all that looks like abuse, and planted rings.

Families share a tablet, a campus and a company share a network, students invite their room, some
return goods that they do not like, some scan many receipts on one evening. Among them are farms of
accounts on a device, farms on a network, rings of referrals, takers of refunds, bursts by scripts.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.risk.rules.evidence import DAY_MS, HOUR_MS, Movement

SEED = 20261130
_MINUTE_MS = 60_000
_DAYS = 30


class Person(NamedTuple):
    """A member; `kind` tells what was planted, `is_abuse` whether it is abuse."""

    id: str
    kind: str
    is_abuse: bool
    devices: list[str]
    networks: list[str]
    referrer: str | None
    movements: list[Movement]


class Population:
    """People by id, and who stands beside them; the same for the same seed."""

    def __init__(self, size: int, seed: int = SEED) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a population that can be made again
        self.people: dict[str, Person] = {}
        self._numbers: defaultdict[str, int] = defaultdict(int)
        self._honest(size)
        self._planted()

    def _name(self, what: str) -> str:
        self._numbers[what] += 1
        return f"{what}{self._numbers[what]}"

    def _add(
        self,
        kind: str,
        *,
        is_abuse: bool = False,
        devices: list[str] | None = None,
        network: str | None = None,
        referrer: str | None = None,
        movements: list[Movement] | None = None,
    ) -> str:
        name = self._name("m")
        own = [self._name("d")] if devices is None else devices
        place = network or f"home{self._random.randrange(20_000)}"
        # A sign-in is on one day of the last week for most, for others it was earlier.
        day = self._random.randrange(7)
        networks = [f"{day}#{place}"] if network or self._random.random() < 0.3 else []
        self.people[name] = Person(
            name, kind, is_abuse, own, networks, referrer, movements or list(self._shopping())
        )
        return name

    def _shopping(self) -> Iterator[Movement]:
        """Some orders of a month; one in thirty is returned, now and then after spending."""
        spends = self._random.random() < 0.3
        for number in range(min(12, int(self._random.expovariate(1 / 2.5)))):
            at, points = self._at(), self._random.randint(10, 400)
            source = f"order:{number}"
            yield Movement(at, "purchases", points, is_clawback=False, source=source)
            if self._random.random() < 1 / 30:
                yield Movement(
                    at + DAY_MS,
                    "purchases",
                    points,
                    is_clawback=True,
                    source=source,
                    was_spent=spends,
                )
        for day in range(self._random.randrange(20)):
            yield Movement(day * DAY_MS, "check_in", 1, is_clawback=False)

    def _at(self) -> int:
        return self._random.randrange(_DAYS * DAY_MS)

    def _honest(self, size: int) -> None:
        while len(self.people) < size:
            self._household()
        for _ in range(3):
            self._campus(300)
        for _ in range(size // 100):
            self._add("picky", movements=list(self._returns(self._random.randint(3, 6), 0.15)))
            self._add("scanner", movements=self._burst(self._random.randint(5, 18)))

    def _household(self) -> None:
        """Two in three live alone; families share a network, and every other one a tablet."""
        count = self._random.choices([1, 2, 3, 4, 5, 6], [66, 14, 9, 7, 3, 1])[0]
        network = self._name("family") if count > 1 else None
        shared = [self._name("d")] if count > 1 and self._random.random() < 0.5 else []
        first: str | None = None
        for _ in range(count):
            own = [*shared, *([] if shared and self._random.random() < 0.3 else [self._name("d")])]
            invited = first if self._random.random() < 0.4 else None
            made = self._add(
                "family" if count > 1 else "single", devices=own, network=network, referrer=invited
            )
            first = first or made

    def _campus(self, size: int) -> None:
        """One network for all; one in forty invites the others of the room."""
        network = self._name("campus")
        for _ in range(size // 4):
            first = self._add("campus", network=network)
            invites = self._random.random() < 0.1
            for _ in range(3):
                self._add("campus", network=network, referrer=first if invites else None)

    def _planted(self) -> None:
        for size in (4, 5, 6, 8, 10, 12, 15, 20):
            self._farm("accounts on a device", size, [self._name("d")], self._name("farm"))
        for size in (5, 6, 8, 10, 12):
            self._ring("ring on a device", size, shared=True)
        for size in (6, 8, 10, 15):
            self._ring("ring on a network", size, shared=False)
        for size in (30, 60):
            self._farm("accounts on a network", size, None, self._name("farm"))
        for _ in range(25):
            often = self._random.randint(3, 8)
            self._abuse("refunds after spending", list(self._returns(often, 1.0)))
        for _ in range(15):
            self._abuse("burst", self._burst(self._random.randint(20, 80)))

    def _abuse(self, kind: str, movements: list[Movement]) -> None:
        self._add(kind, is_abuse=True, movements=movements)

    def _farm(self, kind: str, size: int, devices: list[str] | None, network: str) -> None:
        for _ in range(size):
            self._add(kind, is_abuse=True, devices=devices, network=network)

    def _ring(self, kind: str, size: int, *, shared: bool) -> None:
        """A first account invites most others; some invite one more. Half the first ones keep a
        device of their own."""
        device, network = self._name("d"), self._name("ring")
        first, last = "", ""
        for number in range(size):
            keeps = not shared or (number == 0 and self._random.random() < 0.5)
            by_last = bool(last) and self._random.random() < 0.25
            last = self._add(
                kind,
                is_abuse=True,
                devices=[self._name("d") if keeps else device],
                network=network,
                referrer=(last if by_last else first) or None,
            )
            first = first or last

    def _returns(self, count: int, spent: float) -> Iterator[Movement]:
        for number in range(count + self._random.randrange(4)):
            at, source = self._at(), f"order:r{number}"
            points = self._random.randint(100, 900)
            yield Movement(at, "purchases", points, is_clawback=False, source=source)
            if number < count:
                yield Movement(
                    at + DAY_MS,
                    "purchases",
                    points,
                    is_clawback=True,
                    source=source,
                    was_spent=self._random.random() < spent,
                )

    def _burst(self, count: int) -> list[Movement]:
        start = self._at()
        step = min(_MINUTE_MS, HOUR_MS // (count + 1))
        return [
            Movement(start + n * step, "receipts", 20, is_clawback=False, source=f"event:{n}")
            for n in range(count)
        ]
