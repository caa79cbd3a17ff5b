"""Reads of payout accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from chalicelib.kernel import crypto
from chalicelib.kernel.store.tables import naming
from chalicelib.withdrawals.rules.payout_accounts import PayoutAccount
from chalicelib.withdrawals.tables.payout_accounts import ACCOUNT, PayoutAccountItem, member_key


class Destination(NamedTuple):
    """A member's payout account as it stands: `sealed` is None where there is none any more."""

    sealed: bytes | None
    version: int
    updated_at_ms: int


def find_destination(member_id: str) -> Destination:
    """Where a member's money goes now; version 0 for who never said."""
    item = PayoutAccountItem.find(member_key(member_id), ACCOUNT)
    return (
        Destination(item.sealed, item.version, item.updated_at) if item else Destination(None, 0, 0)
    )


def find_versions(member_ids: Iterable[str]) -> dict[str, int]:
    """The versions of payout accounts, by member: of those who ever said where."""
    keys = [(member_key(each), ACCOUNT) for each in dict.fromkeys(member_ids)]
    found = PayoutAccountItem.batch_get(keys, consistent_read=True)
    return {item.pk.removeprefix("MEM#"): item.version for item in found}


def seal(account: PayoutAccount, member_id: str) -> bytes:
    return crypto.encrypt(msgspec.json.encode(account), bound_to=_bound(member_id))


def opened(sealed: bytes, member_id: str) -> PayoutAccount:
    """A member's payout account, as it was sealed.

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
