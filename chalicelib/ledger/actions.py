"""Writes of the ledger: each adds its entries and the account's new state to a `WriteSet`.

The account is written only if it still is what the caller has read (Moved otherwise), and an
entry only if its reference is new (EntryExists otherwise).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.writes import WriteSet
from chalicelib.ledger import rules
from chalicelib.ledger.errors import EntryExists
from chalicelib.ledger.rules import Account, Cause, Credit, Entry
from chalicelib.ledger.tables import AccountItem, EntryItem


def accrue(
    writes: WriteSet, seen: Account, credits: Sequence[Credit], now: datetime
) -> list[Entry]:
    """Add one accrual for each credit; all of them or none will be written."""
    account, entries = seen, []
    for credit in credits:
        account, entry = rules.accrue(account, credit, to_ms(now))
        entries.append(entry)
    _record(writes, seen, account, entries)
    return entries


def redeem(writes: WriteSet, seen: Account, points: int, cause: Cause, now: datetime) -> Entry:
    """Add the redemption of points, soonest to lapse first.

    Raises InsufficientPoints.
    """
    account, entry = rules.redeem(seen, points, cause, to_ms(now))
    _record(writes, seen, account, [entry])
    return entry


def reverse(
    writes: WriteSet, seen: Account, redemption: Entry, cause: Cause, now: datetime
) -> Entry:
    """Add the return of a redemption's points to the lots that they came from."""
    account, entry = rules.reverse(seen, redemption, cause, to_ms(now))
    _record(writes, seen, account, [entry])
    return entry


def _record(writes: WriteSet, seen: Account, after: Account, entries: Sequence[Entry]) -> None:
    for entry in entries:
        writes.put_new(EntryItem.of(entry), or_raise=EntryExists)
    unmoved = AccountItem.seq == seen.seq if seen.seq else AccountItem.pk.does_not_exist()
    writes.put(AccountItem.of(after), condition=unmoved, or_raise=Moved)
