"""The program's liability to its members: outstanding points by the month in which they lapse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo

import msgspec

from chalicelib.finance.rules.figures import MICROS
from chalicelib.kernel.clock import from_ms
from chalicelib.ledger import NEVER, REBATE_CASH, Account, DayTotals


class Standing(msgspec.Struct):
    """The balances of accounts in a unit: `months` maps a last month of use (`2027-11`) to points.

    `never` lapse; `held` and `pending` cannot be spent now; `debt` is owed back.
    """

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
        """Add an account."""
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
    """The lapses of whole months: of `accrued` points, `expired` lapsed."""

    first: str
    last: str
    accrued: int
    expired: int

    @property
    def per_mille(self) -> int | None:
        """Lapsed points per thousand accrued, rounded down; None if none were accrued."""
        return self.expired * 1000 // self.accrued if self.accrued > 0 else None


class Cost(msgspec.Struct, frozen=True):
    """The cost of goods bought with points, less the cash paid, over some days, in minor units."""

    first: date
    last: date
    cost: int
    points: int

    def of(self, points: int) -> int | None:
        """The cost of `points`, rounded down; None while the cost is unknown."""
        return self.cost * points // self.points if self.points > 0 else None

    @property
    def micros(self) -> int | None:
        """The cost of one point in millionths of a minor unit, rounded down."""
        return self.of(MICROS)


class Liability(msgspec.Struct, frozen=True):
    """The liability in one unit at the end of a day.

    `outstanding` is the ledger's total of all members; `elsewhere` is the part of it in accounts
    without a lot that lapses.
    """

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
        """The points expected to lapse, rounded down."""
        rate = self.history.per_mille if self.history else None
        return None if rate is None else self.breakage_of(self.standing.lapsing)

    def breakage_of(self, points: int) -> int:
        """The part of `points` expected to lapse; 0 without a history."""
        rate = self.history.per_mille if self.history else None
        return max(points, 0) * min(rate or 0, 1000) // 1000

    def cost_of(self, points: int) -> int | None:
        """The cost of `points` in minor units; rebate cash is money itself."""
        if self.unit == REBATE_CASH:
            return points
        return self.cost.of(points) if self.cost else None


def last_month(expiry_s: int, zone: tzinfo) -> str:
    """The month of a lot's last second before expiry."""
    return f"{from_ms((expiry_s - 1) * 1000).astimezone(zone):%Y-%m}"


def merged(parts: Iterable[Standings], units: Iterable[str]) -> Standings:
    """The sum of all parts of a walk."""
    whole = {unit: Standing() for unit in units}
    for part in parts:
        for unit, standing in part.items():
            whole[unit].merge(standing)
    return whole


def history_of(days: Sequence[DayTotals]) -> History | None:
    """The history of whole months, from their days in order."""
    if not days:
        return None
    accrued, expired = sum(day.accrued for day in days), sum(day.expired for day in days)
    return History(f"{days[0].day:%Y-%m}", f"{days[-1].day:%Y-%m}", accrued, expired)
