"""What the program owes its members: outstanding points by the month in which they lapse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo

import msgspec

from chalicelib.finance.rules.figures import MICROS
from chalicelib.kernel.clock import from_ms
from chalicelib.ledger import NEVER, REBATE_CASH, Account, DayTotals


class Standing(msgspec.Struct):
    """What accounts hold of a unit: `months` are points by the last month in which they can be
    spent (`2027-11`), the others what lapses never, is held, is pending, is owed back."""

    months: dict[str, int] = {}
    never: int = 0
    held: int = 0
    pending: int = 0
    debt: int = 0
    accounts: int = 0

    @property
    def lapsing(self) -> int:
        return sum(self.months.values())

    @property
    def whole(self) -> int:
        return self.lapsing + self.never + self.held + self.pending - self.debt

    def add(self, account: Account, zone: tzinfo) -> None:
        """Count an account."""
        for expiry, points in account.lots.items():
            if expiry == NEVER:
                self.never += points
            else:
                month = last_month(expiry, zone)
                self.months[month] = self.months.get(month, 0) + points
        self.held += account.held
        self.pending += account.pending
        self.debt += account.debt
        self.accounts += 1

    def merge(self, other: Standing) -> None:
        for month, points in other.months.items():
            self.months[month] = self.months.get(month, 0) + points
        for name in ("never", "held", "pending", "debt", "accounts"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


Standings = dict[str, Standing]


class History(msgspec.Struct, frozen=True):
    """What whole months have shown: of `accrued` points, `expired` lapsed."""

    first: str
    last: str
    accrued: int
    expired: int

    @property
    def per_mille(self) -> int | None:
        """Points that lapse of each thousand given, rounded down; None if none were given."""
        return self.expired * 1000 // self.accrued if self.accrued > 0 else None


class Cost(msgspec.Struct, frozen=True):
    """What points bought cost beyond the cash paid for it, over some days, in minor units."""

    first: date
    last: date
    cost: int
    points: int

    def of(self, points: int) -> int | None:
        """What so many points cost, rounded down; None while nobody knows."""
        return self.cost * points // self.points if self.points > 0 else None

    @property
    def micros(self) -> int | None:
        """Millionths of a minor unit for a point, rounded down."""
        return self.of(MICROS)


class Liability(msgspec.Struct, frozen=True):
    """What a day ended with in one unit. `outstanding` is the ledger's own total of all members:
    what stands in no account with a lot that lapses is `elsewhere`."""

    day: date
    unit: str
    currency: str
    outstanding: int
    standing: Standing
    history: History | None
    cost: Cost | None

    @property
    def elsewhere(self) -> int:
        return self.outstanding - self.standing.whole

    @property
    def expected_breakage(self) -> int | None:
        """How many of the points that can lapse probably will, rounded down."""
        rate = self.history.per_mille if self.history else None
        return None if rate is None else self.breakage_of(self.standing.lapsing)

    def breakage_of(self, points: int) -> int:
        """What history makes of so many points; 0 without one."""
        rate = self.history.per_mille if self.history else None
        return max(points, 0) * min(rate or 0, 1000) // 1000

    def cost_of(self, points: int) -> int | None:
        """What so many points cost, in minor units; rebate cash is money itself."""
        if self.unit == REBATE_CASH:
            return points
        return self.cost.of(points) if self.cost else None


def last_month(expiry_s: int, zone: tzinfo) -> str:
    """The month of the last second in which a lot can be spent."""
    return f"{from_ms((expiry_s - 1) * 1000).astimezone(zone):%Y-%m}"


def merged(parts: Iterable[Standings], units: Iterable[str]) -> Standings:
    """All parts of a walk as one."""
    whole = {unit: Standing() for unit in units}
    for part in parts:
        for unit, standing in part.items():
            whole[unit].merge(standing)
    return whole


def history_of(days: Sequence[DayTotals]) -> History | None:
    """From the days of whole months, in order."""
    if not days:
        return None
    accrued, expired = sum(day.accrued for day in days), sum(day.expired for day in days)
    return History(f"{days[0].day:%Y-%m}", f"{days[-1].day:%Y-%m}", accrued, expired)
