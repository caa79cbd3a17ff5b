"""An account's entries by the time of their recording; one page is one query."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from msgspec.structs import replace

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.crypto import Unopened, decrypt
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery, page
from chalicelib.kernel.store.pages import pages
from chalicelib.kernel.store.tables import readable
from chalicelib.ledger.queries.accounts import find_account
from chalicelib.ledger.rules import ACTIVE, Account, Entry
from chalicelib.ledger.rules.accounts import TRANSFER_IN, TRANSFER_OUT
from chalicelib.ledger.rules.past import account_before
from chalicelib.ledger.rules.statements import Statement, statement
from chalicelib.ledger.tables import STATUS, EntryItem, StatusItem, account_key
from chalicelib.ledger.tables.rows import EntryRow

_END_OF_TIME_MS = 10**15 - 1


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
    first, last = _bounds(to_ms(since) if since else 0, to_ms(until) if until else _END_OF_TIME_MS)

    query = partial(
        EntryItem.history_index.query,
        account_key(account_id),
        EntryItem.history.between(first, last),
        EntryItem.type == entry_type if entry_type else None,
        scan_index_forward=False,
        consistent_read=True,
        page_size=FILTERED_PAGE if entry_type else None,
    )
    scope = f"entries|{account_id}|{entry_type}|{first}|{last}"
    return page(scope, asked, query, lambda item: view(item.value()), leave_out_unreadable=True)


def message_of(entry: Entry) -> str | None:
    """What the giver of a gift wrote; None if nothing, or if its key is gone."""
    if entry.note is None or entry.type not in (TRANSFER_IN, TRANSFER_OUT):
        return None
    try:
        return decrypt(entry.note, entry.reference).decode()
    except (KeyError, Unopened):
        return None


def _bounds(since_ms: int, until_ms: int) -> tuple[str, str]:
    """The keys around the entries recorded from one instant to before another."""
    first, last = f"{max(0, since_ms):015d}", f"{max(0, until_ms):015d}"
    # No entry lies on a bound itself, so a span that ends before it begins is empty.
    return first, max(first, last)


def recorded_rows(
    account_id: str, since_ms: int = 0, until_ms: int = _END_OF_TIME_MS
) -> Iterator[EntryRow]:
    """All entries recorded from one instant to before another, in order, consistently."""
    first, last = _bounds(since_ms, until_ms)
    request = {
        "TableName": EntryItem.Meta.table_name,
        "IndexName": EntryItem.history_index.Meta.index_name,
        "KeyConditionExpression": "pk = :pk AND history BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":pk": {"S": account_key(account_id)},
            ":first": {"S": first},
            ":last": {"S": last},
        },
        "ConsistentRead": True,
    }
    for found in pages("Query", EntryRow, request):
        yield from found.items


def entries_of(account_id: str) -> Iterator[Entry]:
    """All readable entries of an account, with what was written beside them."""
    found = EntryItem.history_index.query(account_key(account_id), consistent_read=True)
    for item in readable(found):
        yield item.value()


def account_at(account_id: str, at_ms: int) -> Account:
    """The account as it was at an instant: the current account less its later entries."""
    account = find_account(account_id)
    later = (row.value() for row in recorded_rows(account_id, at_ms + 1))
    # Entries recorded after the account was read are not in it.
    before = account_before(account, (entry for entry in later if entry.seq <= account.seq))
    status = _status_at(account_id, at_ms)
    return replace(before, status=status.status if status else ACTIVE)


def frozen_by(account_id: str) -> str | None:
    """Who gave an account the status that it has; None if that was not kept."""
    last = _status_at(account_id, _END_OF_TIME_MS)
    return last.by if last else None


def _status_at(account_id: str, at_ms: int) -> StatusItem | None:
    found = StatusItem.query(
        account_key(account_id),
        StatusItem.sk.between(STATUS, f"{STATUS}{at_ms:015d}"),
        scan_index_forward=False,
        consistent_read=True,
        limit=1,
    )
    return next(found, None)


def statement_between(account_id: str, since_ms: int, until_ms: int) -> Statement:
    """The statement of entries recorded from one instant to before another."""
    first, _ = _bounds(since_ms, until_ms)
    before = EntryItem.history_index.query(
        account_key(account_id),
        EntryItem.history < first,
        scan_index_forward=False,
        consistent_read=True,
        limit=1,
    )
    opening = next((item.balance_after for item in before), 0)
    rows = recorded_rows(account_id, since_ms, until_ms)
    return statement(opening, (row.value() for row in rows))
