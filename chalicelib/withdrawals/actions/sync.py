"""Withdrawals paid by the provider: intent recorded, call made, result recorded.

After a crash or a lost answer the provider is asked again under the withdrawal's id, which it knows
for good.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.money import Money
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import is_spendable
from chalicelib.payments import Movement, PayoutRefused, ProviderPayout, provider
from chalicelib.withdrawals.actions import effects
from chalicelib.withdrawals.queries import payout_accounts
from chalicelib.withdrawals.queries import withdrawals as queries
from chalicelib.withdrawals.rules import withdrawals as rules
from chalicelib.withdrawals.rules.payout_accounts import PROVIDER_KIND, ProviderAccount
from chalicelib.withdrawals.rules.withdrawals import (
    ACCOUNT_CHANGED,
    APPROVED,
    FAILED,
    PAID,
    PAYING,
    Withdrawal,
)

SYSTEM = "system"
# The delay before the provider is asked again about an unfinished payout.
ASK_AGAIN = timedelta(hours=1)


def sync_withdrawal(withdrawal_id: str, now: datetime) -> Withdrawal:
    """Pay an approved withdrawal by the provider, and record its state there.

    It may be called at any time: after an approval, for a webhook, by the sweeper. Withdrawals of
    bank files are left alone. While a member is frozen, an unsent withdrawal waits.

    Raises NotFound, Unavailable.
    """
    found = queries.get_withdrawal(withdrawal_id)
    if found.kind != PROVIDER_KIND:
        return found
    if found.status == APPROVED:
        found = with_fresh_reads(lambda: _begin(withdrawal_id, now))
    if found.status not in (PAYING, PAID):
        return found
    try:
        payout = _ask_provider(found)
    except PayoutRefused as refused:
        reason = str(refused.facts.get("reason", PayoutRefused.code))
        return with_fresh_reads(lambda: _refused(withdrawal_id, reason, now))
    if payout is None:
        return found
    return with_fresh_reads(lambda: _record(found, payout, now))


def give_back_changed(seen: Withdrawal, now: datetime) -> Withdrawal:
    """Give an approved withdrawal back if its payout account has changed since the request.

    Raises Moved.
    """
    return _give_back(seen, ACCOUNT_CHANGED, now)


def _begin(withdrawal_id: str, now: datetime) -> Withdrawal:
    """Record that the provider is about to be asked.

    Raises Moved.
    """
    seen = queries.get_withdrawal(withdrawal_id)
    if seen.status != APPROVED or not is_spendable(effects.rebate_account(seen.member_id)):
        return seen
    if payout_accounts.find_payout_account(seen.member_id).version != seen.account_version:
        return give_back_changed(seen, now)

    def pay(writes: WriteSet, after: Withdrawal) -> None:
        effects.check_payable(writes, seen, or_raise=(Moved, Moved))
        effects.put(writes, seen, after)

    return _write(seen, "pay", now, pay, due_at_ms=to_ms(now))


def _ask_provider(asked: Withdrawal) -> ProviderPayout | None:
    """The payout at the provider, made if needed; None if the member is frozen and it was not sent.

    Raises PayoutRefused, Unavailable.
    """
    gateway = provider.gateway()
    if asked.provider_id is not None:
        return gateway.find_payout(asked.provider_id)
    if not is_spendable(effects.rebate_account(asked.member_id)):
        return gateway.payout_of(asked.id)
    to = queries.destination_of(asked)
    assert isinstance(to, ProviderAccount), "the provider pays accounts of its own"
    return gateway.pay_out(asked.id, to.account, Money(asked.amount, asked.currency))


def _refused(withdrawal_id: str, reason: str, now: datetime) -> Withdrawal:
    seen = queries.get_withdrawal(withdrawal_id)
    if seen.status != PAYING:
        return seen
    return _give_back(seen, reason, now)


def _give_back(seen: Withdrawal, failure: str | None, now: datetime, **changes: Any) -> Withdrawal:
    def release(writes: WriteSet, after: Withdrawal) -> None:
        effects.release_hold(writes, seen, after, now)

    return _write(seen, "fail", now, release, failure=failure, **changes)


def _record(asked: Withdrawal, payout: ProviderPayout, now: datetime) -> Withdrawal:
    """Record the provider's payout step by step: sent first, then returned.

    A late answer, from before a return, changes nothing.
    """
    seen, left = _with_unrecorded_returns(asked.id, payout)
    if seen.status not in (PAYING, PAID):
        return seen
    if seen.status == PAYING and payout.status == "failed" and not payout.movements:
        return _give_back(seen, payout.failure, now, provider_id=payout.id)
    due_at_ms = _next_due(asked, seen, payout, now)
    if seen.status == PAYING and payout.out:
        # After a crash before the returns are recorded, the sweeper records them.
        at_once = to_ms(now) if payout.back else due_at_ms
        seen = _sent(seen, payout, payout.out, at_once, now)
    if seen.status == PAID:
        seen = _record_returns(seen, left, payout.failure, now)
    if seen.status == FAILED or (seen.provider_id, seen.due_at_ms) == (payout.id, due_at_ms):
        return seen
    after = replace(seen, provider_id=payout.id, due_at_ms=due_at_ms, version=seen.version + 1)
    writes = WriteSet()
    effects.put(writes, seen, after)
    effects.commit(writes)
    return after


def _with_unrecorded_returns(
    withdrawal_id: str, payout: ProviderPayout
) -> tuple[Withdrawal, list[Movement]]:
    """The withdrawal and its returns that are not recorded yet, read at one moment.

    Raises Moved.
    """
    seen = queries.get_withdrawal(withdrawal_id)
    left = queries.unrecorded_returns(seen, payout.back)
    if payout.back and queries.get_withdrawal(withdrawal_id) != seen:
        raise Moved()
    return seen, left


def _next_due(
    asked: Withdrawal, seen: Withdrawal, payout: ProviderPayout, now: datetime
) -> int | None:
    """The next due time: until all is booked and no more returns are expected.

    An answer never ends another caller's wait: theirs may be newer.
    """
    if payout.status != "paid":
        return to_ms(now + ASK_AGAIN)
    return None if seen.version == asked.version else seen.due_at_ms


def _sent(
    seen: Withdrawal, payout: ProviderPayout, out: Movement, due_at_ms: int | None, now: datetime
) -> Withdrawal:
    cash = rules.sent_by_provider(seen, out, to_ms(now))
    return _write(
        seen,
        "settle",
        now,
        lambda writes, after: effects.capture_hold(writes, seen, after, cash, now),
        provider_id=payout.id,
        fee=out.fee,
        due_at_ms=due_at_ms,
    )


def _record_returns(
    seen: Withdrawal, left: Sequence[Movement], failure: str | None, now: datetime
) -> Withdrawal:
    """The withdrawal after its returns were given back, a transaction's worth at a time.

    Raises Moved.
    """
    for start in range(0, len(left), rules.PARTS_AT_ONCE):
        some = left[start : start + rules.PARTS_AT_ONCE]
        entries = rules.returned_by_provider(seen, some, to_ms(now))
        after = rules.after_returns(seen, entries, failure, SYSTEM, to_ms(now))
        writes = WriteSet()
        effects.record_returns(writes, seen, after, entries, now)
        effects.commit(writes)
        seen = after
    return seen


def _write(
    seen: Withdrawal,
    act: str,
    now: datetime,
    effect: Callable[[WriteSet, Withdrawal], None],
    **changes: Any,
) -> Withdrawal:
    """Write one act on a withdrawal with its effect.

    Raises Moved.
    """
    after = replace(rules.advance(seen, act, SYSTEM, to_ms(now)), **changes)
    writes = WriteSet()
    effect(writes, after)
    effects.commit(writes)
    return after
