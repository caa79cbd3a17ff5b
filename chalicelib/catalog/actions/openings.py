"""Writes of which tiers have goods before others."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.catalog.queries import openings
from chalicelib.catalog.rules.openings import EarlyTier
from chalicelib.catalog.rules.products import Localized
from chalicelib.catalog.tables.openings import OpeningsItem
from chalicelib.kernel.store.writes import WriteSet


def put_early_tiers(writes: WriteSet, tiers: Iterable[tuple[str, str, str, int]]) -> None:
    """Add the tiers with a head start to a transaction: key, name in Chinese and English, hours.

    Lists and pages show it within a minute.
    """
    early = [EarlyTier(key, Localized(zh, en), hours) for key, zh, en, hours in tiers if hours]
    writes.put(OpeningsItem(*OpeningsItem.key(), tiers=early))
    openings.forget()
