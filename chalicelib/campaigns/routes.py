"""Signed events from partners, and what earns points in words for members."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from chalice.app import Blueprint

from chalicelib.campaigns import actions, queries
from chalicelib.campaigns.bodies import (
    EventIn,
    EventsIn,
    OrderCompletedEvent,
    OrderPaidEvent,
    OrderRefundedEvent,
    event_of,
)
from chalicelib.campaigns.errors import EventIdReused, RefundExceedsPayment
from chalicelib.campaigns.rules import Outcome
from chalicelib.campaigns.signed import partner_route
from chalicelib.campaigns.views import (
    EventAnswer,
    EventAnswers,
    Explained,
    Reason,
    Status,
    WayToEarn,
)
from chalicelib.kernel.http import Reply, route
from chalicelib.kernel.requests import Call, decode_body
from chalicelib.ledger.views import entry_view

campaigns = Blueprint(__name__)


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
    "id": "shop-1:order-77:paid", "status": "unmatched", "entries": [],
    "explain": [{"rule_id": "purchases", "matched": True, "points": 199, "reason": "matched"}],
}  # fmt: skip


@partner_route(
    campaigns, "POST", "/v1/events",
    summary="A partner's event, or up to 100: recorded, then applied once",
    body=(OrderPaidEvent, OrderRefundedEvent, OrderCompletedEvent, EventsIn),
    answer=(EventAnswer, EventAnswers),
    may_raise=[EventIdReused, RefundExceedsPayment],
    example={"request": EXAMPLE, "answer": ANSWER},
)  # fmt: skip
def receive_events(call: Call, partner: str) -> Reply:
    single = not _is_batch(call.raw_body)
    told: list[EventIn] = (
        [decode_body(call.raw_body, cast("Any", EventIn))]
        if single
        else decode_body(call.raw_body, EventsIn).events
    )
    prefixes = ["" if single else f"events[{number}]." for number in range(len(told))]
    events = [event_of(event, at, call.now) for event, at in zip(told, prefixes, strict=True)]
    outcomes = actions.receive(partner, events, [at + "id" for at in prefixes], call.now)
    answers = [_answer(outcome) for outcome in outcomes]
    return Reply(answers[0] if single else EventAnswers(answers))


def _is_batch(content: bytes) -> bool:
    try:
        return "events" in msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError):
        return False


def _answer(outcome: Outcome) -> EventAnswer:
    decision = outcome.decision
    reason = cast(Reason, decision.reason)
    explained = Explained(decision.rule_id, decision.points != 0, decision.points, reason)
    entries = [entry_view(entry) for entry in outcome.entries]
    return EventAnswer(outcome.event_id, cast(Status, outcome.status), entries, [explained])


@route(
    campaigns, "GET", "/v1/earning-rules",
    summary="What earns points, in words",
    answer=EarningRules,
    example={"answer": {"data": [{"rule_id": "purchases", "title": "购物得积分",
                                  "text": "在合作商店消费，每满 1 元得 1 积分。"}]}},
)  # fmt: skip
def list_earning_rules(call: Call) -> Reply:
    return Reply(EarningRules(queries.ways_to_earn(call.language)))
