"""The functions of earning: apply waiting events once their member or payment is there."""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib import coupons, members
from chalicelib.earning import actions
from chalicelib.earning.actions import claims, days, mall, referrals, replays
from chalicelib.earning.facts import OrderMoney, ReplayUnfinished, ReviewShown
from chalicelib.earning.rules import source_of
from chalicelib.earning.rules.definitions import MALL
from chalicelib.earning.rules.orders import (
    NOTHING_GIVEN,
    NOTHING_PENDING,
    REFUNDED,
    UNLOCKED,
    WAITING,
)
from chalicelib.earning.rules.referrals import Seen
from chalicelib.earning.rules.replays import Replay
from chalicelib.earning.tables import EventItem
from chalicelib.earning.tables.replays import REPLAY, ReplayItem
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.kernel.store.streams import Change, changes, relay, source_arn
from chalicelib.kernel.store.tables import from_stream
from chalicelib.ledger import TransferEscrowed
from chalicelib.members import IdentityAdded, MemberRegistered
from chalicelib.tiers import ActivityRecorded

events = Blueprint(__name__)

# Well below the function's time-out, which `.chalice/config.json` sets.
REPLAYING_S = 60


@events.on_dynamodb_record(stream_arn=source_arn("campaigns"), name="earning_relay")
def earning_relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Tell of the orders that members paid at partners, and of their refunds; note the events of
    each day."""
    days.note_events(changes(event.to_dict()))
    return relay(event, facts_of)


@events.on_sqs_message(queue=config().queue("registrations"), name="apply_unmatched", batch_size=10)
def apply_unmatched(event: SQSEvent) -> dict[str, Any]:
    return consume(event.to_dict(), HEARD)


@events.on_sqs_message(queue=config().queue("replays"), name="replay_events", batch_size=1)
def replay_events(event: SQSEvent) -> dict[str, Any]:
    """Walk a replay for a while; another message continues it."""
    return consume(event.to_dict(), REPLAYS_HEARD)


@events.schedule(Rate(1, unit=Rate.HOURS), name="sweep_refunds")
def sweep_refunds(_: CloudWatchEvent) -> dict[str, int]:
    """Apply refunds whose payment came at the same moment, or that a crash left waiting."""
    settled, waiting = actions.sweep_refunds(clock.now())
    return {"settled": settled, "waiting_long": waiting}


@events.schedule(Rate(1, unit=Rate.HOURS), name="sweep_referrals")
def sweep_referrals(_: CloudWatchEvent) -> dict[str, int]:
    """Pay both sides of the referrals whose return window is over.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    return {"paid": referrals.sweep_referrals(clock.now())}


def claim_waiting(fact: Fact[IdentityAdded] | Fact[TransferEscrowed]) -> None:
    """Give a member the gifts and events that wait for a new identity of theirs.

    Called for an added identity and for a waiting gift: the second of the two gives it.
    """
    # Facts come late and again: gifts and events go to the identity's current holder, if any.
    identity = fact.data.identity
    holder = members.member_with(identity)
    if holder is not None:
        now = clock.now()
        members.claim_gifts(identity, holder, now)
        coupons.claim_gifts(identity, holder, now)
        actions.apply_unmatched(identity, holder, now)


def begin_referral(fact: Fact[MemberRegistered]) -> None:
    """Begin the referral of a member who came by another one's code."""
    if fact.data.referred_by is not None:
        referrals.note_registered(fact.data.member_id)


def pay_review(fact: Fact[ReviewShown]) -> None:
    claims.pay_review(fact.data.member_id, fact.data.review_id, clock.now())


def note_order(fact: Fact[OrderMoney]) -> None:
    """Tell a member's referral of an order of the mall, and rules that are about such orders."""
    told = fact.data
    paid_at = clock.to_ms(datetime.fromisoformat(told.paid_at))
    seen = Seen(f"mall:{told.order_id}", paid_at, told.paid, told.refunded)
    now = clock.now()
    referrals.note_order(told.member_id, seen, now)
    mall.receive_order(told, now)


HEARD: Handlers = {
    IdentityAdded: claim_waiting,
    TransferEscrowed: claim_waiting,
    MemberRegistered: begin_referral,
    ReviewShown: pay_review,
    OrderMoney: note_order,
}


def continue_replay(fact: Fact[ReplayUnfinished]) -> None:
    until = monotonic() + REPLAYING_S
    replays.continue_replay(fact.data.job_id, fact.data.round, lambda: monotonic() > until)


REPLAYS_HEARD: Handlers = {ReplayUnfinished: continue_replay}


def facts_of(change: Change) -> list[Fact[Any]]:
    """That an order counts for its member's tier: once it is paid and its member is known, or once
    its refund is applied. And that a replay must go on."""
    _, sort_key = change.keys
    if change.after is not None and sort_key == REPLAY:
        return _unfinished(from_stream(ReplayItem, change.after).value())
    if change.after is None or sort_key != "EVENT":
        return []
    told = activity_of(from_stream(EventItem, change.after))
    known = change.before and activity_of(from_stream(EventItem, change.before))
    if told is None or known:
        return []
    return [Fact.of(f"{told.TYPE}:{told.reference}", told.counted_at, told)]


def activity_of(event: EventItem) -> ActivityRecorded | None:
    """What a partner's event counts: its amount, once for each order and for each refund of it.

    A refund counts in the month of its payment; one with which all has gone back undoes the order.
    The mall's own orders count by what orders tell of their cash.
    """
    partner = event.pk.split("#", 2)[1]
    is_of_money = not event.type and event.reason not in (WAITING, UNLOCKED, NOTHING_PENDING)
    if (
        partner == MALL
        or event.matched is None
        or not is_of_money
        or event.currency != config().currency
    ):
        return None
    is_refund = event.reason in (REFUNDED, NOTHING_GIVEN)
    order = source_of(partner, event.order_id)
    return ActivityRecorded(
        member_id=event.matched,
        reference=f"{order}:{event.event_id}" if is_refund else order,
        counted_at=clock.rfc3339_ms(event.paid_at or event.occurred_at),
        spend=-event.amount if is_refund else event.amount,
        orders=-(event.undoes or 0) if is_refund else 1,
    )


def _unfinished(replay: Replay) -> list[Fact[ReplayUnfinished]]:
    if replay.is_over:
        return []
    data = ReplayUnfinished(job_id=replay.id, round=replay.round)
    name = f"{data.TYPE}:{replay.id}:{replay.round}"
    return [Fact.of(name, clock.rfc3339_ms(replay.moved_at_ms), data)]
