"""Points at a partner's checkout: holds under the partner's ids, and a member's balance."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, cast

import msgspec
from chalice.app import Blueprint

from chalicelib import ledger, members
from chalicelib.earning import actions
from chalicelib.earning.actions import HoldRequest
from chalicelib.earning.errors import MemberNotFound
from chalicelib.earning.routes.naming import (
    Email,
    ExternalIdText,
    MemberRef,
    Name,
    TillCode,
    check_one,
    identity_of,
    shown_by,
)
from chalicelib.earning.routes.signed import partner_route
from chalicelib.earning.routes.views import HoldStatus, HoldView, PartnerMember
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.errors import FieldError, IdempotencyKeyReused, JifenError, Words
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
    UnderReview,
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
    """Exactly one of the five; `external_id` is the partner's own id of the member, `code` is what
    the member shows at the till."""

    member_id: Name | None = None
    phone: Name | None = None
    email: Email | None = None
    external_id: ExternalIdText | None = None
    code: TillCode | None = None


class LinkIn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The partner's own id of a member, and the member by another name."""

    external_id: ExternalIdText
    member: MemberRef


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
    may_raise=[MemberNotFound, InsufficientPoints, AccountFrozen, UnderReview,
               IdempotencyKeyReused, members.TillCodeExpired, members.TillCodeInvalid],
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
    member_id, otherwise = _member_named(sent.member, partner, call.now)
    asked = HoldRequest(sent.id, sent.points, sent.expires_in_seconds, call.content_digest)
    placed = actions.place(partner, asked, member_id, call.now, otherwise)
    return answer_of(placed, partial(_view, partner))


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
    summary="A member's spendable points, by id, phone, e-mail, the partner's own id or a code",
    query=MemberQuery, answer=PartnerMember,
    may_raise=[MemberNotFound, members.TillCodeExpired, members.TillCodeInvalid],
    example={"answer": MEMBER},
)  # fmt: skip
def show_partner_member(call: Call, partner: str) -> Reply:
    asked: MemberQuery = call.query
    check_one(asked, "member_id")
    if shown := shown_by(asked, "", call.now):
        if shown.is_late:
            raise members.late_code("code")
        asked = MemberQuery(member_id=shown.member_id)
    if asked.external_id is None:
        member_id = members.find_member(
            member_id=asked.member_id, phone=asked.phone, email=asked.email
        )
    else:
        member_id = members.member_with(members.external_identity(partner, asked.external_id))
    if member_id is None:
        raise _not_found(asked, "")
    return Reply(_partner_member(member_id, call))


@partner_route(
    holds, "PUT", "/v1/partner/members",
    summary="Link the partner's own id of a member to a member by id, phone or e-mail",
    body=LinkIn, answer=PartnerMember,
    may_raise=[MemberNotFound, members.ExternalIdTaken, members.TooManyExternalIds,
               members.TillCodeExpired, members.TillCodeInvalid],
    example={
        "request": {"external_id": "customer-77", "member": {"phone": "+8613800138000"}},
        "answer": MEMBER,
    },
)  # fmt: skip
def link_partner_member(call: Call, partner: str) -> Reply:
    sent: LinkIn = call.body
    member_id, late = _member_named(sent.member, partner, call.now)
    if member_id is None:
        raise late or _not_found(sent.member, "member.")
    members.link_external(member_id, partner, sent.external_id, call.now)
    return Reply(_partner_member(member_id, call))


def _member_named(
    who: MemberRef, partner: str, now: datetime
) -> tuple[str | None, JifenError | None]:
    """The member whom a partner names, None if there is none, and the refusal if a code of theirs
    has expired.

    Raises Invalid, TillCodeInvalid.
    """
    if shown := shown_by(who, "member", now):
        if shown.is_late:
            return None, members.late_code("member.code")
        return members.find_member(member_id=shown.member_id), None
    identity = identity_of(who, "member", partner)
    if identity is not None:
        return members.member_with(identity), None
    return members.find_member(member_id=who.member_id), None


def _not_found(who: MemberQuery | MemberRef, below: str) -> MemberNotFound:
    words = Words("未找到该会员", "is not a member")
    given = next(name for name in who.__struct_fields__ if getattr(who, name) is not None)
    return MemberNotFound(FieldError(below + given, "member_not_found", words))


def _partner_member(member_id: str, call: Call) -> PartnerMember:
    account = ledger.find_account(ledger.points_account(member_id))
    return PartnerMember(member_id, balance(account, call.now), account.status)


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
