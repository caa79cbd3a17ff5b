"""Compute the program's liability to its members at the end of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from chalicelib import ledger
from chalicelib.finance.queries import liability as queries
from chalicelib.finance.queries import settlements
from chalicelib.finance.rules.liability import Liability, Standing, Standings, merged
from chalicelib.finance.tables.liability import LiabilityItem, StandingItem
from chalicelib.kernel import clock
from chalicelib.kernel.clock import program_day, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.observe import logger
from chalicelib.kernel.store.writes import was_written


def record_liability(now: datetime, enough: Callable[[], bool]) -> bool:
    """Record yesterday's liability from every account with a lot that lapses; whether it is done.

    Continues where the last run ended, a shard at a time. A missed day is left out: old balances
    could only be found by undoing entries one by one.
    """
    day = program_day(now) - timedelta(days=1)
    if settlements.next_unsettled() <= day or day < settlements.FIRST_DAY:
        return False
    if queries.find_liability(day) is not None:
        return True
    done = queries.finished_parts(day)
    for shard in ledger.lot_shards():
        if shard not in done:
            if enough():
                return False
            done[shard] = _walk(day, shard)
            StandingItem.of(day, shard, done[shard]).save()
    item = LiabilityItem.of(day, _by_unit(day, merged(done.values(), ledger.UNITS)))
    if was_written(lambda: item.save(condition=LiabilityItem.pk.does_not_exist())):
        logger().info("the liability of a day stands", day=str(day))
    return True


def _walk(day: date, shard: str) -> Standings:
    """The balances of a shard's accounts at the last millisecond of a day."""
    at_ms, zone = to_ms(clock.end_of(day)) - 1, config().time_zone
    found: Standings = {}
    for account in ledger.accounts_at(shard, at_ms):
        found.setdefault(account.unit, Standing()).add(account, zone)
    return found


def _by_unit(day: date, standings: Standings) -> dict[str, Liability]:
    cost, currency = queries.cost_of_points(day), config().currency
    made = {}
    for unit, standing in standings.items():
        [totals] = ledger.totals_between(unit, day, day)
        made[unit] = Liability(
            day=day,
            unit=unit,
            currency=currency,
            outstanding=totals.outstanding,
            standing=standing,
            history=queries.breakage_history(unit, day),
            cost=cost if unit == "points" else None,
        )
    return made
