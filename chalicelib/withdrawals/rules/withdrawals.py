"""A withdrawal: its states, the acts between them and the limits of an amount."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from chalicelib.kernel.errors import NotAllowedInThisState, Words
from chalicelib.kernel.money import Money
from chalicelib.ledger import SecondPersonRequired
from chalicelib.payments import (
    BANK,
    REBATES,
    WITHDRAWAL,
    WITHDRAWAL_FAILED,
    CashEntry,
    Movement,
    line_entry,
    our_entry,
)
from chalicelib.withdrawals.errors import (
    LIMITS,
    TOO_LITTLE,
    USED_UP,
    WithdrawalBelowMinimum,
    WithdrawalLimitReached,
)
from chalicelib.withdrawals.rules.payout_accounts import PROVIDER_KIND

REQUESTED, APPROVED, REJECTED = "requested", "approved", "rejected"
PAYING, PAID, FAILED = "paying", "paid", "failed"
STATUS_WORDS = {
    REQUESTED: Words("待审核", "Waiting for review"),
    APPROVED: Words("待打款", "Approved"),
    REJECTED: Words("已驳回", "Rejected"),
    PAYING: Words("打款中", "Being paid"),
    PAID: Words("已到账", "Paid"),
    FAILED: Words("打款失败", "Failed"),
}
STATUSES = (REQUESTED, APPROVED, REJECTED, PAYING, PAID, FAILED)
# The staff or the sweeper still has to act on these.
OPEN = (REQUESTED, APPROVED, PAYING)

# (act, state before) -> state after
NEXT = {
    ("approve", REQUESTED): APPROVED,
    ("reject", REQUESTED): REJECTED,
    ("reject", APPROVED): REJECTED,
    ("pay", APPROVED): PAYING,
    ("settle", PAYING): PAID,
    ("fail", APPROVED): FAILED,
    ("fail", PAYING): FAILED,
    ("return", PAID): FAILED,
}
# One transaction records at most this many returns: an entry of the journal for each, and some ten
# items of the withdrawal, its limits and the account.
PARTS_AT_ONCE = 80
ACCOUNT_CHANGED = "payout_account_changed"


class Step(msgspec.Struct, frozen=True, array_like=True):
    """One change of state: its time and author (`member`, `system`, or a staff member's id)."""

    status: str
    at_ms: int
    by: str


class Withdrawal(msgspec.Struct, frozen=True):
    """A withdrawal of rebate cash; `amount` in minor units.

    `destination` is a sealed copy of the payout account at the request, `account_version` its
    version. `content` is the digest of the request. `due_at_ms` is when a sweeper looks again, None
    for never. `returned` is the returned amount of one that stays paid.
    """

    id: str
    member_id: str
    amount: int
    currency: str
    kind: str
    destination: bytes
    account_version: int
    content: bytes
    created_at_ms: int
    status: str = REQUESTED
    version: int = 1
    steps: tuple[Step, ...] = ()
    reason: str | None = None
    failure: str | None = None
    bank_file: str | None = None
    bank_reference: str | None = None
    provider_id: str | None = None
    fee: int = 0
    due_at_ms: int | None = None
    returned: int = 0
    return_reference: str | None = None

    @property
    def reference(self) -> str:
        """Its reference in the cash journal and as a source in the ledger."""
        return f"withdrawal:{self.id}"

    @property
    def failed_reference(self) -> str:
        """The reference of the bank's return; older journals also have the provider's first return
        here.
        """
        return f"{self.reference}:failed"

    def line_reference(self, line: Movement) -> str:
        """The reference of a return by one of the provider's lines."""
        return f"{self.failed_reference}:{line.id}"

    def by_whom(self, status: str) -> str | None:
        """The author of the step into a state, None if it never had that state."""
        return next((step.by for step in reversed(self.steps) if step.status == status), None)


class Limits(msgspec.Struct, frozen=True):
    """Minor units: the smallest withdrawal, and the most in a program day and month."""

    at_least: int
    a_day: int
    a_month: int


def advance(seen: Withdrawal, act: str, by: str, at_ms: int) -> Withdrawal:
    """The withdrawal after an act that its state allows.

    Raises NotAllowedInThisState.
    """
    status = NEXT.get((act, seen.status))
    if status is None:
        raise not_allowed(seen)
    steps = (*seen.steps, Step(status, at_ms, by))
    return replace(seen, status=status, steps=steps, version=seen.version + 1, due_at_ms=None)


def approve(seen: Withdrawal, by: str, at_ms: int) -> Withdrawal:
    """The withdrawal that a second person approves; the provider is asked for its payment at once.

    Raises NotAllowedInThisState, SecondPersonRequired.
    """
    after = advance(seen, "approve", by, at_ms)
    if by == seen.member_id:
        raise SecondPersonRequired()
    return replace(after, due_at_ms=at_ms) if seen.kind == PROVIDER_KIND else after


def not_allowed(seen: Withdrawal) -> NotAllowedInThisState:
    return NotAllowedInThisState(status=seen.status).telling(state=STATUS_WORDS[seen.status])


def periods(day: date) -> tuple[str, str]:
    """The names of the program's day and month that a withdrawal counts in."""
    return f"{day:%Y-%m-%d}", f"{day:%Y-%m}"


def check_amount(amount: int, taken_day: int, taken_month: int, limits: Limits) -> None:
    """Check an amount against the minimum and the lowest limit.

    Raises WithdrawalBelowMinimum, WithdrawalLimitReached with an amount that is allowed.
    """
    left = {"a_month": limits.a_month - taken_month, "a_day": limits.a_day - taken_day}
    # The month comes first: when nothing is left of it, tomorrow does not help.
    for limit, rest in left.items():
        if rest < limits.at_least:
            said = TOO_LITTLE[limit] if rest > 0 else USED_UP[limit]
            raise WithdrawalLimitReached(limit=limit, at_most=0).saying(said)
    if amount < limits.at_least:
        raise WithdrawalBelowMinimum(at_least=limits.at_least)
    least = min(left, key=left.__getitem__)
    if amount > left[least]:
        raise WithdrawalLimitReached(limit=least, at_most=left[least]).saying(LIMITS[least])


def sent_by_provider(paid: Withdrawal, out: Movement, now_ms: int) -> CashEntry:
    """The journal's entry of money that left the provider, with its fee."""
    assert -out.amount == paid.amount, "the provider sends what it was asked to send"
    return _by_provider(paid, WITHDRAWAL, paid.reference, out, now_ms)


def returned_by_provider(
    paid: Withdrawal, back: Sequence[Movement], now_ms: int
) -> list[CashEntry]:
    """The journal's entries of returns to the provider, one for each line."""
    came = sum(line.amount for line in back)
    assert paid.returned + came <= paid.amount, "what comes back is what was sent"
    return [
        _by_provider(paid, WITHDRAWAL_FAILED, paid.line_reference(line), line, now_ms)
        for line in back
    ]


def after_returns(
    paid: Withdrawal, entries: Sequence[CashEntry], failure: str | None, by: str, at_ms: int
) -> Withdrawal:
    """The withdrawal after the returns of these entries.

    Without any money left away it has failed; otherwise the rest stays paid. Either is due at once,
    because more returns may follow.
    """
    returned = paid.returned - sum(entry.on(REBATES) for entry in entries)
    if returned < paid.amount:
        return replace(paid, returned=returned, due_at_ms=at_ms, version=paid.version + 1)
    failed = advance(paid, "return", by, at_ms)
    return replace(failed, returned=returned, failure=failure)


def _by_provider(
    paid: Withdrawal, entry_type: str, reference: str, line: Movement, now_ms: int
) -> CashEntry:
    assert line.currency == paid.currency, "the provider moves the currency that it was asked for"
    return line_entry(entry_type, reference, paid.reference, line, REBATES, now_ms)


def sent_by_bank(paid: Withdrawal, now_ms: int) -> CashEntry:
    """The journal's entry of money that the bank has sent."""
    name, cash = paid.reference, Money(paid.amount, paid.currency)
    return our_entry(WITHDRAWAL, name, name, cash, REBATES, BANK, now_ms)


def returned_by_bank(paid: Withdrawal, now_ms: int) -> CashEntry:
    """The journal's entry of money that came back to the bank."""
    name, cash = paid.failed_reference, Money(paid.amount, paid.currency)
    return our_entry(WITHDRAWAL_FAILED, name, paid.reference, cash, BANK, REBATES, now_ms)
