"""The writes of each step of a withdrawal: its item, ledger, cash journal and limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import (
    REBATE_CASH,
    Account,
    AccountFrozen,
    Cause,
    EntryExists,
    hold_reference,
)
from chalicelib.payments import CashEntry, CashEntryExists, record_cash
from chalicelib.withdrawals.errors import PayoutAccountChanged
from chalicelib.withdrawals.rules.withdrawals import Limits, Withdrawal, periods
from chalicelib.withdrawals.tables.payout_accounts import PayoutAccountItem
from chalicelib.withdrawals.tables.withdrawals import LimitItem, WithdrawalItem


def limits() -> Limits:
    settings = config().withdrawals
    return Limits(
        settings.withdrawal_at_least, settings.withdrawal_a_day, settings.withdrawal_a_month
    )


def rebate_account(member_id: str) -> Account:
    """A member's current account of rebate cash, in minor units."""
    return ledger.find_account(ledger.account_of(member_id, REBATE_CASH))


def rebate_accounts(member_ids: Iterable[str]) -> dict[str, Account]:
    """The accounts of rebate cash that have entries, by member."""
    ids = {ledger.account_of(each, REBATE_CASH): each for each in member_ids}
    return {ids[each]: found for each, found in ledger.find_accounts(ids).items()}


def put(writes: WriteSet, seen: Withdrawal, after: Withdrawal) -> None:
    """Add the withdrawal's new state. The commit raises Moved if it was not as read."""
    unmoved = WithdrawalItem.version == seen.version
    writes.put(WithdrawalItem.of(after), condition=unmoved)


def check_payable(
    writes: WriteSet,
    seen: Withdrawal,
    *,
    or_raise: tuple[type[AccountFrozen | Moved], type[PayoutAccountChanged | Moved]],
) -> None:
    """Add checks that the member is not frozen and the payout account is unchanged."""
    frozen, changed = or_raise
    account = ledger.account_of(seen.member_id, REBATE_CASH)
    ledger.check_active(writes, account, or_raise=frozen)
    check_same_account(writes, seen, or_raise=changed)


def check_same_account(
    writes: WriteSet, seen: Withdrawal, *, or_raise: type[PayoutAccountChanged | Moved]
) -> None:
    """Add a check that the member's payout account is the one of the request."""
    same = PayoutAccountItem.version == seen.account_version
    writes.check(PayoutAccountItem.key(seen.member_id), same, or_raise=or_raise)


def capture_hold(
    writes: WriteSet, seen: Withdrawal, after: Withdrawal, cash: CashEntry, now: datetime
) -> None:
    """Add that the money has gone: the hold is captured."""
    account = rebate_account(seen.member_id)
    ledger.capture_for_owner(writes, account, seen.id, cause_of(seen, now), now)
    record_cash(writes, cash)
    put(writes, seen, after)


def release_hold(writes: WriteSet, seen: Withdrawal, after: Withdrawal, now: datetime) -> None:
    """Add that the money does not go: the hold is released."""
    account = rebate_account(seen.member_id)
    ledger.release_for_owner(writes, account, seen.id, cause_of(seen, now), now)
    count_in_limits(writes, seen, -seen.amount)
    put(writes, seen, after)


def record_returns(
    writes: WriteSet,
    seen: Withdrawal,
    after: Withdrawal,
    returned: Sequence[CashEntry],
    now: datetime,
) -> None:
    """Add that some or all of a sent withdrawal was returned to the member."""
    account, amount = rebate_account(seen.member_id), after.returned - seen.returned
    held = ledger.find_entry(account.id, hold_reference(seen.id))
    assert held is not None, "every withdrawal has its hold"
    cause = cause_of(seen, now)._replace(reference=returned[0].reference)
    ledger.refund(writes, account, held, amount, seen.returned, cause, now)
    count_in_limits(writes, seen, -amount)
    for entry in returned:
        record_cash(writes, entry)
    put(writes, seen, after)


def count_in_limits(writes: WriteSet, made: Withdrawal, amount: int) -> None:
    """Count an amount in the day and the month of the withdrawal's request.

    The commit raises Moved above the limits.
    """
    allowed, taken = limits(), LimitItem.taken
    names = periods(clock.program_day(clock.from_ms(made.created_at_ms)))
    for period, most in zip(names, (allowed.a_day, allowed.a_month), strict=True):
        fits = taken.does_not_exist() | (taken <= most - amount) if amount > 0 else None
        writes.update(LimitItem.key(made.member_id, period), [taken.add(amount)], condition=fits)


def cause_of(made: Withdrawal, now: datetime) -> Cause:
    return Cause(made.reference, made.reference, to_ms(now))


def commit(writes: WriteSet) -> None:
    """Commit a step of a withdrawal.

    Raises Moved if somebody else has made the step: its records may exist already.
    """
    try:
        writes.commit()
    except (CashEntryExists, EntryExists) as error:
        raise Moved() from error
