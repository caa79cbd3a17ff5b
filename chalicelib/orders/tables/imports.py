"""Items of imports, in the orders table.

IMPORT#<job>   IMPORT        how far it is, and what became of its rows in sum
IMPORT#<job>   PART#<n>      fifty rows, and what became of each once they are through
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.orders.rules.imports import Import, Result, Row
from chalicelib.orders.tables.items import OrdersItem

IMPORT, PART = "IMPORT", "PART#"


def import_key(job_id: str) -> str:
    return f"IMPORT#{job_id}"


def part_key(number: int) -> str:
    return f"{PART}{number:04d}"


# Imports stand in no list of orders.
_IN_NO_LIST = dict.fromkeys(("member_id", "placed", "ended", "queue", "queue_at"))


class ImportItem(OrdersItem):
    import_kind = UnicodeAttribute()
    made_by = UnicodeAttribute()
    content = BytesAttribute()
    created_at = IntegerAttribute()
    moved_at = IntegerAttribute()
    rows = IntegerAttribute()
    parts = IntegerAttribute()
    done = IntegerAttribute()
    already_done = IntegerAttribute()
    refused = IntegerAttribute()

    @classmethod
    def key(cls, job_id: str) -> ImportItem:
        return cls(import_key(job_id), IMPORT)

    @classmethod
    def of(cls, asked: Import) -> ImportItem:
        return cls.holding(asked, import_key(asked.id), IMPORT, **_IN_NO_LIST)

    def value(self) -> Import:
        return self.into(Import, id=self.pk.removeprefix("IMPORT#"))


class ImportPartItem(OrdersItem):
    rows = StructAttribute[tuple[Row, ...]](tuple[Row, ...])
    results = StructAttribute[tuple[Result, ...]](tuple[Result, ...], null=True)

    @classmethod
    def key(cls, job_id: str, number: int) -> ImportPartItem:
        return cls(import_key(job_id), part_key(number))
