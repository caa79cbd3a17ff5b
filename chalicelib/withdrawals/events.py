"""Withdrawals' functions: their relay of the payments table's stream, their queue, their sweep."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339, rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.queues import consume
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream
from chalicelib.withdrawals.actions import sweeping
from chalicelib.withdrawals.actions.sync import sync_withdrawal
from chalicelib.withdrawals.rules.withdrawals import Withdrawal
from chalicelib.withdrawals.tables.withdrawals import WITHDRAWAL, WithdrawalItem

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("payments"), name="withdrawals_relay")
def withdrawals_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


@events.on_sqs_message(queue=config().queue("withdrawals"), name="sync_withdrawals", batch_size=1)
def sync_withdrawals(event: SQSEvent) -> dict[str, Any]:
    """Pay what is approved, and act on what the provider told of withdrawals."""
    return consume(event.to_dict(), sync)


@events.schedule(Rate(5, unit=Rate.MINUTES), name="sweep_withdrawals")
def sweep_withdrawals(_: CloudWatchEvent) -> dict[str, int]:
    """Sync the withdrawals that a crash or a lost webhook left.

    Raises ExceptionGroup of what failed, after the others are done.
    """
    return sweeping.sweep_withdrawals(clock.now())


def sync(fact: Fact) -> None:
    """Bring the withdrawal of a fact to where the provider says that it is."""
    now = clock.now()
    if fact.type == "withdrawal.approved":
        sync_withdrawal(fact.data["withdrawal_id"], now)
    elif fact.type in ("withdrawal.news", "payment.news"):
        sweeping.sync_named(fact.data["ours"], now)


def facts_of(change: Change) -> list[Fact]:
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
