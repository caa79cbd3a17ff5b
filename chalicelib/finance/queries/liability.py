"""Reads of the program's liability to its members."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chalicelib import ledger
from chalicelib.finance.errors import DayNotSettled
from chalicelib.finance.queries import settlements
from chalicelib.finance.rules.liability import Cost, History, Liability, Standings, history_of
from chalicelib.finance.tables.liability import LIABILITIES, LiabilityItem, StandingItem, walk_key
from chalicelib.kernel.clock import program_day
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import NotFound

COST_DAYS, HISTORY_MONTHS = 90, 12


def find_liability(day: date) -> dict[str, Liability] | None:
    """The liability of a day by unit."""
    item = LiabilityItem.find(LIABILITIES, str(day))
    return item.units if item else None


def get_liability(day: date | None, now: datetime) -> dict[str, Liability]:
    """The liability of a day, or of the last recorded day, by unit.

    Raises NotFound, DayNotOver, DayNotSettled.
    """
    if day is None:
        items = LiabilityItem.query(LIABILITIES, scan_index_forward=False, limit=1)
        last = next((item.units for item in items), None)
        if last is None:
            raise DayNotSettled()
        return last
    found = find_liability(day)
    if found is not None:
        return found
    if day >= program_day(now):
        raise settlements.not_over(day)
    if day == program_day(now) - timedelta(days=1):
        raise DayNotSettled()
    raise NotFound()


def finished_parts(day: date) -> dict[str, Standings]:
    """The finished parts of a day's walk, by shard."""
    found = StandingItem.query(walk_key(day), consistent_read=True)
    return {item.sk.partition("#")[2]: item.standings for item in found}


def breakage_history(unit: str, day: date) -> History | None:
    """The history of lapses in the last whole months up to a day."""
    after = day + timedelta(days=1)
    last = after.replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    for _ in range(HISTORY_MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    first = max(first, settlements.FIRST_DAY)
    if last < first:
        return None
    return history_of(ledger.totals_between(unit, first, last))


def cost_of_points(day: date) -> Cost | None:
    """The cost of points in the COST_DAYS days up to a day, from their settlements.

    The cost is 0 if cash paid for more than the goods.
    """
    first = max(day - timedelta(days=COST_DAYS - 1), settlements.FIRST_DAY)
    cost = points = 0
    for each in settlements.settlements_of(config().currency, first, day):
        cost += each.figure("orders", "cost_borne_by_points")
        points += each.figure("orders", "points_with_known_cost")
    return Cost(first, day, max(cost, 0), points) if points > 0 else None
