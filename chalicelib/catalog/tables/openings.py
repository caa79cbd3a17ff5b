"""Which tiers have goods before others: OPENINGS NOW."""

from __future__ import annotations

from chalicelib.catalog.rules.openings import EarlyTier
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.store.attributes import StructAttribute


class OpeningsItem(CatalogItem):
    """The tiers with a head start, as the ladder says: written with each version of it."""

    tiers = StructAttribute[list[EarlyTier]](list[EarlyTier])

    @staticmethod
    def key() -> tuple[str, str]:
        return "OPENINGS", "NOW"
