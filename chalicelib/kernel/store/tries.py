"""Counts of tries within an hour, on an item with the attributes `hour` and `tried`."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel.store.writes import update_alone

HOUR_S = 3600


def count_try(key: Any, hour: int) -> None:
    """Count a try in an hour (hours since 1970); a later hour begins anew."""
    kind = type(key)
    one_more, same = [kind.tried.add(1)], kind.hour == hour
    if update_alone(key, one_more, condition=same):
        return
    first = [kind.hour.set(hour), kind.tried.set(1)]
    is_first = kind.hour.does_not_exist() | (kind.hour < hour)
    if not update_alone(key, first, condition=is_first):
        update_alone(key, one_more, condition=same)
