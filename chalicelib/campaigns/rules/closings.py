"""What a closing run pays: the rewards of a month or a quarter, summed by kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.campaigns.rules.rewards import Sums


class Closing(NamedTuple):
    """The rewards of one kind in a period that ends before `until_ms`."""

    period: str
    kind: str
    until_ms: int
    sums: Sums


def joined(parts: Iterable[Closing]) -> list[Closing]:
    """One for each period and kind, the last period first."""
    found: dict[tuple[str, str], Closing] = {}
    for each in parts:
        key = each.period, each.kind
        seen = found.get(key, Closing(*key, 0, Sums()))
        until_ms = max(seen.until_ms, each.until_ms)
        found[key] = Closing(*key, until_ms, seen.sums.plus(each.sums))
    return sorted(found.values(), key=lambda each: (-each.until_ms, each.period, each.kind))
