"""An account's entries by the time of their recording: a page of them is one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery, page
from chalicelib.ledger.tables import EntryItem, account_key


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
