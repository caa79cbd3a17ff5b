"""Accounts as they are stored, with all their entries, held against the rules.

A segment of the table is read by Scan, in which an account's items lie together; whatever looks
wrong there may have changed while it was read, so such an account is read again by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
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


@dataclass
class StoredAccount:
    """What is stored of one account; `waiting` sums its records of pending points."""

    account: Account
    entries: list[Entry] = field(default_factory=list)
    hashes: dict[int, bytes] = field(default_factory=dict)
    waiting: int | None = 0
    is_account: bool = True
    problems: list[Problem] = field(default_factory=list)

    def file(self, item: msgspec.Raw, sort_key: str) -> None:
        """Take an item of the account."""
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
        """Leave out what came after the account was read."""
        self.entries = [each for each in self.entries if each.seq <= self.account.seq]
        self.waiting = None

    @property
    def is_readable(self) -> bool:
        return all(problem.code != UNREADABLE for problem in self.problems)

    def audit(self) -> list[Problem]:
        """What is wrong with the account and its entries."""
        self.entries.sort(key=lambda entry: entry.seq)
        return [*self.problems, *check(self.account, self.entries, self.hashes, self.waiting)]


def _text(value: Any) -> str | None:
    return value.S if value else None


def prove_account(account_id: str, tally: Tally) -> None:
    """Check one account, if it was ever used.

    What looks wrong is so if the account has not moved since; else it is read again. One that
    never rests is held against the entries that it had when it was read.
    """
    books, problems = _read_and_audit(account_id)
    for _ in range(READS):
        if not problems:
            break
        again, found = _read_and_audit(account_id)
        if again.account.seq == books.account.seq:
            break
        books, problems = again, found
    else:
        books.forget_later()
        problems = books.audit()
    if books.entries or books.account.seq or problems:
        tally.add(books.account.unit, books.entries, problems)


def _read_and_audit(account_id: str) -> tuple[StoredAccount, list[Problem]]:
    """An account with all that stands beside it, read by its key, consistently."""
    request = {
        "TableName": LedgerItem.Meta.table_name,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": account_key(account_id)}},
        "ConsistentRead": True,
    }
    books = StoredAccount(Account(account_id))
    for page in pages("Query", msgspec.Raw, request):
        for item in page.items:
            books.file(item, _key.decode(item).sk.S)
    return books, books.audit()


def prove_segments(
    tally: Tally,
    segments: Iterable[int],
    total: int,
    cursor: Cursor | None,
    enough: Callable[[], bool],
) -> tuple[int, Cursor | None]:
    """Check the accounts of these of the table's `total` segments, from `cursor` in the first.

    Stops after an account or a segment when `enough` says so: how many segments were walked to
    their ends, and where in the next one to go on.
    """
    walked, where = 0, cursor
    for books, last_key in _books_of(ahead(_pages(segments, total, cursor))):
        if books is None:
            walked, where = walked + 1, None
        else:
            _prove(tally, books)
            where = last_key
        if enough():
            break
    return walked, where


def _prove(tally: Tally, books: StoredAccount) -> None:
    if not books.is_account or books.account.unit not in UNITS:
        detail = "an entry or an account stands under a key that is no account's"
        tally.report([Problem(books.account.id, None, MISPLACED, detail)])
        return
    problems = books.audit()
    if problems and books.is_readable:
        prove_account(books.account.id, tally)
    else:
        tally.add(books.account.unit, books.entries, problems)


def _pages(
    segments: Iterable[int], total: int, cursor: Cursor | None
) -> Iterator[RawPage[msgspec.Raw]]:
    request: dict[str, Any] = {"TableName": LedgerItem.Meta.table_name, "TotalSegments": total}
    start = {"ExclusiveStartKey": cursor} if cursor else {}
    for segment in segments:
        yield from pages("Scan", msgspec.Raw, {**request, "Segment": segment, **start})
        start = {}


def _books_of(
    found: Iterator[RawPage[msgspec.Raw]],
) -> Iterator[tuple[StoredAccount | None, Cursor | None]]:
    """The accounts of pages, each with the key of its last item; None at a segment's end."""
    books, last_key = None, None
    for page in found:
        for item in page.items:
            key = _key.decode(item)
            account_id = key.pk.S.removeprefix("ACC#")
            if books is not None and account_id != books.account.id:
                yield books, last_key
                books = None
            if account_id != key.pk.S:
                books = books or StoredAccount(Account(account_id))
                books.file(item, key.sk.S)
            last_key = {"pk": {"S": key.pk.S}, "sk": {"S": key.sk.S}}
            if account_id == key.pk.S and (key.sk.S == ACCOUNT or key.sk.S.startswith(ENTRY)):
                yield StoredAccount(Account(key.pk.S), is_account=False), last_key
        if page.last_key is None:
            if books is not None:
                yield books, last_key
            books = None
            yield None, None
