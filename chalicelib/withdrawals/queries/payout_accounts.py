"""Reads of payout accounts."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from chalicelib.kernel import crypto
from chalicelib.kernel.store.tables import naming
from chalicelib.withdrawals.rules.payout_accounts import PayoutAccount, StoredPayoutAccount
from chalicelib.withdrawals.tables.payout_accounts import ACCOUNT, PayoutAccountItem, member_key


def find_payout_account(member_id: str) -> StoredPayoutAccount:
    """A member's payout account as it is now; version 0 if the member never set one."""
    item = PayoutAccountItem.find(member_key(member_id), ACCOUNT)
    if item is None:
        return StoredPayoutAccount(None, 0, 0)
    return StoredPayoutAccount(item.sealed, item.version, item.updated_at)


def find_versions(member_ids: Iterable[str]) -> dict[str, int]:
    """The versions of payout accounts, by member; members who never set one are left out."""
    keys = [(member_key(each), ACCOUNT) for each in dict.fromkeys(member_ids)]
    found = PayoutAccountItem.batch_get(keys, consistent_read=True)
    return {item.pk.removeprefix("MEM#"): item.version for item in found}


def seal(account: PayoutAccount, member_id: str) -> bytes:
    return crypto.encrypt(msgspec.json.encode(account), bound_to=_bound(member_id))


def opened(sealed: bytes, member_id: str) -> PayoutAccount:
    """A member's payout account, opened from its sealed form.

    Raises Unreadable.
    """
    with naming(PayoutAccountItem(member_key(member_id), ACCOUNT)):
        return unsealed(sealed, member_id)


def unsealed(sealed: bytes, member_id: str) -> PayoutAccount:
    """The account that was sealed for this member, wherever it is kept."""
    plain = crypto.decrypt(sealed, bound_to=_bound(member_id))
    account: PayoutAccount = msgspec.json.decode(plain, type=PayoutAccount)
    return account


def _bound(member_id: str) -> str:
    return f"{member_id}:payout"
