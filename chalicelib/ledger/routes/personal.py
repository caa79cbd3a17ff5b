"""A member's points, entries and gifts, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chalicelib.ledger import queries
from chalicelib.ledger.routes.views import balance, entry_view
from chalicelib.ledger.rules import UNITS


def export_of(member_id: str, now: datetime) -> dict[str, Iterable[Any]]:
    """Balances of all units, and their entries with the messages of gifts, the oldest first."""
    accounts = [queries.account_of(member_id, unit) for unit in UNITS]
    entries = (entry for each in accounts for entry in queries.entries_of(each))
    return {
        "balances": (balance(queries.find_account(each), now) for each in accounts),
        "entries": (entry_view(entry, queries.message_of(entry)) for entry in entries),
    }
