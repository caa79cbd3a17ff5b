"""The story of one moment: facts of the same millisecond, told in the order in which they came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.notify.rules.news import ENTRY, EXPIRING, ORDER, REGISTERED, WITHDRAWAL
from chalicelib.notify.rules.points import GROWTH, POINTS, REBATE_CASH

# Who somebody is, what they did, what that moved, what is to come: a cause before its effects.
_WELCOME, _CAUSE, _EFFECT, _TO_COME = "0", "1", "2", "3"
_CAUSES = (ORDER, WITHDRAWAL)
# Of one event, points are told before what else it brought.
_UNITS = {POINTS: "0", GROWTH: "1", REBATE_CASH: "2"}
_LAST = 10**12 - 1
_AT_ONCE = 10**4


def place_of(fact_type: str, data: dict[str, Any]) -> str:
    """Where a fact stands among those of its millisecond: a text of 16 characters that sorts.

    Facts of one source have its own sequence: the `seq` of an account, the `version` of an order
    or a withdrawal and, of what one version tells, the `nth` thing. Reminders have none: what
    lapses sooner stands after, which is above.
    """
    if fact_type == REGISTERED:
        return _place(_WELCOME, 0)
    if fact_type == ENTRY:
        return _place(_EFFECT, data.get("seq", 0), data.get("unit", POINTS))
    if fact_type == EXPIRING:
        lapses_s = int(datetime.fromisoformat(data["expires_at"]).timestamp())
        return _place(_TO_COME, _LAST - lapses_s, data.get("unit", POINTS))
    rank = _CAUSE if fact_type.startswith(_CAUSES) else _EFFECT
    # A fact that an earlier release published has no version.
    return _place(rank, data.get("version", 0) * _AT_ONCE + data.get("nth", 0))


def _place(rank: str, number: int, unit: str = POINTS) -> str:
    return f"{rank}.{_UNITS.get(unit, '3')}.{number:012d}"
