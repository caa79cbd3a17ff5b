"""The item of a rebuild: requested once, done once."""

from __future__ import annotations

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from chalicelib.finance.rules.rebuilds import Rebuild
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute

REBUILD = "REBUILD"


class RebuildItem(FinanceItem):
    """A rebuild that staff requested."""

    day = UnicodeAttribute()
    currency = UnicodeAttribute()
    asked_at = IntegerAttribute()
    of_lines = IntegerAttribute()
    lines = IntegerAttribute()
    moved_at = IntegerAttribute()
    differs = StructAttribute[tuple[str, ...]](tuple[str, ...], null=True)
    kept = StructAttribute[tuple[str, ...]](tuple[str, ...], null=True)

    @classmethod
    def of(cls, rebuild: Rebuild) -> RebuildItem:
        key, day = rebuild_key(rebuild.id), str(rebuild.day)
        return cls.holding(rebuild, key, REBUILD, day=day, of_lines=rebuild.of)

    def value(self) -> Rebuild:
        day = date.fromisoformat(self.day)
        return self.into(Rebuild, id=self.pk.removeprefix("REBUILD#"), day=day, of=self.of_lines)


def rebuild_key(job_id: str) -> str:
    return f"REBUILD#{job_id}"
