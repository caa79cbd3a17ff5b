"""Accounts with lots that lapse, as they were at a past instant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from chalicelib.ledger.queries.history import account_at
from chalicelib.ledger.rules import Account
from chalicelib.ledger.tables import ACCOUNT, EXPIRIES, AccountItem, LedgerItem, due_shards

_AT_ONCE = 100


def lot_shards() -> list[str]:
    """The shards of the accounts that have lots."""
    return due_shards(EXPIRIES)


def accounts_at(shard: str, at_ms: int) -> Iterator[Account]:
    """The accounts of a shard that have lots now, as they were at a recent instant."""
    found = (item.pk for item in LedgerItem.due.query(shard))
    while some := [(pk, ACCOUNT) for pk in islice(found, _AT_ONCE)]:
        for item in AccountItem.batch_get(some, consistent_read=True):
            account: Account = item.value()
            yield account if account.last_at_ms <= at_ms else account_at(account.id, at_ms)
