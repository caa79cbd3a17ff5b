"""Request a withdrawal, approve it or reject it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from chalicelib import audit, ledger
from chalicelib.audit import Act, Facts
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import AccountFrozen
from chalicelib.withdrawals.actions import effects
from chalicelib.withdrawals.errors import (
    PayoutAccountChanged,
    PayoutAccountRequired,
    WithdrawalExists,
)
from chalicelib.withdrawals.queries import payout_accounts
from chalicelib.withdrawals.queries import withdrawals as queries
from chalicelib.withdrawals.rules import withdrawals as rules
from chalicelib.withdrawals.rules.payout_accounts import kind_of
from chalicelib.withdrawals.rules.withdrawals import Step, Withdrawal
from chalicelib.withdrawals.tables.withdrawals import MineItem, WithdrawalItem

Change = Callable[[WriteSet, Withdrawal], Withdrawal]


def request_withdrawal(
    member_id: str, withdrawal_id: str, content: bytes, amount: int, now: datetime
) -> tuple[Withdrawal, bool]:
    """Hold rebate cash for a withdrawal to the member's payout account: (withdrawal, replayed).

    Raises PayoutAccountRequired, WithdrawalBelowMinimum, WithdrawalLimitReached,
    InsufficientPoints, AccountFrozen, IdempotencyKeyReused.
    """

    def write() -> Withdrawal:
        made = _new(member_id, withdrawal_id, content, amount, now)
        rules.check_amount(
            amount, *queries.withdrawn_amounts(member_id, made.created_at_ms), effects.limits()
        )
        writes = WriteSet()
        account = effects.rebate_account(member_id)
        cause = effects.cause_of(made, now)._replace(content=content)
        ledger.hold_for_owner(writes, account, made.id, amount, cause, now)
        writes.put_new(WithdrawalItem.of(made), or_raise=WithdrawalExists)
        writes.put(MineItem.of(made, account.seq))
        effects.count_in_limits(writes, made, amount)
        effects.check_same_account(writes, made, or_raise=Moved)
        writes.commit()
        return made

    return replay_outranks_refusal(
        write, lambda: replay_of(queries.find_withdrawal(withdrawal_id), content)
    )


def _new(
    member_id: str, withdrawal_id: str, content: bytes, amount: int, now: datetime
) -> Withdrawal:
    to = payout_accounts.find_payout_account(member_id)
    if to.sealed is None:
        raise PayoutAccountRequired()
    at_ms = to_ms(now)
    return Withdrawal(
        id=withdrawal_id,
        member_id=member_id,
        amount=amount,
        currency=config().currency,
        kind=kind_of(payout_accounts.opened(to.sealed, member_id)),
        destination=to.sealed,
        account_version=to.version,
        content=content,
        created_at_ms=at_ms,
        steps=(Step(rules.REQUESTED, at_ms, "member"),),
    )


def approve_withdrawal(withdrawal_id: str, act: Act, now: datetime) -> tuple[Withdrawal, bool]:
    """Let a withdrawal be paid to the account of its request: (withdrawal, replayed).

    Raises NotFound, NotAllowedInThisState, SecondPersonRequired, PayoutAccountChanged,
    AccountFrozen, IdempotencyKeyReused.
    """

    def change(writes: WriteSet, seen: Withdrawal) -> Withdrawal:
        after = rules.approve(seen, act.actor.member_id, to_ms(now))
        effects.check_payable(writes, seen, or_raise=(AccountFrozen, PayoutAccountChanged))
        effects.put(writes, seen, after)
        return after

    return decide(withdrawal_id, act, change)


def reject_withdrawal(
    withdrawal_id: str, reason: str, act: Act, now: datetime
) -> tuple[Withdrawal, bool]:
    """Release a withdrawal's hold, with a reason for the member: (withdrawal, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def change(writes: WriteSet, seen: Withdrawal) -> Withdrawal:
        after = rules.advance(seen, "reject", act.actor.member_id, to_ms(now))
        after = replace(after, reason=reason)
        effects.release_hold(writes, seen, after, now)
        return after

    return decide(withdrawal_id, act, change)


def decide(withdrawal_id: str, act: Act, change: Change) -> tuple[Withdrawal, bool]:
    """Do an act of the staff once, with its audit record: (withdrawal, replayed).

    Raises NotFound, IdempotencyKeyReused, and the errors of `change`.
    """

    def write() -> Withdrawal:
        seen = queries.get_withdrawal(withdrawal_id)
        writes = WriteSet()
        after = change(writes, seen)
        told: Facts = {"withdrawal": seen.id, "amount": seen.amount}
        audit.record(
            writes, act.changing({**told, "status": seen.status}, {**told, "status": after.status})
        )
        effects.commit(writes)
        return after

    return audit.once(act, write, lambda: queries.find_withdrawal(withdrawal_id))
