"""Reminders of points that lapse soon: once for each lot and each number of days ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chalicelib.ledger.rules.accounts import Account
from chalicelib.ledger.rules.lots import NEVER, live

DAY_S = 86_400


class Reminder(NamedTuple):
    """`points` lapse at `expires_at` (epoch seconds), `days` days ahead or fewer."""

    expires_at: int
    points: int
    days: int


def next_reminder_at(account: Account, days_ahead: Sequence[int]) -> int | None:
    """The second of the next reminder; None without one."""
    return min((at_s for _, _, at_s in _upcoming(account, days_ahead)), default=None)


def due_reminders(account: Account, days_ahead: Sequence[int], now_ms: int) -> list[Reminder]:
    """The reminders due now, soonest to lapse first; one for each lot, the nearest."""
    now_s = now_ms // 1000
    nearest: dict[int, int] = {}
    for expiry, days, at_s in _upcoming(account, days_ahead):
        if at_s <= now_s < expiry:
            nearest[expiry] = min(days, nearest.get(expiry, days))
    return [
        Reminder(expiry, account.lots[expiry], days) for expiry, days in sorted(nearest.items())
    ]


def _upcoming(account: Account, days_ahead: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(expiry, days ahead, second) of each reminder not given yet."""
    for expiry in live(account.lots, account.reminded_s * 1000):
        if expiry == NEVER:
            continue
        for days in days_ahead:
            at_s = expiry - days * DAY_S
            if at_s > account.reminded_s:
                yield expiry, days, at_s
