"""Items of reconciliation: days and findings."""

from __future__ import annotations

from datetime import date

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.finance.rules.reconciled_days import EXPLAINED, OPEN, WAITING, Case, Day, Totals
from chalicelib.finance.rules.reconciled_lines import BookLine
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

RECONCILED = "RECONCILED"
FINDING = "FINDING"


class ReconciledDayItem(FinanceItem):
    """A day under RECONCILED: the next run continues at the last one."""

    position = IntegerAttribute()
    is_done = BooleanAttribute()
    counts = StructAttribute[dict[str, int]](dict[str, int])
    totals = StructAttribute[dict[str, Totals]](dict[str, Totals])
    version = IntegerAttribute()

    @classmethod
    def of(cls, day: Day) -> ReconciledDayItem:
        return cls.holding(day, RECONCILED, str(day.day))

    def value(self) -> Day:
        return self.into(Day, day=date.fromisoformat(self.sk))


class CaseItem(FinanceItem):
    """A finding, listed by its status, oldest first."""

    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    since = UnicodeAttribute()
    ours = StructAttribute[BookLine](BookLine, null=True)
    theirs = StructAttribute[BookLine](BookLine, null=True)
    opened = UnicodeAttribute(null=True)
    amount = IntegerAttribute(null=True)
    note = BytesAttribute(null=True)
    by = UnicodeAttribute(null=True)
    version = IntegerAttribute()

    @classmethod
    def of(cls, case: Case) -> CaseItem:
        is_listed = case.status in (WAITING, OPEN, EXPLAINED)
        return cls.holding(
            case,
            case_key(case.key),
            FINDING,
            since=str(case.since),
            opened=str(case.opened) if case.opened else None,
            list_name=case_list(case.status) if is_listed else None,
            list_order=f"{case.since}#{case.key}" if is_listed else None,
        )

    def value(self) -> Case:
        return self.into(
            Case,
            key=self.pk.removeprefix("FINDING#"),
            since=date.fromisoformat(self.since),
            opened=date.fromisoformat(self.opened) if self.opened else None,
        )


def case_key(key: str) -> str:
    return f"FINDING#{key}"


def case_list(status: str) -> str:
    return f"FINDINGS#{status}"
