"""An account's standing: its status, and the time of its last reminder."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, was_written
from chalicelib.ledger import queries
from chalicelib.ledger.actions.drafts import put_account
from chalicelib.ledger.errors import AccountFrozen
from chalicelib.ledger.rules import ACTIVE, UNITS, Account
from chalicelib.ledger.tables import ACCOUNT, AccountItem, StatusItem, account_key


def set_status(writes: WriteSet, member_id: str, status: str, now: datetime) -> str:
    """Add the new status of all accounts of a member; return the old one of the points account.

    The commit fails with Moved if an account has changed since.
    """
    before = [queries.find_account(f"{member_id}:{unit}") for unit in UNITS]
    for seen in before:
        if seen.status != status:
            put_account(writes, seen, replace(seen, status=status))
            writes.put(StatusItem.of(seen.id, status, to_ms(now)))
    return before[0].status


def check_active(
    writes: WriteSet, account_id: str, *, or_raise: type[AccountFrozen | Moved] = AccountFrozen
) -> None:
    """Add the condition that an account is not frozen at the commit."""
    active = AccountItem.pk.does_not_exist() | (AccountItem.status == ACTIVE)
    writes.check(AccountItem(account_key(account_id), ACCOUNT), active, or_raise=or_raise)


def mark_reminded(seen: Account, until_s: int) -> None:
    """Record that an account's reminders due until `until_s` were given.

    Raises Moved if the account has changed since it was read.
    """
    item = AccountItem.of(replace(seen, reminded_s=until_s))
    remind_at = AccountItem.remind_at
    again = remind_at.set(item.remind_at) if item.remind_at else remind_at.remove()
    if not was_written(
        lambda: item.update(
            [AccountItem.reminded.set(until_s), again], condition=AccountItem.seq == seen.seq
        )
    ):
        raise Moved()
