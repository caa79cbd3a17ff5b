"""Gifts of points to members and to friends who have not registered yet."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.errors import Invalid, check_exactly_one
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import Email, GiftMessage, Phone
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import (
    MAX_POINTS,
    AccountFrozen,
    InsufficientPoints,
    TransferLimitReached,
    TransferToSelf,
    UnderReview,
)
from chalicelib.members import actions, queries
from chalicelib.members.actions import Gift
from chalicelib.members.routes import views
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.views import TransferView


class ReceiverIn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Exactly one field; a phone number without a country code is Chinese."""

    member_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    phone: Phone | None = None
    email: Email | None = None


class TransferIn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Points to give, with an optional message for the receiver."""

    to: ReceiverIn
    points: Annotated[int, msgspec.Meta(ge=1, le=MAX_POINTS)]
    message: GiftMessage | None = None


@route(
    members, "POST", "/v1/me/points/transfers",
    summary="Give points to a member, a phone or an e-mail. "
            "A gift to an unregistered one waits 7 days, then comes back",
    roles=[MEMBER], consent=True, key=True, body=TransferIn, answer=TransferView, status=201,
    may_raise=[InsufficientPoints, AccountFrozen, UnderReview, TransferLimitReached,
               TransferToSelf],
    example={
        "request": {"to": {"phone": "13800138000"}, "points": 100, "message": "生日快乐"},
        "answer": {
            "id": "trf_5c3bqbzkmvnl2hwmbkqk5pnjhm", "points": 100,
            "to": {"phone": "+86138****8000"}, "message": "生日快乐", "status": "sent",
            "created_at": "2026-11-21T08:00:00Z",
        },
    },
)  # fmt: skip
def transfer_points(call: Call) -> Reply:
    gift = _gift(call)
    entry, replayed = actions.send_gift(gift, call.now)
    shown = shaped(
        TransferView,
        gift,
        to=views.receiver_view(gift.member_id, gift.destination),
        status="sent",
        created_at=rfc3339_ms(entry.recorded_at_ms),
    )
    return replayable(shown, replayed=replayed)


def _gift(call: Call) -> Gift:
    """The requested gift, with its phone or e-mail normalised.

    Raises Invalid naming the field.
    """
    asked: TransferIn = call.body
    to = asked.to
    check_exactly_one("to", member_id=to.member_id, phone=to.phone, email=to.email)
    destination = None
    if to.member_id is None:
        try:
            destination = queries.destination_of(phone=to.phone, email=to.email)
        except Invalid as error:
            raise error.below("to") from error
    return Gift(
        id=call.derived_id("trf"),
        sender=call.member_id,
        points=asked.points,
        content=call.content_digest,
        member_id=to.member_id,
        destination=destination,
        message=asked.message or None,
    )
