"""Signed events from partners, and what earns points in words for members."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal, cast

import msgspec
from chalice.app import Blueprint

from chalicelib import members
from chalicelib.campaigns import actions, queries, rules
from chalicelib.campaigns.actions import Outcome, PaidOrder
from chalicelib.campaigns.errors import EventIdReused, SignatureExpired, SignatureInvalid
from chalicelib.campaigns.views import (
    EventAnswer,
    EventAnswers,
    Explained,
    Reason,
    Status,
    WayToEarn,
)
from chalicelib.kernel import clock, ids, secrets
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.http import Reply, route
from chalicelib.kernel.money import Amount, Currency
from chalicelib.kernel.requests import Call, decode_body
from chalicelib.ledger.views import entry_view

campaigns = Blueprint(__name__)

MAX_EVENTS = 100
FUTURE = timedelta(seconds=300)

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Code = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:/-]+$(?!\n)")
]
EventId = Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=r"^[!-~]+$(?!\n)")]


class MemberRef(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Exactly one of the three."""

    member_id: Name | None = None
    phone: Name | None = None
    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)] | None = None


class PaidItem(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    sku: Name
    amount: Amount
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    category: Name | None = None
    brand: Name | None = None


class OrderPaid(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`amount` in minor units is what was paid for the whole order."""

    order_id: Code
    currency: Currency
    amount: Amount
    items: Annotated[list[PaidItem], msgspec.Meta(max_length=200)] = []


class EventIn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A shop tells that an order was paid."""

    id: EventId
    type: Literal["order.paid"]
    occurred_at: Annotated[datetime, msgspec.Meta(tz=True)]
    member: MemberRef
    data: OrderPaid


class EventsIn(msgspec.Struct, forbid_unknown_fields=True):
    """A batch, applied in its order."""

    events: Annotated[list[EventIn], msgspec.Meta(min_length=1, max_length=MAX_EVENTS)]


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


@route(
    campaigns, "POST", "/v1/events",
    summary="A partner's event, or up to 100: recorded, then applied once",
    body=(EventIn, EventsIn), answer=(EventAnswer, EventAnswers),
    may_raise=[SignatureInvalid, SignatureExpired, EventIdReused],
    headers=[("Jifen-Key", "the partner's id"),
             ("Jifen-Signature", 't=<unix seconds>,v1=<hex HMAC-SHA256 of "{t}.{body}">')],
    example={"request": EXAMPLE, "answer": ANSWER},
)  # fmt: skip
def receive_events(call: Call) -> Reply:
    partner = call.headers.get("jifen-key", "")
    rules.check_signature(
        call.headers.get("jifen-signature", ""), call.raw_body,
        secrets.partner_secrets(partner), int(clock.machine_now().timestamp()),
    )  # fmt: skip
    single = not _is_batch(call.raw_body)
    events = (
        [decode_body(call.raw_body, EventIn)]
        if single
        else decode_body(call.raw_body, EventsIn).events
    )
    prefixes = ["" if single else f"events[{number}]." for number in range(len(events))]
    paid = [_paid(event, at, call.now) for event, at in zip(events, prefixes, strict=True)]
    outcomes = actions.receive(partner, paid, [at + "id" for at in prefixes], call.now)
    answers = [_answer(outcome) for outcome in outcomes]
    return Reply(answers[0] if single else EventAnswers(answers))


def _is_batch(content: bytes) -> bool:
    try:
        return "events" in msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError):
        return False


def _paid(event: EventIn, at: str, now: datetime) -> PaidOrder:
    """The event with its member normalised.

    Raises Invalid naming the field.
    """
    who = event.member
    if sum(value is not None for value in (who.member_id, who.phone, who.email)) != 1:
        words = Words("须且只能指定一种会员标识", "takes exactly one of member_id, phone, email")
        raise Invalid(FieldError(f"{at}member", "exactly_one", words))
    if event.occurred_at > now + FUTURE:
        words = Words("发生时间在将来", "lies in the future")
        raise Invalid(FieldError(f"{at}occurred_at", "in_the_future", words))
    try:
        identity = (
            None if who.member_id else members.identity_hash(phone=who.phone, email=who.email)
        )
    except Invalid as error:
        fields = [FieldError(f"{at}member.{f.field}", f.code, f.message) for f in error.fields]
        raise Invalid(*fields) from error
    return PaidOrder(
        id=event.id, order_id=event.data.order_id, amount=event.data.amount,
        currency=event.data.currency, occurred_at_ms=clock.to_ms(event.occurred_at),
        digest=ids.digest(msgspec.json.encode(event, order="sorted")),
        member_id=who.member_id, identity=identity,
    )  # fmt: skip


def _answer(outcome: Outcome) -> EventAnswer:
    decision = outcome.decision
    reason = cast(Reason, decision.reason)
    explained = Explained(decision.rule_id, decision.points > 0, decision.points, reason)
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
