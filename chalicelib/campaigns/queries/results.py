"""Reads of results: the sums of a campaign by day of the program."""

from __future__ import annotations

from datetime import date

from chalicelib.campaigns.rules.results import Sums
from chalicelib.campaigns.tables.results import DAY, RESULT, ResultDayItem


def results_of(campaign_id: str, first: date, last: date) -> dict[str, Sums]:
    """The sums of each day that has any, from the first day to the last."""
    between = ResultDayItem.sk.between(f"{DAY}{first}", f"{DAY}{last}~")
    found: dict[str, Sums] = {}
    for item in ResultDayItem.query(f"{RESULT}{campaign_id}", between, consistent_read=True):
        day = item.sk.removeprefix(DAY).partition("#")[0]
        found[day] = found.get(day, Sums()).plus(item.value())
    return found
