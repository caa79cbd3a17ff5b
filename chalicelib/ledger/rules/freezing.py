"""What an account's status allows: to spend, and to have credited points at once.

| status | members spend | credits are spendable |
|---|---|---|
| `active` | yes | at once |
| `credits_pending` | yes | days later |
| `under_review` | no | days later |
| `frozen` | no | at once |
"""

from __future__ import annotations

from chalicelib.ledger.errors import AccountFrozen, UnderReview
from chalicelib.ledger.rules import words
from chalicelib.ledger.rules.accounts import (
    ACTIVE,
    CREDITS_PENDING,
    FROZEN,
    UNDER_REVIEW,
    Account,
)

SPENDABLE = (ACTIVE, CREDITS_PENDING)
HOLDING_BACK = (CREDITS_PENDING, UNDER_REVIEW)


def is_spendable(account: Account) -> bool:
    """Whether a member's own act may take points from an account."""
    return account.status in SPENDABLE


def check_active(account: Account) -> None:
    """Check that a member's own act may take points from an account.

    Raises AccountFrozen, UnderReview.
    """
    if account.status == UNDER_REVIEW:
        raise UnderReview()
    if account.status == FROZEN:
        raise AccountFrozen()


def check_status_changes(before: str, after: str) -> None:
    """Check that a freeze or an unfreeze changes the status of a member's accounts. What a review
    has begun is ended by the review alone.

    Raises NotAllowedInThisState.
    """
    if before == after or (after == ACTIVE and before != FROZEN):
        raise words.not_allowed(before)
