"""One thing by its key, read consistently: an account is one read unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chalicelib.kernel.crypto import decrypt
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.tables import naming
from chalicelib.ledger.rules import POINTS, Account, Entry, Hold, Pending
from chalicelib.ledger.rules.adjustments import Adjustment
from chalicelib.ledger.rules.holds import hold_reference
from chalicelib.ledger.rules.transfers import Escrow
from chalicelib.ledger.tables import (
    ACCOUNT,
    ADJUSTMENT,
    HOLD,
    PENDING,
    AccountItem,
    AdjustmentItem,
    EntryItem,
    EscrowItem,
    HoldItem,
    PendingItem,
    account_key,
    adjustment_key,
    entry_key,
    escrow_key,
    hold_key,
)


def points_account(member_id: str) -> str:
    """The id of a member's account of points."""
    return account_of(member_id, POINTS)


def account_of(member_id: str, unit: str) -> str:
    """The id of a member's account of a unit."""
    return f"{member_id}:{unit}"


def find_account(account_id: str) -> Account:
    """The account as it is now; an account without entries is empty."""
    return AccountItem.find_value(account_key(account_id), ACCOUNT) or Account(account_id)


def want_account(reads: ReadSet, account_id: str) -> Callable[[], Account]:
    """As `find_account`, in a caller's `ReadSet`.

    Returns a function that gives the account after `read`.
    """
    found = reads.want(AccountItem, account_key(account_id), ACCOUNT)
    return lambda: item.value() if (item := found()) else Account(account_id)


def find_accounts(account_ids: Iterable[str]) -> dict[str, Account]:
    """Accounts with entries by their ids, as they are now."""
    keys = [(account_key(each), ACCOUNT) for each in dict.fromkeys(account_ids)]
    found = [item.value() for item in AccountItem.batch_get(keys, consistent_read=True)]
    return {each.id: each for each in found}


def find_entry(account_id: str, reference: str) -> Entry | None:
    return EntryItem.find_value(account_key(account_id), entry_key(reference))


def find_entries(account_id: str, beginning: str) -> list[Entry]:
    """The entries whose references have this prefix; read consistently."""
    found = EntryItem.query(
        account_key(account_id), EntryItem.sk.startswith(entry_key(beginning)), consistent_read=True
    )
    return [item.value() for item in found]


def find_pending(account_id: str, reference: str) -> Pending | None:
    """The pending points of the accrual with this reference."""
    return PendingItem.find_value(account_key(account_id), PENDING + reference)


def pending_of(account_id: str) -> list[Pending]:
    """All pending points of an account; read consistently."""
    beginning = PendingItem.sk.startswith(PENDING)
    found = PendingItem.query(account_key(account_id), beginning, consistent_read=True)
    return [item.value() for item in found]


def find_hold(hold_id: str) -> Hold | None:
    """The hold with this id, from its item and its entry: two reads."""
    item = HoldItem.find(hold_key(hold_id), HOLD)
    entry = find_entry(item.account_id, hold_reference(hold_id)) if item else None
    return item.value(entry) if item and entry else None


def find_escrow(claimant: str, transfer_id: str) -> Escrow | None:
    return EscrowItem.find_value(escrow_key(claimant), transfer_id)


def escrows_of(claimant: str) -> list[Escrow]:
    """The escrows of a claimant; read consistently."""
    found = EscrowItem.query(escrow_key(claimant), consistent_read=True)
    return [item.value() for item in found]


def reason_of(made: Adjustment) -> str:
    """The reason of an adjustment, decrypted.

    Raises Unreadable.
    """
    with naming(AdjustmentItem(adjustment_key(made.id), ADJUSTMENT)):
        return decrypt(made.reason, bound_to=made.id).decode()


def get_adjustment(adjustment_id: str) -> Adjustment:
    """Raises NotFound."""
    return or_not_found(find_adjustment(adjustment_id))


def find_adjustment(adjustment_id: str) -> Adjustment | None:
    return AdjustmentItem.find_value(adjustment_key(adjustment_id), ADJUSTMENT)
