"""Points at a partner's checkout: holds under the partner's ids, and a member's balance."""

from __future__ import annotations

from functools import partial
from typing import Annotated, cast

import msgspec
from chalice.app import Blueprint

from chalicelib import ledger, members
from chalicelib.earning import actions
from chalicelib.earning.actions import HoldRequest
from chalicelib.earning.errors import MemberNotFound
from chalicelib.earning.routes.bodies import Email, MemberRef, Name, check_one, identity_of
from chalicelib.earning.routes.signed import partner_route
from chalicelib.earning.routes.views import HoldStatus, HoldView, PartnerMember
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.errors import FieldError, IdempotencyKeyReused, Words
from chalicelib.kernel.texts import HOLD_ID
from chalicelib.kernel.web.http import Reply, answer_of
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import (
    MAX_POINTS,
    AccountFrozen,
    CaptureExceedsHold,
    Held,
    HoldEnded,
    HoldLapsed,
    HoldNotFound,
    InsufficientPoints,
    balance,
)

holds = Blueprint(__name__)

DAY_S = 86_400
HoldId = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=HOLD_ID)]
Points = Annotated[int, msgspec.Meta(ge=1, le=MAX_POINTS)]
Seconds = Annotated[int, msgspec.Meta(ge=60, le=7 * DAY_S)]


class HoldIn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`id` is the partner's id of the hold, and the idempotency key of the request."""

    id: HoldId
    member: MemberRef
    points: Points
    expires_in_seconds: Seconds


class CaptureIn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """All held points, or the given number; the rest is released."""

    points: Points | None = None


class MemberQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Exactly one of the three."""

    member_id: Name | None = None
    phone: Name | None = None
    email: Email | None = None


HELD = {
    "id": "till-3:20261121-0042",
    "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "status": "held",
    "points": 800,
    "captured": 0,
    "released": 0,
    "expires_at": "2026-11-21T08:15:00Z",
}
MEMBER = {
    "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "points": {
        "unit": "points", "available": 1280, "pending": 0, "held": 800, "debt": 0,
        "expiring": [{"at": "2027-11-30T16:00:00Z", "points": 1280}],
        "lifetime": {
            "accrued": 2080, "redeemed": 0, "expired": 0, "transferred": 0, "adjusted": 0,
        },
        "status": "active",
    },
    "status": "active",
}  # fmt: skip


@partner_route(
    holds, "POST", "/v1/partner/holds",
    summary="Hold a member's points until a purchase is done",
    body=HoldIn, answer=HoldView, status=201,
    may_raise=[MemberNotFound, InsufficientPoints, AccountFrozen, IdempotencyKeyReused],
    example={
        "request": {
            "id": "till-3:20261121-0042", "member": {"phone": "+8613800138000"}, "points": 800,
            "expires_in_seconds": 900,
        },
        "answer": HELD,
    },
)  # fmt: skip
def place_hold(call: Call, partner: str) -> Reply:
    sent: HoldIn = call.body
    identity = identity_of(sent.member, "member")
    member_id = (
        members.member_with(identity)
        if identity is not None
        else members.find_member(member_id=sent.member.member_id)
    )
    asked = HoldRequest(sent.id, sent.points, sent.expires_in_seconds, call.content_digest)
    return answer_of(actions.place(partner, asked, member_id, call.now), partial(_view, partner))


@partner_route(
    holds, "POST", "/v1/partner/holds/{id}/capture",
    summary="Capture a hold, all or a part of it; the rest is released",
    body=CaptureIn, body_required=False, answer=HoldView,
    may_raise=[HoldNotFound, HoldEnded, CaptureExceedsHold, HoldLapsed],
    example={
        "request": {"points": 500},
        "answer": {**HELD, "status": "captured", "captured": 500, "released": 300},
    },
)  # fmt: skip
def capture_hold(call: Call, partner: str) -> Reply:
    sent: CaptureIn = call.body
    captured = actions.capture(partner, call.path["id"], sent.points, call.now)
    return answer_of(captured, partial(_view, partner))


@partner_route(
    holds, "POST", "/v1/partner/holds/{id}/release",
    summary="Release a hold",
    answer=HoldView, may_raise=[HoldNotFound, HoldEnded],
    example={"answer": {**HELD, "status": "released", "released": 800}},
)  # fmt: skip
def release_hold(call: Call, partner: str) -> Reply:
    return answer_of(actions.release(partner, call.path["id"], call.now), partial(_view, partner))


@partner_route(
    holds, "GET", "/v1/partner/holds/{id}",
    summary="A hold and its status",
    answer=HoldView, may_raise=[HoldNotFound], example={"answer": HELD},
)  # fmt: skip
def show_hold(call: Call, partner: str) -> Reply:
    return Reply(_view(partner, actions.show(partner, call.path["id"], call.now)))


@partner_route(
    holds, "GET", "/v1/partner/members",
    summary="A member's spendable points, by id, phone or e-mail",
    query=MemberQuery, answer=PartnerMember, may_raise=[MemberNotFound],
    example={"answer": MEMBER},
)  # fmt: skip
def show_partner_member(call: Call, partner: str) -> Reply:  # noqa: ARG001 - any partner may ask
    asked: MemberQuery = call.query
    check_one(asked, "member_id")
    member_id = members.find_member(member_id=asked.member_id, phone=asked.phone, email=asked.email)
    if member_id is None:
        words = Words("未找到该会员", "is not a member")
        given = next(name for name in asked.__struct_fields__ if getattr(asked, name) is not None)
        raise MemberNotFound(FieldError(given, "member_not_found", words))
    account = ledger.find_account(ledger.points_account(member_id))
    return Reply(PartnerMember(member_id, balance(account, call.now), account.status))


def _view(partner: str, held: Held) -> HoldView:
    hold = held.hold
    ended = held.status != "held"
    return HoldView(
        id=hold.id.removeprefix(f"{partner}:"),
        member_id=hold.account_id.partition(":")[0],
        status=cast(HoldStatus, held.status),
        points=hold.points,
        captured=held.captured,
        released=hold.points - held.captured if ended else 0,
        expires_at=rfc3339_ms(hold.expires_at * 1000),
    )
