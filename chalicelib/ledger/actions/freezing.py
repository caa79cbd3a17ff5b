"""Freezing: the status of a member's accounts, and the check of it in a transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import queries
from chalicelib.ledger.actions.drafts import put_account
from chalicelib.ledger.errors import AccountFrozen
from chalicelib.ledger.rules import FROZEN, SPENDABLE, UNITS, Account
from chalicelib.ledger.rules.freezing import BY_STAFF, may_end
from chalicelib.ledger.tables import ACCOUNT, AccountItem, StatusItem, account_key


def set_status(
    writes: WriteSet,
    member_id: str,
    status: str,
    now: datetime,
    *,
    by: str = BY_STAFF,
    of: Collection[str] | None = None,
) -> str:
    """Add the new status of a member's accounts, all of them or those with one of the statuses
    `of`; return the old one of the points account. `by` tells who changes it: what another froze
    is not ended by a case of risk.

    The commit fails with Moved if an account has changed since.
    """
    ids = [queries.account_of(member_id, unit) for unit in UNITS]
    found = queries.find_accounts(ids)
    before = [found.get(each, Account(each)) for each in ids]
    for seen in before:
        if seen.status == status or (of is not None and seen.status not in of):
            continue
        if seen.status == FROZEN and not may_end(queries.frozen_by(seen.id), by):
            continue
        put_account(writes, seen, replace(seen, status=status))
        writes.put(StatusItem.of(seen.id, status, to_ms(now), by))
    return before[0].status


def check_active(
    writes: WriteSet, account_id: str, *, or_raise: type[AccountFrozen | Moved] = AccountFrozen
) -> None:
    """Add the condition that a member may spend from an account at the commit."""
    active = AccountItem.pk.does_not_exist() | (AccountItem.status.is_in(*SPENDABLE))
    writes.check(AccountItem(account_key(account_id), ACCOUNT), active, or_raise=or_raise)
