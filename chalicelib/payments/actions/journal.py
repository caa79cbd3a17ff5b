"""Writes of the cash journal."""

from __future__ import annotations

from chalicelib.kernel.errors import JifenError, Moved
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.payments.errors import CashEntryExists
from chalicelib.payments.rules.journal import CashEntry
from chalicelib.payments.tables.journal import ENTRY, CashEntryItem, cash_key


def record_cash(
    writes: WriteSet, entry: CashEntry, *, or_raise: type[CashEntryExists | Moved] = CashEntryExists
) -> None:
    """Add a cash entry to a transaction. The commit raises `or_raise` if its reference exists."""
    writes.put_new(CashEntryItem.of(entry), or_raise=or_raise)


def check_no_cash(writes: WriteSet, reference: str, *, or_raise: type[JifenError]) -> None:
    """Add a check that no cash entry has this reference, else the commit raises `or_raise`."""
    missing = CashEntryItem.pk.does_not_exist()
    writes.check(CashEntryItem(cash_key(reference), ENTRY), missing, or_raise=or_raise)
