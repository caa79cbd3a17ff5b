"""Signed events from partners, and the earning rules in words for members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import cast

import msgspec
from chalice.app import Blueprint

from chalicelib import members
from chalicelib.earning import actions, queries
from chalicelib.earning.errors import EventIdReused, RefundExceedsPayment
from chalicelib.earning.routes.bodies import (
    CustomEvent,
    EventsIn,
    MemberUpdatedEvent,
    OrderCompletedEvent,
    OrderPaidEvent,
    OrderRefundedEvent,
    SentEvents,
    read_event,
    sent_id,
)
from chalicelib.earning.routes.signed import partner_route
from chalicelib.earning.routes.views import (
    EventAnswer,
    EventAnswers,
    Status,
    explained,
    refusal_of,
)
from chalicelib.earning.rules import Outcome, PartnerEvent
from chalicelib.earning.rules.decisions import WayToEarn
from chalicelib.kernel.errors import Invalid, JifenError, NotJson, Unreadable
from chalicelib.kernel.observe import logger
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call, decode_body
from chalicelib.ledger import entry_view

earning = Blueprint(__name__)


class EventsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`?dry_run=true` answers the same, without entries, and writes nothing. In a batch, each event
    is then taken as if it were the only one."""

    dry_run: bool = False


class EarningRules(msgspec.Struct):
    data: list[WayToEarn]


EXAMPLE = {
    "id": "shop-1:order-77:paid", "type": "order.paid", "occurred_at": "2026-11-21T08:00:00Z",
    "member": {"phone": "+8613800138000"},
    "data": {
        "order_id": "order-77", "currency": "CNY", "amount": 19900,
        "items": [{"sku": "TEE-1", "category": "apparel", "brand": "acme", "amount": 19900,
                   "quantity": 1}],
    },
}  # fmt: skip
ANSWER = {
    "id": "shop-1:order-77:paid",
    "status": "unmatched",
    "entries": [],
    "explain": [{"rule_id": "purchases", "matched": True, "points": 199, "reason": "matched"}],
}


@partner_route(
    earning, "POST", "/v1/events",
    summary="Send an event, or a batch of up to 100: each is applied once, or refused",
    query=EventsQuery,
    body=(OrderPaidEvent, OrderRefundedEvent, OrderCompletedEvent, MemberUpdatedEvent,
          CustomEvent, EventsIn),
    answer=(EventAnswer, EventAnswers),
    may_raise=[EventIdReused, RefundExceedsPayment, members.TillCodeExpired,
               members.TillCodeInvalid],
    example={"request": EXAMPLE, "answer": ANSWER},
)  # fmt: skip
def receive_events(call: Call, partner: str) -> Reply:
    asked: EventsQuery = call.query
    if not _is_batch(call.raw_body):
        event = read_event(call.raw_body, call.now, partner)
        act = actions.dry_run if asked.dry_run else actions.receive
        return Reply(_answer(act(partner, event, call.now)))
    batch = decode_body(call.raw_body, SentEvents, in_parts=True)
    sent = [bytes(event) for event in batch.events]
    read = [_read(event, call.now, partner) for event in sent]
    act_on_all = actions.dry_run_batch if asked.dry_run else actions.receive_batch
    outcomes = act_on_all(partner, read, call.now)
    _log_refused(partner, outcomes)
    return Reply(
        EventAnswers(
            [
                _refused(event, outcome, call.language)
                if isinstance(outcome, JifenError)
                else _answer(outcome)
                for event, outcome in zip(sent, outcomes, strict=True)
            ]
        )
    )


def _read(sent: bytes, now: datetime, partner: str) -> PartnerEvent | JifenError:
    """One event of a batch, or its refusal; invalid JSON refuses the whole batch."""
    try:
        return read_event(sent, now, partner)
    except NotJson:
        raise
    except (Invalid, members.TillCodeInvalid) as refusal:
        return refusal


def _log_refused(partner: str, outcomes: Sequence[Outcome | JifenError]) -> None:
    """Log the refused events of a batch, because the batch itself is answered with 200."""
    codes = Counter(each.code for each in outcomes if isinstance(each, JifenError))
    if codes:
        logger().warning("events of a batch were refused", partner=partner, codes=dict(codes))


def _refused(sent: bytes, refusal: JifenError, language: str) -> EventAnswer:
    if isinstance(refusal, Unreadable):
        refusal = Unreadable()  # only the staff reads which item it is
    return EventAnswer(sent_id(sent), "refused", [], [], refusal_of(refusal, language))


def _is_batch(content: bytes) -> bool:
    try:
        return "events" in msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False


def _answer(outcome: Outcome) -> EventAnswer:
    entries = [entry_view(entry) for entry in outcome.entries]
    return EventAnswer(outcome.event_id, cast(Status, outcome.status), entries, explained(outcome))


@route(
    earning, "GET", "/v1/earning-rules",
    summary="Earning rules in words",
    answer=EarningRules,
    example={"answer": {"data": [{"rule_id": "purchases", "title": "购物得积分",
                                  "text": "在合作商店消费，每满 1 元得 1 积分。"}]}},
)  # fmt: skip
def list_earning_rules(call: Call) -> Reply:
    return Reply(EarningRules(queries.ways_to_earn(call.language, call.now)))
