"""The shared state of the model: the accounts, the past steps, the clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.simulation.model.accounts import Parts, PlainAccount
from tests.simulation.steps import ACCOUNTS, START_MS, Step


class Refused(NamedTuple):
    """A refusal: its code and its facts."""

    code: str
    facts: dict[str, Any]


# The entries made, (account's number, type) in order; none where it was done before or is no use.
Made = list[tuple[int, str]]
Outcome = Made | Refused


class PlainHold(NamedTuple):
    on: int
    parts: Parts
    points: int
    until_ms: int
    honours: bool


class PlainGrant(NamedTuple):
    """An accrual: its points, and the lots that it raised."""

    on: int
    points: int
    raised: tuple[int, ...]


class Program:
    """Accounts by number; what the steps that made entries did, and on whose account.

    `same_end_repeats`: a hold that is ended a second time in the same way is answered, not refused.
    """

    def __init__(self, same_end_repeats: bool = False) -> None:
        self.same_end_repeats = same_end_repeats
        self.now_ms = START_MS
        self.accounts = [PlainAccount(name) for name in ACCOUNTS]
        self.done: dict[int, str] = {}
        self.owner: dict[int, int] = {}
        self.holds: dict[int, PlainHold] = {}
        self.ends: dict[int, tuple[str, int]] = {}
        self.grants: dict[int, PlainGrant] = {}
        self.refunded: dict[int, int] = {}
        self.pending: dict[int, tuple[int, int, int]] = {}
        self.spent: dict[int, tuple[int, Parts]] = {}
        self.reversed: set[int] = set()
        self.returned: dict[int, int] = {}
        self.escrows: dict[int, Parts] = {}
        self.made: Made = []

    def held(self, on: int) -> int:
        return sum(
            hold.points for n, hold in self.holds.items() if hold.on == on and n not in self.ends
        )

    def waiting(self, on: int) -> int:
        return sum(part[0] for n, part in self.pending.items() if self.grants[n].on == on)

    def in_escrow(self) -> int:
        return sum(points for parts in self.escrows.values() for _, points in parts)

    def available(self, on: int) -> int:
        account = self.accounts[on]
        return account.available(account.at(self.now_ms))

    def entry(self, on: int, kind: str, act: Callable[[PlainAccount, int], Any]) -> Any:
        """Act on an account, and drop its lapsed points before and after."""
        account = self.accounts[on]
        at_ms = account.at(self.now_ms)
        self.forget(on, at_ms)
        result = act(account, at_ms)
        self.write_down(on, kind, at_ms)
        self.forget(on, at_ms)
        return result

    def forget(self, on: int, at_ms: int) -> None:
        if self.accounts[on].lapse(at_ms):
            self.write_down(on, "expiry", at_ms)

    def write_down(self, on: int, kind: str, at_ms: int) -> None:
        self.accounts[on].last_ms = at_ms
        self.accounts[on].entries += 1
        self.made.append((on, kind))

    def take(self, on: int, kind: str, points: int) -> Parts:
        parts: Parts = self.entry(on, kind, lambda account, at: account.take(points, at))
        return parts

    def give(self, on: int, kind: str, parts: Parts) -> None:
        self.entry(on, kind, lambda account, at: account.give(parts, at))

    def unit(self, on: int, units: tuple[str, ...]) -> Refused | None:
        unit = self.accounts[on].unit
        return None if unit in units else Refused("unit_mismatch", {"unit": unit})

    def unwilling(self, on: int, points: int) -> Refused | None:
        if self.accounts[on].frozen:
            return Refused("account_frozen", {})
        return self.missing(on, points)

    def missing(self, on: int, points: int) -> Refused | None:
        short = points - self.available(on)
        return Refused("insufficient_points", {"missing_points": short}) if short > 0 else None

    def mistaken(self, step: Step, wanted: str) -> Refused | None:
        """The refusal of a step about an entry of another account or type."""
        if step.stray:
            return Refused("account_mismatch", {})
        kind = TYPES[self.done[step.of]]
        return None if kind == wanted else Refused("not_reversible", {"type": kind})


TYPES = {
    "accrue": "accrual",
    "redeem": "redemption",
    "hold": "hold",
    "adjust": "adjustment",
    "reverse": "reversal",
}
