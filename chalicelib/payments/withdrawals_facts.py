"""What the table's stream tells of withdrawals."""

from __future__ import annotations

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339, rfc3339_ms
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change
from chalicelib.kernel.store.tables import from_stream
from chalicelib.payments.facts import OF_WITHDRAWAL, WithdrawalChanged, WithdrawalReturned
from chalicelib.payments.rules.withdrawals import Withdrawal
from chalicelib.payments.tables.withdrawals import WITHDRAWAL, WithdrawalItem


def withdrawal_facts(change: Change) -> list[Fact[WithdrawalChanged]]:
    """A fact for each state that a withdrawal comes into, and one for each part of a paid one that
    comes back; nothing for other items.
    """
    _, sort_key = change.keys
    if change.after is None or sort_key != WITHDRAWAL:
        return []
    before: Withdrawal | None = (
        from_stream(WithdrawalItem, change.before).value() if change.before else None
    )
    made: Withdrawal = from_stream(WithdrawalItem, change.after).value()
    if before and made.status == before.status:
        return _returned(made, made.returned - before.returned)
    data = OF_WITHDRAWAL[made.status](
        member_id=made.member_id, withdrawal_id=made.id, amount=made.amount,
        currency=made.currency, kind=made.kind, reason=made.reason, version=made.version,
    )  # fmt: skip
    return [Fact.of(f"{data.TYPE}:{made.id}", rfc3339_ms(made.steps[-1].at_ms), data)]


def _returned(made: Withdrawal, more: int) -> list[Fact[WithdrawalChanged]]:
    if more <= 0:
        return []
    data = WithdrawalReturned(
        member_id=made.member_id, withdrawal_id=made.id, amount=more, currency=made.currency,
        kind=made.kind, reason=None, version=made.version,
    )  # fmt: skip
    fact_id = f"{data.TYPE}:{made.id}:{made.returned}"
    return [Fact.of(fact_id, rfc3339(clock.now()), data)]
