"""Pay withdrawals by the provider: intent recorded, call made, result recorded.

Whatever a crash or a lost answer leaves, the provider is asked again under the withdrawal's id,
which it knows for good.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.money import Money
from chalicelib.kernel.observe import logger
from chalicelib.kernel.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import FROZEN
from chalicelib.payments import provider
from chalicelib.payments.actions import withdrawals_effects as effects
from chalicelib.payments.errors import PayoutRefused
from chalicelib.payments.gateway import Movement, ProviderPayout
from chalicelib.payments.queries import payouts
from chalicelib.payments.queries import withdrawals as queries
from chalicelib.payments.rules import withdrawals as rules
from chalicelib.payments.rules.journal import REBATES
from chalicelib.payments.rules.payouts import PROVIDER_KIND, ProviderAccount
from chalicelib.payments.rules.withdrawals import (
    ACCOUNT_CHANGED,
    APPROVED,
    PAID,
    PAYING,
    Withdrawal,
)

SYSTEM = "system"
# When the provider is asked again about what it has not finished.
ASK_AGAIN = timedelta(hours=1)


def settle_withdrawal(withdrawal_id: str, now: datetime) -> Withdrawal:
    """Bring a withdrawal to where the provider is: pay what is approved, record what became of it.

    As often as anybody likes: after an approval, for a webhook, by the sweeper. What finance pays
    by a bank file is left alone; while a member is frozen, what was not sent yet waits.

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
        payout = _ask(found)
    except PayoutRefused as refused:
        reason = str(refused.facts.get("reason", PayoutRefused.code))
        return with_fresh_reads(lambda: _refused(withdrawal_id, reason, now))
    if payout is None:
        return found
    return with_fresh_reads(lambda: _record(withdrawal_id, payout, now))


def settle_due_withdrawals(now: datetime) -> int:
    """Settle all that are due, how many; what fails does not stop the others.

    Raises ExceptionGroup of what failed, after the others are done.
    """
    settled, failed = 0, []
    for withdrawal_id in queries.due_withdrawals(to_ms(now)):
        try:
            settle_withdrawal(withdrawal_id, now)
            settled += 1
        except Exception as error:
            logger().exception("a withdrawal was not settled", withdrawal_id=withdrawal_id)
            failed.append(error)
    if failed:
        raise ExceptionGroup("withdrawals were not settled", failed)
    return settled


def give_back_changed(seen: Withdrawal, now: datetime) -> Withdrawal:
    """Give an approved withdrawal back whose payout account is not the one that was asked for.

    Raises Moved.
    """
    return _give_back(seen, ACCOUNT_CHANGED, now)


def _begin(withdrawal_id: str, now: datetime) -> Withdrawal:
    """Record that the provider is about to be asked.

    Raises Moved.
    """
    seen = queries.get_withdrawal(withdrawal_id)
    if seen.status != APPROVED or effects.rebate_account(seen.member_id).status == FROZEN:
        return seen
    if payouts.find_destination(seen.member_id).version != seen.account_version:
        return give_back_changed(seen, now)

    def pay(writes: WriteSet, after: Withdrawal) -> None:
        effects.check_payable(writes, seen, or_raise=(Moved, Moved))
        effects.put(writes, seen, after)

    return _write(seen, "pay", now, pay, due_at_ms=to_ms(now))


def _ask(asked: Withdrawal) -> ProviderPayout | None:
    """What the provider says of it now, None if nothing was sent and the member is frozen.

    Raises PayoutRefused, Unavailable.
    """
    gateway = provider.gateway()
    if asked.provider_id is not None:
        return gateway.find_payout(asked.provider_id)
    if effects.rebate_account(asked.member_id).status == FROZEN:
        return gateway.payout_of(asked.id)
    to = payouts.opened(asked.destination, asked.member_id)
    assert isinstance(to, ProviderAccount), "the provider pays accounts of its own"
    return gateway.pay_out(asked.id, to.account, Money(asked.amount, asked.currency))


def _refused(withdrawal_id: str, reason: str, now: datetime) -> Withdrawal:
    seen = queries.get_withdrawal(withdrawal_id)
    if seen.status != PAYING:
        return seen
    return _give_back(seen, reason, now)


def _give_back(seen: Withdrawal, failure: str, now: datetime) -> Withdrawal:
    return _write(
        seen, "fail", now, lambda writes, after: effects.undo(writes, seen, after, now),
        failure=failure,
    )  # fmt: skip


def _record(withdrawal_id: str, payout: ProviderPayout, now: datetime) -> Withdrawal:
    """What the provider says, step by step: gone first, then come back.

    What was asked before it came back, and comes late, changes nothing.
    """
    seen = queries.get_withdrawal(withdrawal_id)
    if seen.status not in (PAYING, PAID):
        return seen
    out, back = payout.movements[:1], payout.movements[1:]
    failed = payout.status == "failed" and (bool(back) or not out)
    # Until its end is known, the sweeper goes on asking.
    ended = failed or payout.status == "paid"
    due_at_ms = None if ended else to_ms(now + ASK_AGAIN)
    if seen.status == PAYING and out:
        seen = _sent(seen, payout, due_at_ms, now)
    if failed:
        return _failed(seen, payout, now)
    if seen.status == PAID and back:
        seen = _returned_in_part(seen, back, now)
    if (seen.provider_id, seen.due_at_ms) == (payout.id, due_at_ms):
        return seen
    after = replace(seen, provider_id=payout.id, due_at_ms=due_at_ms, version=seen.version + 1)
    writes = WriteSet()
    effects.put(writes, seen, after)
    effects.commit(writes)
    return after


def _sent(
    seen: Withdrawal, payout: ProviderPayout, due_at_ms: int | None, now: datetime
) -> Withdrawal:
    out = payout.movements[0]
    cash = rules.sent_by_provider(seen, out, to_ms(now))
    return _write(
        seen, "settle", now, lambda writes, after: effects.send(writes, seen, after, cash, now),
        provider_id=payout.id, fee=out.fee, due_at_ms=due_at_ms,
    )  # fmt: skip


def _failed(seen: Withdrawal, payout: ProviderPayout, now: datetime) -> Withdrawal:
    back = payout.movements[1:]
    returned = rules.returned_by_provider(seen, back, to_ms(now)) if back else []
    return _write(
        seen, "return" if seen.status == PAID else "fail", now,
        lambda writes, after: effects.undo(writes, seen, after, now, returned),
        provider_id=payout.id, failure=payout.failure, returned=seen.amount if back else 0,
    )  # fmt: skip


def _returned_in_part(seen: Withdrawal, back: Sequence[Movement], now: datetime) -> Withdrawal:
    """The withdrawal with what the provider has taken back of it: the rest stays paid.

    Raises Moved.
    """
    entries = rules.returned_by_provider(seen, back, to_ms(now))
    if not entries:
        return seen
    returned = seen.returned - sum(entry.on(REBATES) for entry in entries)
    after = replace(seen, returned=returned, version=seen.version + 1)
    writes = WriteSet()
    effects.take_back(writes, seen, after, entries, now)
    effects.commit(writes)
    return after


def _write(
    seen: Withdrawal,
    act: str,
    now: datetime,
    effect: Callable[[WriteSet, Withdrawal], None],
    **changes: Any,
) -> Withdrawal:
    """Raises Moved."""
    after = replace(rules.advance(seen, act, SYSTEM, to_ms(now)), **changes)
    writes = WriteSet()
    effect(writes, after)
    effects.commit(writes)
    return after
