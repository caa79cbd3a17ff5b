"""The functions of withdrawals: a relay of the payments table's stream, a queue and a sweep."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339, rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream
from chalicelib.payments import PaymentNews, PayoutNews
from chalicelib.withdrawals.actions import sweeping
from chalicelib.withdrawals.actions.sync import sync_withdrawal
from chalicelib.withdrawals.facts import (
    OF_STATUS,
    WithdrawalApproved,
    WithdrawalChanged,
    WithdrawalReturned,
)
from chalicelib.withdrawals.rules.withdrawals import Withdrawal
from chalicelib.withdrawals.tables.withdrawals import WITHDRAWAL, WithdrawalItem

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("payments"), name="withdrawals_relay")
def withdrawals_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


@events.on_sqs_message(queue=config().queue("withdrawals"), name="sync_withdrawals", batch_size=1)
def sync_withdrawals(event: SQSEvent) -> dict[str, Any]:
    """Pay approved withdrawals, and act on the provider's webhooks about withdrawals."""
    return consume(event.to_dict(), HEARD)


@events.schedule(Rate(5, unit=Rate.MINUTES), name="sweep_withdrawals")
def sweep_withdrawals(_: CloudWatchEvent) -> dict[str, int]:
    """Sync the withdrawals that a crash or a lost webhook left.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    return sweeping.sweep_withdrawals(clock.now())


def _pay(fact: Fact[WithdrawalApproved]) -> None:
    sync_withdrawal(fact.data.withdrawal_id, clock.now())


def _hear(fact: Fact[PayoutNews] | Fact[PaymentNews]) -> None:
    sweeping.sync_named(fact.data.ours, clock.now())


# Each syncs the withdrawal that a fact names. Earlier releases sent `payment.news` for withdrawals.
HEARD: Handlers = {WithdrawalApproved: _pay, PayoutNews: _hear, PaymentNews: _hear}


def facts_of(change: Change) -> list[Fact[WithdrawalChanged]]:
    """A fact for each new state and each partial return of a withdrawal; none for other items."""
    _, sort_key = change.keys
    if change.after is None or sort_key != WITHDRAWAL:
        return []
    before: Withdrawal | None = (
        from_stream(WithdrawalItem, change.before).value() if change.before else None
    )
    made: Withdrawal = from_stream(WithdrawalItem, change.after).value()
    if before and made.status == before.status:
        return _returned(made, made.returned - before.returned)
    data = shaped(OF_STATUS[made.status], made, withdrawal_id=made.id)
    return [Fact.of(f"{data.TYPE}:{made.id}", rfc3339_ms(made.steps[-1].at_ms), data)]


def _returned(made: Withdrawal, more: int) -> list[Fact[WithdrawalChanged]]:
    if more <= 0:
        return []
    data = shaped(WithdrawalReturned, made, withdrawal_id=made.id, amount=more, reason=None)
    fact_id = f"{data.TYPE}:{made.id}:{made.returned}"
    return [Fact.of(fact_id, rfc3339(clock.now()), data)]
