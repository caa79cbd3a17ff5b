"""Set or remove a member's payout account."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Unreadable, or_not_found
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads
from chalicelib.withdrawals.queries import payout_accounts as queries
from chalicelib.withdrawals.rules.payout_accounts import (
    PayoutAccount,
    StoredPayoutAccount,
    checked,
)
from chalicelib.withdrawals.tables.payout_accounts import PayoutAccountItem


def set_payout_account(member_id: str, asked: PayoutAccount, now: datetime) -> StoredPayoutAccount:
    """Set the account that withdrawals go to; an equal account keeps its version.

    Raises Invalid naming the field.
    """
    account = checked(asked)

    def write() -> StoredPayoutAccount:
        seen = queries.find_payout_account(member_id)
        with suppress(Unreadable):  # replace an account that cannot be opened
            if seen.sealed is not None and queries.opened(seen.sealed, member_id) == account:
                return seen
        return _put(member_id, seen, queries.seal(account, member_id), now)

    return with_fresh_reads(write)


def remove_payout_account(member_id: str, now: datetime) -> None:
    """Remove the payout account.

    Raises NotFound if there is none.
    """

    def write() -> None:
        seen = queries.find_payout_account(member_id)
        or_not_found(seen.sealed)
        _put(member_id, seen, None, now)

    with_fresh_reads(write)


def _put(
    member_id: str, seen: StoredPayoutAccount, sealed: bytes | None, now: datetime
) -> StoredPayoutAccount:
    writes = WriteSet()
    after = add_account(writes, member_id, seen, sealed, now)
    writes.commit()
    return after


def add_account(
    writes: WriteSet,
    member_id: str,
    seen: StoredPayoutAccount,
    sealed: bytes | None,
    now: datetime,
) -> StoredPayoutAccount:
    """Add a payout account in place of the one that was seen, or its end: the account after it.

    The commit raises Moved if it has changed since.
    """
    item = PayoutAccountItem.key(member_id)
    item.sealed, item.version, item.updated_at = sealed, seen.version + 1, to_ms(now)
    writes.put(item, condition=unmoved(PayoutAccountItem.version, seen.version))
    return StoredPayoutAccount(item.sealed, item.version, item.updated_at)
