"""The functions of campaigns: the relay of their stream, the queue of purchases, the sweep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib.campaigns.actions.boards import close_boards, count_boards, count_entry
from chalicelib.campaigns.actions.lotteries import sweep_lotteries
from chalicelib.campaigns.actions.people import count_bought
from chalicelib.campaigns.actions.points_back import count_points_back, settle_points_back
from chalicelib.campaigns.actions.progress import Owed, count_missions, count_part, settle
from chalicelib.campaigns.actions.purchases import Counter, record_purchase
from chalicelib.campaigns.actions.results import count_results
from chalicelib.campaigns.actions.rewards import sweep_rewards
from chalicelib.campaigns.actions.segments import sweep_audiences
from chalicelib.campaigns.actions.triggers import (
    fire,
    note_birthday,
    note_visit,
    sweep_watches,
)
from chalicelib.campaigns.facts import PurchaseChanged
from chalicelib.campaigns.rules.triggers import BALANCE, LAPSE, REGISTERED
from chalicelib.earning import ReviewShown
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.sweeps import raise_failed
from chalicelib.ledger import ACCRUAL, CLAWBACK, POINTS, EntryRecorded, PointsExpiring
from chalicelib.members import BirthdayTold, MemberRegistered, SignedIn

events = Blueprint(__name__)

# The reference of a check-in is its day, that of a day that was made up is longer.
CHECK_IN, DAY_LENGTH = "check_in:", len("2026-11-30")
Sweep = Callable[[datetime, Callable[[], bool]], int]
# What is due, each with its seconds: together well below the function's time-out, which
# `.chalice/config.json` sets.
SWEEPS: dict[str, tuple[Sweep, int]] = {
    "rewards": (sweep_rewards, 100),
    "lotteries": (lambda now, _: sweep_lotteries(now), 50),
    "boards": (close_boards, 40),
    "audiences": (sweep_audiences, 40),
    "watches": (sweep_watches, 40),
}

# What counts purchases, each by its difference.
COUNTERS: tuple[Counter, ...] = (
    count_bought,
    count_points_back,
    count_boards,
    count_results,
)


@events.on_dynamodb_record(stream_arn=source_arn("marketing"), name="campaigns_relay")
def campaigns_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


@events.on_sqs_message(queue=config().queue("purchases"), name="count_purchases", batch_size=10)
def count_purchases(event: SQSEvent) -> dict[str, Any]:
    """Count what orders are worth for missions, results and whatever else lives on it."""
    return consume(event.to_dict(), HEARD)


@events.schedule(Rate(5, unit=Rate.MINUTES), name="sweep_campaigns")
def sweep_campaigns(_: CloudWatchEvent) -> dict[str, int]:
    """Do what is due of campaigns.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    now, done, failed = clock.now(), dict[str, int](), list[Exception]()
    for name, (sweep, seconds) in SWEEPS.items():
        try:
            done[name] = sweep(now, partial(_is_past, monotonic() + seconds))
        except ExceptionGroup as error:
            failed += error.exceptions
    raise_failed("not all that is due of campaigns was done", failed)
    return done


def _is_past(until: float) -> bool:
    return monotonic() > until


def _on_purchase(fact: Fact[PurchaseChanged]) -> None:
    owed, now = Owed(), clock.now()
    record_purchase(fact.data.purchase, (partial(count_missions, owed, now), *COUNTERS))
    settle(owed, now)
    # What is promised is due from the moment that it is counted.
    settle_points_back(fact.data.purchase, clock.now())


def _on_entry(fact: Fact[EntryRecorded]) -> None:
    """Count points that a member earned, or that went back, and the check-ins that pay some."""
    told = fact.data
    at = datetime.fromisoformat(fact.occurred_at)
    if told.type not in (ACCRUAL, CLAWBACK) or told.unit != POINTS:
        return
    count_entry(told.member_id, told.entry_id, told.moved, at)
    if told.type == ACCRUAL:
        fire(told.member_id, BALANCE, told.balance_after, clock.now())
    day = told.reference.removeprefix(CHECK_IN)
    if told.type == ACCRUAL and told.reference.startswith(CHECK_IN) and len(day) == DAY_LENGTH:
        count_part(told.member_id, {"check_ins", "check_in_streak"}, day, at, clock.now())


def _on_review(fact: Fact[ReviewShown]) -> None:
    at = datetime.fromisoformat(fact.occurred_at)
    count_part(fact.data.member_id, {"reviews"}, fact.data.review_id, at, clock.now())


def _on_registered(fact: Fact[MemberRegistered]) -> None:
    note_visit(fact.data.member_id, to_ms(datetime.fromisoformat(fact.occurred_at)))
    fire(fact.data.member_id, REGISTERED, 0, clock.now())


def _on_visit(fact: Fact[SignedIn]) -> None:
    note_visit(fact.data.member_id, to_ms(datetime.fromisoformat(fact.occurred_at)))


def _on_birthday(fact: Fact[BirthdayTold]) -> None:
    note_birthday(fact.data.member_id, clock.now())


def _on_lapse(fact: Fact[PointsExpiring]) -> None:
    if fact.data.unit == POINTS:
        fire(fact.data.member_id, LAPSE, 0, clock.now())


HEARD: Handlers = {
    PurchaseChanged: _on_purchase,
    EntryRecorded: _on_entry,
    ReviewShown: _on_review,
    MemberRegistered: _on_registered,
    SignedIn: _on_visit,
    BirthdayTold: _on_birthday,
    PointsExpiring: _on_lapse,
}


def facts_of(_: Change) -> list[Fact[Any]]:
    """Nothing of a campaign is news for others yet."""
    return []
