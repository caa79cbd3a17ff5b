"""Stored accounts and all their entries, checked against the rules.

Scan reads a segment of the table, in which an account's items lie together. An account may change
during the Scan, so one that looks wrong is read again by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from chalicelib.kernel.store.pages import RawPage, ahead, pages
from chalicelib.ledger.rules import UNITS, Account, Entry
from chalicelib.ledger.rules.replay import Problem, check
from chalicelib.ledger.rules.verification import MISPLACED, UNREADABLE, Tally
from chalicelib.ledger.tables import ACCOUNT, ENTRY, PENDING, LedgerItem, account_key
from chalicelib.ledger.tables.entries import places_of
from chalicelib.ledger.tables.rows import AccountRow, EntryRow, Key, PointsRow

READS = 4
_key = msgspec.json.Decoder(Key, strict=False)
_account = msgspec.json.Decoder(AccountRow, strict=False)
_entry = msgspec.json.Decoder(EntryRow, strict=False)
_points = msgspec.json.Decoder(PointsRow, strict=False)
Cursor = dict[str, Any]


class StoredAccount(msgspec.Struct):
    """The stored items of one account; `waiting` sums its records of pending points."""

    account: Account
    entries: list[Entry] = msgspec.field(default_factory=list)
    hashes: dict[int, bytes] = msgspec.field(default_factory=dict)
    waiting: int | None = 0
    is_account: bool = True
    problems: list[Problem] = msgspec.field(default_factory=list)

    def file(self, item: msgspec.Raw, sort_key: str) -> None:
        """Add an item of the account."""
        try:
            if sort_key.startswith(ENTRY):
                self._enter(_entry.decode(item))
            elif sort_key == ACCOUNT:
                self.account = _account.decode(item).value()
            elif sort_key.startswith(PENDING) and self.waiting is not None:
                self.waiting += _points.decode(item).points.N
        except msgspec.ValidationError as error:
            self._report(None, UNREADABLE, f"{sort_key}: {error}")

    def _enter(self, row: EntryRow) -> None:
        entry = row.value()
        self.entries.append(entry)
        self.hashes[entry.seq] = row.hash.B
        stands = (_text(row.history), _text(row.day_shard), _text(row.day_order))
        if stands != places_of(entry):
            self._report(entry.seq, "index", f"stands at {stands}")

    def _report(self, seq: int | None, code: str, detail: str) -> None:
        self.problems.append(Problem(self.account.id, seq, code, detail))

    def forget_later(self) -> None:
        """Drop entries recorded after the account was read."""
        self.entries = [each for each in self.entries if each.seq <= self.account.seq]
        self.waiting = None

    @property
    def is_readable(self) -> bool:
        return all(problem.code != UNREADABLE for problem in self.problems)

    def audit(self) -> list[Problem]:
        """The problems of the account and its entries."""
        self.entries.sort(key=lambda entry: entry.seq)
        return [*self.problems, *check(self.account, self.entries, self.hashes, self.waiting)]


def _text(value: Any) -> str | None:
    return value.S if value else None


def prove_account(account_id: str, tally: Tally) -> None:
    """Check one account, if it was ever used.

    A problem is real if the account has not moved since; otherwise the account is read again. An
    account that moves at each read is checked against the entries that it had when it was read.
    """
    stored, problems = _read_and_audit(account_id)
    for _ in range(READS):
        if not problems:
            break
        again, found = _read_and_audit(account_id)
        if again.account.seq == stored.account.seq:
            break
        stored, problems = again, found
    else:
        stored.forget_later()
        problems = stored.audit()
    if stored.entries or stored.account.seq or problems:
        tally.add(stored.account.unit, stored.entries, problems)


def _read_and_audit(account_id: str) -> tuple[StoredAccount, list[Problem]]:
    """An account with all its items, read consistently by its key."""
    request = {
        "TableName": LedgerItem.Meta.table_name,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": account_key(account_id)}},
        "ConsistentRead": True,
    }
    stored = StoredAccount(Account(account_id))
    for page in pages("Query", msgspec.Raw, request):
        for item in page.items:
            stored.file(item, _key.decode(item).sk.S)
    return stored, stored.audit()


def prove_segments(
    tally: Tally,
    segments: Iterable[int],
    total: int,
    cursor: Cursor | None,
    enough: Callable[[], bool],
) -> tuple[int, Cursor | None]:
    """Check the accounts of some of the table's `total` segments, from `cursor` in the first.

    Stops after an account or a segment when `enough` is true. Returns the number of finished
    segments, and the cursor in the next one.
    """
    walked, where = 0, cursor
    for stored, last_key in _stored_in(ahead(_pages(segments, total, cursor))):
        if stored is None:
            walked, where = walked + 1, None
        else:
            _prove(tally, stored)
            where = last_key
        if enough():
            break
    return walked, where


def _prove(tally: Tally, stored: StoredAccount) -> None:
    if not stored.is_account or stored.account.unit not in UNITS:
        detail = "an entry or an account stands under a key that is no account's"
        tally.report([Problem(stored.account.id, None, MISPLACED, detail)])
        return
    problems = stored.audit()
    if problems and stored.is_readable:
        prove_account(stored.account.id, tally)
    else:
        tally.add(stored.account.unit, stored.entries, problems)


def _pages(
    segments: Iterable[int], total: int, cursor: Cursor | None
) -> Iterator[RawPage[msgspec.Raw]]:
    request: dict[str, Any] = {"TableName": LedgerItem.Meta.table_name, "TotalSegments": total}
    start = {"ExclusiveStartKey": cursor} if cursor else {}
    for segment in segments:
        yield from pages("Scan", msgspec.Raw, {**request, "Segment": segment, **start})
        start = {}


def _stored_in(
    found: Iterator[RawPage[msgspec.Raw]],
) -> Iterator[tuple[StoredAccount | None, Cursor | None]]:
    """The accounts of pages, each with the key of its last item; None at a segment's end."""
    stored, last_key = None, None
    for page in found:
        for item in page.items:
            key = _key.decode(item)
            account_id = key.pk.S.removeprefix("ACC#")
            if stored is not None and account_id != stored.account.id:
                yield stored, last_key
                stored = None
            if account_id != key.pk.S:
                stored = stored or StoredAccount(Account(account_id))
                stored.file(item, key.sk.S)
            last_key = {"pk": {"S": key.pk.S}, "sk": {"S": key.sk.S}}
            if account_id == key.pk.S and (key.sk.S == ACCOUNT or key.sk.S.startswith(ENTRY)):
                yield StoredAccount(Account(key.pk.S), is_account=False), last_key
        if page.last_key is None:
            if stored is not None:
                yield stored, last_key
            stored = None
            yield None, None
