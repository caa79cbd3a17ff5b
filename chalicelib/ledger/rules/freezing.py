"""Freezing: a frozen account receives points but cannot spend them."""

from __future__ import annotations

from chalicelib.ledger.errors import AccountFrozen
from chalicelib.ledger.rules import words
from chalicelib.ledger.rules.accounts import FROZEN, Account


def check_active(account: Account) -> None:
    """Check that a member's own act may take points from an account.

    Raises AccountFrozen.
    """
    if account.status == FROZEN:
        raise AccountFrozen()


def check_status_changes(before: str, after: str) -> None:
    """Check that a freeze or an unfreeze changes the status of a member's accounts.

    Raises NotAllowedInThisState.
    """
    if before == after:
        raise words.not_allowed(before)
