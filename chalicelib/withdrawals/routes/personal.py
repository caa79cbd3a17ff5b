"""A member's payout account and withdrawals, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib import members
from chalicelib.withdrawals.queries import payout_accounts
from chalicelib.withdrawals.queries.withdrawals import all_withdrawals_of, destination_of
from chalicelib.withdrawals.routes.views import withdrawal_view


def export_of(member_id: str, language: str) -> dict[str, Iterable[Any]]:
    """The payout account in clear, and withdrawals, the newest first."""
    return {
        "payout_account": _payout_accounts(member_id),
        "withdrawals": (
            withdrawal_view(made, destination_of(made), language)
            for made in all_withdrawals_of(member_id)
        ),
    }


def _payout_accounts(member_id: str) -> Iterator[Any]:
    """That of a member, and that of each id which was merged into them."""
    for each in members.ids_of(member_id):
        stored = payout_accounts.find_payout_account(each)
        if stored.sealed:
            yield payout_accounts.opened(stored.sealed, each)
