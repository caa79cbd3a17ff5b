"""Accounts for the ledger's tests, and the whole check of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib import ledger
from chalicelib.kernel import ids
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import Account, Cause, Credit, Entry
from chalicelib.ledger.rules import replay
from chalicelib.ledger.tables import EntryItem, account_key

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
DAY_S = 86_400
A_YEAR = timedelta(days=365)
LATER = int((NOW + A_YEAR).timestamp())
# Later than any day of the tests, for acts on the program's clock.
FAR = int((NOW + timedelta(days=9_000)).timestamp())


def new_account(unit: str = "points") -> str:
    return ledger.account_of(ids.new_id("mbr"), unit)


def cause(reference: str, content: bytes = b"content") -> Cause:
    return Cause(reference, "test", 0, content=content)


def give(
    account_id: str,
    points: int,
    reference: str,
    *,
    expires_at: int | None = None,
    unlocks_at: int | None = None,
    now: datetime = NOW,
) -> Entry:
    lapses = int((now + A_YEAR).timestamp()) if expires_at is None else expires_at

    def write() -> Entry:
        writes = WriteSet()
        credit = Credit(points, lapses, cause(reference), unlocks_at)
        entries = ledger.accrue(writes, ledger.find_account(account_id), [credit], now)
        writes.commit()
        return entries[0]

    return with_fresh_reads(write)


def spend(account_id: str, points: int, reference: str, now: datetime = NOW) -> Entry:
    def write() -> Entry:
        writes = WriteSet()
        seen = ledger.find_account(account_id)
        entry = ledger.redeem(writes, seen, points, cause(reference), now)
        writes.commit()
        return entry

    return with_fresh_reads(write)


def entries_of(account_id: str) -> list[Entry]:
    found = [
        item.value()
        for item in EntryItem.query(
            account_key(account_id), EntryItem.sk.startswith("ENT#"), consistent_read=True
        )
    ]
    return sorted(found, key=lambda entry: entry.seq)


def sound(account_id: str) -> Account:
    """The account, proven from its entries."""
    account = ledger.find_account(account_id)
    assert replay.check(account, entries_of(account_id)) == []
    return account
