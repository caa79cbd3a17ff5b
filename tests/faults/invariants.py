"""Invariants of an account after any failure, read from its partition of the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.kernel.config import config
from chalicelib.ledger.rules import ACCRUAL, Account, Entry
from chalicelib.ledger.rules.replay import check
from chalicelib.ledger.tables import AccountItem, EntryItem, PendingItem
from chalicelib.ledger.tables.items import ACCOUNT, ENTRY, PENDING
from tests.faults.savepoint import Image, Savepoint
from tests.faults.wire import Key

LEDGER = config().table("ledger")
_ACCOUNTS = "ACC#"


def problems_of(savepoint: Savepoint, changes: Iterable[Key]) -> list[str]:
    """The problems of the changed accounts."""
    touched = {key.pk for key in changes if key.table == LEDGER and key.pk.startswith(_ACCOUNTS)}
    return [
        problem
        for pk in sorted(touched)
        for problem in problems_in(savepoint.partition(LEDGER, pk))
    ]


def problems_in(partition: Sequence[Image]) -> list[str]:
    """The problems of an account, from all items of its partition."""
    items: dict[str, list[Any]] = {ACCOUNT: [], ENTRY: [], PENDING: []}
    for image in partition:
        for prefix, model in ((ACCOUNT, AccountItem), (ENTRY, EntryItem), (PENDING, PendingItem)):
            if image["sk"]["S"].startswith(prefix):
                items[prefix].append(model.from_raw_data(image))
    account = items[ACCOUNT][0].value() if items[ACCOUNT] else Account("nobody")
    stored = sorted(items[ENTRY], key=lambda item: item.seq)
    entries = [item.value() for item in stored]
    waiting = sum(item.points for item in items[PENDING])
    found = check(account, entries, {item.seq: item.hash for item in stored}, waiting)
    return [*map(str, found), *_holds(entries), *_times(entries)]


def _holds(entries: Sequence[Entry]) -> list[str]:
    """An end takes exactly what its hold set aside, once."""
    held: Counter[str] = Counter()
    for entry in entries:
        held[entry.reference.removesuffix(":end")] += entry.effect.held
    begun = {entry.reference: entry.effect.held for entry in entries if entry.type == "hold"}
    return [
        f"{reference}: {points} are held of {begun.get(reference, 0)}"
        for reference, points in held.items()
        if points not in (0, begun.get(reference, 0))
    ]


def _times(entries: Sequence[Entry]) -> list[str]:
    """Each reference is unique, and unlocked points were accrued before."""
    accrued = {entry.reference: entry.seq for entry in entries if entry.type == ACCRUAL}
    return [
        f"{entry.reference} before its accrual"
        for entry in entries
        if entry.type == "unlock"
        and accrued.get(entry.reference.removesuffix(":unlock"), entry.seq) >= entry.seq
    ]
