"""Ladders and moments for tests of rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from chalicelib.tiers.rules.ladder import Benefits, Ladder, Level, LevelTitle
from chalicelib.tiers.rules.standing import Moment

SHANGHAI = ZoneInfo("Asia/Shanghai")


def level(key: str, spend: int = 0, **benefits: Any) -> Level:
    return Level(
        key=key,
        title=LevelTitle(key, key),
        thresholds={"spend": spend} if spend else {},
        benefits=Benefits(**benefits),
    )


def ladder(of_gold: Benefits | None = None, **other: Any) -> Ladder:
    """Silver for 100, gold for 500, diamond for 2,000."""
    gold = replace(level("gold", 500), benefits=of_gold or Benefits())
    levels = [level("normal"), level("silver", 100), gold, level("diamond", 2000)]
    return Ladder(levels=levels, **other)


def at(text: str, of: Ladder | None = None) -> Moment:
    """A moment on the program's wall clock: `2026-11-30 12:00`."""
    return Moment(of or ladder(), datetime.fromisoformat(text).replace(tzinfo=SHANGHAI), SHANGHAI)
