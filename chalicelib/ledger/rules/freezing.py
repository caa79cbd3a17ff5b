"""What an account's status allows: to spend, and to have credited points at once.

| status | members spend | credits are spendable |
|---|---|---|
| `active` | yes | at once |
| `credits_pending` | yes | days later |
| `under_review` | no | days later |
| `frozen` | no | at once |
"""

from __future__ import annotations

from chalicelib.kernel.errors import Words
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
# Who changes a status: the staff by hand, a case of risk, a debt that a clawback left, a merge.
BY_STAFF, BY_RISK, BY_DEBT, BY_MERGE = "staff", "risk", "debt", "merge"
_DECIDE = Words(
    "当前状态：{state}，由风控案件决定。请在「风控」中处理该案件：确认违规则冻结账户，解除误判则恢复",
    "The state is: {state}, by a case of risk. Decide the case: to confirm it freezes the "
    "accounts, to clear it ends this state",
)


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


def check_status_changes(before: str, after: str, given_by: str | None) -> None:
    """Check that a freeze or an unfreeze by hand changes the status of a member's accounts, which
    `given_by` gave them. What a case of risk has begun or frozen is ended by a decision on the case
    alone.

    Raises NotAllowedInThisState.
    """
    if before in HOLDING_BACK or (before == FROZEN != after and given_by == BY_RISK):
        raise words.not_allowed(before).saying(_DECIDE)
    if before == after:
        raise words.not_allowed(before)


def may_end(frozen_by: str | None, by: str) -> bool:
    """Whether a freeze is ended by somebody: a case of risk ends its own alone. Of a freeze before
    this was kept nobody knows who made it."""
    return by != BY_RISK or frozen_by in (None, BY_RISK)
