"""A member's payout account and withdrawals, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalicelib.withdrawals.queries import payout_accounts
from chalicelib.withdrawals.queries.withdrawals import all_withdrawals_of, destination_of
from chalicelib.withdrawals.routes.views import withdrawal_view


def export_of(member_id: str, language: str) -> dict[str, Iterable[Any]]:
    """The payout account in clear, and withdrawals, the newest first."""
    stored = payout_accounts.find_payout_account(member_id)
    own = [payout_accounts.opened(stored.sealed, member_id)] if stored.sealed else []
    return {
        "payout_account": own,
        "withdrawals": (
            withdrawal_view(made, destination_of(made), language)
            for made in all_withdrawals_of(member_id)
        ),
    }
