"""When goods are to be had: by tiers first, some hours ahead, and then by all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from chalicelib.catalog.rules.products import Localized
from chalicelib.kernel import clock

_HOUR_MS = 3_600_000


class EarlyTier(msgspec.Struct, frozen=True, array_like=True):
    """A tier whose members have goods so many hours before others."""

    tier: str
    title: Localized
    hours: int


class Opening(msgspec.Struct, frozen=True):
    """A sale that begins for all at `from_ms`, and for each tier at its own time, first one first;
    epoch milliseconds."""

    from_ms: int
    early: list[tuple[EarlyTier, int]]


def head_start(tiers: Iterable[EarlyTier]) -> timedelta:
    """How long before their sale goods are shown: no longer than somebody may have them."""
    return timedelta(hours=max((each.hours for each in tiers), default=0))


def opening_of(
    from_at: datetime | int | None, tiers: Sequence[EarlyTier], now: datetime
) -> Opening | None:
    """What is still to come of a sale; None once it is open to all."""
    from_ms = clock.to_ms(from_at) if isinstance(from_at, datetime) else from_at
    if from_ms is None or from_ms <= clock.to_ms(now):
        return None
    ahead = sorted(tiers, key=lambda each: -each.hours)
    return Opening(from_ms, [(each, from_ms - each.hours * _HOUR_MS) for each in ahead])
