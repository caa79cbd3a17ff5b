"""Carriers tell what happens to parcels."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib.earning import check_told_at, partner_route
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import FieldError, IdempotencyKeyReused, Invalid, Words
from chalicelib.kernel.spelling import letters_of
from chalicelib.kernel.texts import PARTNER_ID, kind
from chalicelib.kernel.web.http import Reply
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import tracking
from chalicelib.orders.actions.tracking import Outcome
from chalicelib.orders.rules.tracking import ParcelEvent, ParcelEventType

tracking_routes = Blueprint(__name__)

_LONGEST_NUMBER = 40
EventId = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=PARTNER_ID)]


class ParcelEventIn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An event of a parcel. `id` is the carrier's, and the idempotency key of the request."""

    id: EventId
    type: ParcelEventType
    occurred_at: Annotated[datetime, msgspec.Meta(tz=True)]
    place: Annotated[str, kind(100)] | None = None


class ParcelEventAnswer(msgspec.Struct):
    """`unmatched`: no order has this parcel yet; the event is kept for it."""

    id: str
    status: Outcome


_EXAMPLE: dict[str, Any] = {
    "id": "SF1029384756-7",
    "type": "delivered",
    "occurred_at": "2026-11-23T03:20:00Z",
    "place": "上海市黄浦区",
}


@partner_route(
    tracking_routes, "POST", "/v1/partner/parcels/{tracking_number}",
    summary="Tell an event of a parcel; an order is delivered when all its parcels are",
    body=ParcelEventIn, answer=ParcelEventAnswer, may_raise=[IdempotencyKeyReused],
    example={"request": _EXAMPLE, "answer": {"id": "SF1029384756-7", "status": "applied"}},
)  # fmt: skip
def receive_parcel_event(call: Call, partner: str) -> Reply:
    sent: ParcelEventIn = call.body
    check_told_at(sent.occurred_at, call.now)
    number = letters_of(call.path["tracking_number"])
    if not 0 < len(number) <= _LONGEST_NUMBER:
        words = Words("不是有效的运单号", "is no tracking number")
        raise Invalid(FieldError("tracking_number", "invalid", words))
    event = ParcelEvent(sent.id, sent.type, to_ms(sent.occurred_at), sent.place)
    outcome = tracking.receive(number, partner, event, call.content_digest, call.now)
    return Reply(ParcelEventAnswer(sent.id, outcome))
