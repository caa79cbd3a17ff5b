"""Reads of exports and erasures, and of what stands against an erasure."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib import finance, ledger, members, orders, withdrawals
from chalicelib.members import Pair
from chalicelib.privacy.rules import Erasure, Export, Reason
from chalicelib.privacy.tables import (
    ERASURES,
    EXPORT,
    EXPORTS,
    MERGES,
    ErasureItem,
    ExportItem,
    MergeItem,
    WaitingExportItem,
    place_of,
)


def reasons_against(member_id: str) -> list[Reason]:
    """What of a member is not over, so that they cannot be erased; read at each asking.

    Raises Unreadable.
    """
    found: list[Reason] = []
    known: dict[str, Reason] = {"orders": "orders", "returns": "returns"}
    found += [known[each] for each in orders.open_business_of(member_id)]
    if withdrawals.has_open_withdrawals(member_id):
        found.append("withdrawals")
    if finance.has_open_invoices(each.id for each in orders.all_orders_of(member_id)):
        found.append("invoices")
    ids = members.ids_of(member_id)
    own = (ledger.account_of(each, unit) for each in ids for unit in ledger.UNITS)
    if any(account.held for account in ledger.find_accounts(own).values()):
        found.append("held_points")
    if members.is_staff(member_id):
        found.append("staff")
    return found


def due_erasures(now_ms: int) -> Iterator[Erasure]:
    """Those whose time has come, the longest due first."""
    due = ErasureItem.query(ERASURES, ErasureItem.sk < place_of(now_ms + 1), consistent_read=True)
    for item in due:
        yield item.value()


def reasons_against_merge(pair: Pair, actor_id: str) -> list[members.Reason]:
    """What beside two profiles stands against merging one into the other.

    Raises Unreadable.
    """
    found: list[members.Reason] = []
    ids = [ledger.account_of(each, unit) for each in pair for unit in ledger.UNITS]
    statuses = {each.status for each in ledger.find_accounts(ids).values()}
    if ledger.FROZEN in statuses:
        found.append("frozen")
    if ledger.UNDER_REVIEW in statuses:
        found.append("under_review")
    if actor_id in pair:
        found.append("own_account")
    if withdrawals.has_open_withdrawals(pair.member_id):
        found.append("withdrawals")
    return found


def is_unfinished(pair: Pair) -> bool:
    """Whether a merge has begun and is not done."""
    key = MergeItem.of(pair)
    return MergeItem.find(key.pk, key.sk) is not None


def unfinished_merges() -> Iterator[Pair]:
    """The merges that a crash cut off, and those that run now."""
    for item in MergeItem.query(MERGES, consistent_read=True):
        yield item.value()


def find_export(member_id: str) -> Export | None:
    """The last export of a member, read consistently."""
    return ExportItem.find_value(ExportItem.key(member_id).pk, EXPORT)


def waiting_exports() -> Iterator[str]:
    """The members whose exports are to be made."""
    for item in WaitingExportItem.query(EXPORTS, consistent_read=True):
        yield item.sk
