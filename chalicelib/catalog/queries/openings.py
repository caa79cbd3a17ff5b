"""Reads of which tiers have goods before others, once in a minute."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.catalog.rules.openings import EarlyTier, head_start
from chalicelib.catalog.tables.openings import OpeningsItem
from chalicelib.kernel.recall import Recall

_KEPT_S = 60
_NOW = "NOW"
_KEPT: Recall[str, list[EarlyTier]] = Recall(_KEPT_S, 1)


def early_tiers() -> list[EarlyTier]:
    """The tiers with a head start, as of a minute ago at most: most calls read nothing."""
    found = _KEPT.get(_NOW)
    if found is None:
        item: OpeningsItem | None = OpeningsItem.find(*OpeningsItem.key(), consistent=False)
        found = item.tiers if item else []
        _KEPT.keep(_NOW, found)
    return found


def shown_before() -> timedelta:
    """How long before their sale goods are shown."""
    return head_start(early_tiers())


def forget() -> None:
    """Read again at the next call."""
    _KEPT.clear()
