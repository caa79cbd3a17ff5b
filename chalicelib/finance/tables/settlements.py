"""A settlement's item: one for each day and currency, written once."""

from __future__ import annotations

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from chalicelib.finance.rules.figures import AccountDay
from chalicelib.finance.rules.settlements import Manifest, OpenLine, Settlement
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute

SETTLEMENTS, BEGINNING = "SETTLEMENTS", "BEGINNING"


class SettlementItem(FinanceItem):
    """The settlement of a day; `manifest_sha256` is the digest of manifest.json."""

    manifest = StructAttribute[Manifest](Manifest)
    manifest_sha256 = UnicodeAttribute()
    accounts = StructAttribute[dict[str, AccountDay]](dict[str, AccountDay])
    open_lines = StructAttribute[tuple[OpenLine, ...]](tuple[OpenLine, ...])
    open_count = IntegerAttribute()
    settled_at = IntegerAttribute()

    @classmethod
    def of(cls, settlement: Settlement) -> SettlementItem:
        manifest = settlement.manifest
        return cls.holding(
            settlement,
            settled_key(manifest.currency),
            str(manifest.day),
            manifest_sha256=manifest.sha256,
            list_name=SETTLEMENTS,
            list_order=settlement.id,
        )

    def value(self) -> Settlement:
        return self.into(Settlement)


class BeginningItem(FinanceItem):
    """The first day that may have a movement."""

    day = UnicodeAttribute()

    @classmethod
    def at(cls, day: date) -> BeginningItem:
        return cls(BEGINNING, BEGINNING, day=str(day))


def settled_key(currency: str) -> str:
    return f"SETTLED#{currency}"
