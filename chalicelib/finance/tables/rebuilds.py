"""A rebuild's item: asked for once, done once."""

from __future__ import annotations

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from chalicelib.finance.rules.rebuilds import Rebuild
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute

REBUILD = "REBUILD"


class RebuildItem(FinanceItem):
    """A rebuild that staff asked for."""

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
        return cls(
            rebuild_key(rebuild.id), REBUILD, day=str(rebuild.day), currency=rebuild.currency,
            asked_at=rebuild.asked_at_ms, of_lines=rebuild.of, lines=rebuild.lines,
            moved_at=rebuild.moved_at_ms, differs=rebuild.differs, kept=rebuild.kept or None,
        )  # fmt: skip

    def value(self) -> Rebuild:
        return Rebuild(
            id=self.pk.removeprefix("REBUILD#"), day=date.fromisoformat(self.day),
            currency=self.currency, asked_at_ms=self.asked_at, of=self.of_lines,
            lines=self.lines, moved_at_ms=self.moved_at, differs=self.differs,
            kept=self.kept or (),
        )  # fmt: skip


def rebuild_key(job_id: str) -> str:
    return f"REBUILD#{job_id}"
