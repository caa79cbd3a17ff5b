"""Reads of the ledger: an account is one read unit, a page of history one query."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery, page
from chalicelib.ledger.rules import POINTS, Account, Entry, Hold, Pending
from chalicelib.ledger.rules.adjustments import Adjustment
from chalicelib.ledger.rules.transfers import Escrow
from chalicelib.ledger.tables import (
    ACCOUNT,
    ADJUSTMENT,
    APPROVALS,
    HOLD,
    PENDING,
    AccountItem,
    AdjustmentItem,
    EntryItem,
    EscrowItem,
    HoldItem,
    LedgerItem,
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
    """The account as it is now; one that has no entries yet is empty."""
    item = AccountItem.find(account_key(account_id), ACCOUNT)
    return item.value() if item else Account(account_id)


def find_entry(account_id: str, reference: str) -> Entry | None:
    item = EntryItem.find(account_key(account_id), entry_key(reference))
    return item.value() if item else None


def find_pending(account_id: str, reference: str) -> Pending | None:
    """What waits of the accrual with this reference."""
    item = PendingItem.find(account_key(account_id), PENDING + reference)
    return item.value() if item else None


def find_hold(hold_id: str) -> Hold | None:
    item = HoldItem.find(hold_key(hold_id), HOLD)
    return item.value() if item else None


def find_escrow(claimant: str, transfer_id: str) -> Escrow | None:
    item = EscrowItem.find(escrow_key(claimant), transfer_id)
    return item.value() if item else None


def escrows_of(claimant: str) -> list[Escrow]:
    """What waits for somebody; read consistently."""
    found = EscrowItem.query(escrow_key(claimant), consistent_read=True)
    return [item.value() for item in found]


def due_keys(shard: str, now_s: int) -> Iterator[tuple[str, str]]:
    """(pk, sk) of what is due in a shard by now, longest due first; it may have been done since."""
    for item in LedgerItem.due.query(shard, LedgerItem.due_at <= now_s):
        yield item.pk, item.sk


def accounts_to_remind(shard: str, now_s: int) -> Iterator[str]:
    """The accounts of a shard with a reminder due by now."""
    for item in LedgerItem.reminders.query(shard, LedgerItem.remind_at <= now_s):
        yield item.pk.removeprefix("ACC#")


def find_adjustment(adjustment_id: str) -> Adjustment | None:
    item = AdjustmentItem.find(adjustment_key(adjustment_id), ADJUSTMENT)
    return item.value() if item else None


def waiting_adjustments(asked: PageQuery) -> Page[Adjustment]:
    """A page of the adjustments that wait for a second person, longest waiting first.

    Raises InvalidCursor.
    """
    found = page(
        "adjustments", asked, lambda **paging: LedgerItem.due.query(APPROVALS, **paging),
        lambda item: (item.pk, item.sk),
    )  # fmt: skip
    items = {item.pk: item for item in AdjustmentItem.batch_get(found.data)}
    waiting = [items[pk].value() for pk, _ in found.data if pk in items]
    return Page(waiting, found.next_cursor)


def history(
    account_id: str,
    asked: PageQuery,
    *,
    entry_type: str | None,
    since: datetime | None,
    until: datetime | None,
    view: Any,
) -> Page[Any]:
    """A page of an account's entries, newest first, recorded from `since` to before `until`.

    Raises InvalidCursor.
    """
    first = f"{max(0, to_ms(since)) if since else 0:015d}"
    last = f"{max(0, to_ms(until)) if until else 10**15 - 1:015d}"
    # No entry lies on a bound itself, so a time that ends before it begins holds none.
    last = max(first, last)

    def query(**paging: Any) -> Any:
        if entry_type:
            paging["page_size"] = FILTERED_PAGE
        return EntryItem.history_index.query(
            account_key(account_id),
            EntryItem.history.between(first, last),
            EntryItem.type == entry_type if entry_type else None,
            scan_index_forward=False,
            consistent_read=True,
            **paging,
        )

    scope = f"entries|{account_id}|{entry_type}|{first}|{last}"
    return page(scope, asked, query, lambda item: view(item.value()))
