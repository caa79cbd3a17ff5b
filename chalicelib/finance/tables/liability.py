"""Items of the liability: a day by unit, and parts of the walk over accounts."""

from __future__ import annotations

from datetime import date

from chalicelib.finance.rules.liability import Liability, Standings
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.kernel.store.attributes import StructAttribute

LIABILITIES, PART = "LIABILITIES", "SHARD#"


class LiabilityItem(FinanceItem):
    """A day's liability, by unit; written once."""

    units = StructAttribute[dict[str, Liability]](dict[str, Liability])

    @classmethod
    def of(cls, day: date, units: dict[str, Liability]) -> LiabilityItem:
        return cls(LIABILITIES, str(day), units=units)


class StandingItem(FinanceItem):
    """A finished part of a day's walk."""

    standings = StructAttribute[Standings](Standings)

    @classmethod
    def of(cls, day: date, shard: str, standings: Standings) -> StandingItem:
        return cls(walk_key(day), PART + shard, standings=standings)


def walk_key(day: date) -> str:
    return f"LIABILITY#{day}"
