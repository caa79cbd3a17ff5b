"""What a day ended with, by unit; and the parts of the walk that finds it out."""

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
    """A part of a day's walk that is done."""

    standings = StructAttribute[Standings](Standings)

    @classmethod
    def of(cls, day: date, shard: str, standings: Standings) -> StandingItem:
        return cls(walk_key(day), PART + shard, standings=standings)


def walk_key(day: date) -> str:
    return f"LIABILITY#{day}"
