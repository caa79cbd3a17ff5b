"""The functions of tiers: the relay of their stream, the queue of activities, the review."""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream
from chalicelib.ledger import ACCRUAL, CLAWBACK, GROWTH, POINTS, EntryRecorded
from chalicelib.members import BirthdayTold
from chalicelib.tiers.actions import forecasts, judging, reviews
from chalicelib.tiers.actions.standings import record_activity
from chalicelib.tiers.facts import (
    ActivityRecorded,
    ForecastUnfinished,
    TierChanged,
    TierDowngraded,
    TierUpgraded,
)
from chalicelib.tiers.rules.forecasts import Forecast
from chalicelib.tiers.rules.history import Step
from chalicelib.tiers.rules.months import month_of
from chalicelib.tiers.rules.standing import Sums
from chalicelib.tiers.tables import FORECAST, HISTORY, ForecastItem, StepItem

events = Blueprint(__name__)
# Activities wait as long behind a round of a forecast.
FORECASTING_S = 10


@events.on_dynamodb_record(stream_arn=source_arn("tiers"), name="tiers_relay")
def tiers_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


@events.on_sqs_message(queue=config().queue("tiers"), name="count_activities", batch_size=10)
def count_activities(event: SQSEvent) -> dict[str, Any]:
    """Count what members did for their tiers."""
    return consume(event.to_dict(), HEARD)


@events.schedule(Rate(5, unit=Rate.MINUTES), name="review_tiers")
def review_tiers(_: CloudWatchEvent) -> dict[str, int]:
    """Judge tiers whose time is over, or all by a new ladder; end grants, give birthday gifts."""
    try:
        reviewed = reviews.review_tiers(clock.now())
    finally:
        # A standing that fails at each review keeps no new ladder from the others.
        judged = judging.judge_by_new_ladder(clock.now())
    return {"reviewed": reviewed, "judged": judged}


def _count(member_id: str, reference: str, counted_at: str, sums: Sums) -> None:
    month = month_of(datetime.fromisoformat(counted_at), config().time_zone)
    record_activity(member_id, month, reference, sums, clock.now())


def _on_activity(fact: Fact[ActivityRecorded]) -> None:
    told = fact.data
    _count(told.member_id, told.reference, told.counted_at, Sums(told.spend, told.orders))


def _on_entry(fact: Fact[EntryRecorded]) -> None:
    """Count points and growth that a member earned, or that a refund took back."""
    told = fact.data
    if told.type not in (ACCRUAL, CLAWBACK) or told.unit not in (POINTS, GROWTH):
        return
    given = {"points" if told.unit == POINTS else "growth": told.moved}
    _count(told.member_id, told.entry_id, fact.occurred_at, Sums(**given))


def _on_birthday(fact: Fact[BirthdayTold]) -> None:
    reviews.hear_birthday(fact.data.member_id, clock.now())


def _on_forecast(fact: Fact[ForecastUnfinished]) -> None:
    until = monotonic() + FORECASTING_S
    forecasts.continue_forecast(fact.data.job_id, fact.data.round, lambda: monotonic() > until)


HEARD: Handlers = {
    ActivityRecorded: _on_activity,
    EntryRecorded: _on_entry,
    BirthdayTold: _on_birthday,
    ForecastUnfinished: _on_forecast,
}


def facts_of(change: Change) -> list[Fact[Any]]:
    """A fact for each step up or down; and that a forecast must go on."""
    _, sort_key = change.keys
    if change.after is not None and sort_key == FORECAST:
        return _unfinished(from_stream(ForecastItem, change.after).value())
    if change.after is None or change.before is not None or not sort_key.startswith(HISTORY):
        return []
    step: Step = from_stream(StepItem, change.after).value()
    if step.before == step.after:
        return []
    data = _told(step)
    name = f"{data.TYPE}:{step.member_id}:{step.number}"
    return [Fact.of(name, rfc3339_ms(step.at_ms), data)]


def _unfinished(forecast: Forecast) -> list[Fact[ForecastUnfinished]]:
    if forecast.is_done:
        return []
    data = ForecastUnfinished(job_id=forecast.id, round=forecast.round)
    name = f"{data.TYPE}:{forecast.id}:{forecast.round}"
    return [Fact.of(name, rfc3339_ms(forecast.moved_at_ms), data)]


def _told(step: Step) -> TierChanged:
    return (TierUpgraded if step.rose else TierDowngraded)(
        member_id=step.member_id,
        tier=step.after,
        before=step.before,
        why=step.why,
        title=step.title,
        version=step.number,
        until=None if step.until_ms is None else rfc3339_ms(step.until_ms),
    )
