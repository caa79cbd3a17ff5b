"""What the table's stream tells of withdrawals."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339, rfc3339_ms
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change
from chalicelib.kernel.store.tables import from_stream
from chalicelib.payments.rules.withdrawals import Withdrawal
from chalicelib.payments.tables.withdrawals import WITHDRAWAL, WithdrawalItem


def withdrawal_facts(change: Change) -> list[Fact]:
    """`withdrawal.<status>` for each state that a withdrawal comes into, and `withdrawal.returned`
    for each part of a paid one that comes back; nothing for other items.

    Its data are {member_id, withdrawal_id, amount (minor units), currency, kind, reason,
    version}.
    """
    _, sort_key = change.keys
    if change.after is None or sort_key != WITHDRAWAL:
        return []
    before: Withdrawal | None = (
        from_stream(WithdrawalItem, change.before).value() if change.before else None
    )
    made: Withdrawal = from_stream(WithdrawalItem, change.after).value()
    data: dict[str, Any] = {
        "member_id": made.member_id, "withdrawal_id": made.id, "amount": made.amount,
        "currency": made.currency, "kind": made.kind, "reason": made.reason,
        "version": made.version,
    }  # fmt: skip
    if before and made.status == before.status:
        return _returned(made, made.returned - before.returned, data)
    fact_id = f"withdrawal.{made.status}:{made.id}"
    return [Fact(fact_id, f"withdrawal.{made.status}", rfc3339_ms(made.steps[-1].at_ms), data)]


def _returned(made: Withdrawal, more: int, data: dict[str, Any]) -> list[Fact]:
    if more <= 0:
        return []
    fact_id = f"withdrawal.returned:{made.id}:{made.returned}"
    data |= {"amount": more, "reason": None}
    return [Fact(fact_id, "withdrawal.returned", rfc3339(clock.now()), data)]
