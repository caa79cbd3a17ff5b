"""Writes of the cash journal."""

from __future__ import annotations

from chalicelib.kernel.errors import Moved
from chalicelib.kernel.writes import WriteSet
from chalicelib.payments.errors import CashEntryExists
from chalicelib.payments.rules.journal import CashEntry
from chalicelib.payments.tables.journal import CashEntryItem


def record_cash(
    writes: WriteSet, entry: CashEntry, *, or_raise: type[CashEntryExists | Moved] = CashEntryExists
) -> None:
    """Add a movement of money to a transaction, which is refused if its reference stands."""
    writes.put_new(CashEntryItem.of(entry), or_raise=or_raise)
