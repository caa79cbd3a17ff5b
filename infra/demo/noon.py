"""Noon of the program: the day before is over, and due to be closed, settled and reconciled."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# The zone whose midnights end the local mall's days.
PROGRAM = ZoneInfo("Asia/Shanghai")


def seconds_to_noon(now: datetime) -> float:
    """The seconds from `now` to the next noon."""
    here = now.astimezone(PROGRAM)
    noon = here.replace(hour=12, minute=0, second=0, microsecond=0)
    return ((noon if here < noon else noon + timedelta(days=1)) - here).total_seconds()
