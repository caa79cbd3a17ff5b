"""Referrals: the friends whom a member invited, for the member and for the staff."""

from __future__ import annotations

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib import members
from chalicelib.earning.queries import referrals
from chalicelib.earning.rules.referrals import Referral, State
from chalicelib.earning.tables.referrals import ReferralItem
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import OWN_PAGE, kind
from chalicelib.kernel.web.auth import ADMIN, AGENT, MEMBER, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

referral_routes = Blueprint(__name__)

# A page of this machine is for those who try the mall on it.
# Source: ISO/IEC 18004: a QR code has four light modules around it.
_QR_BORDER = 4


class FriendView(msgspec.Struct):
    """A friend who came by the member's code: their masked phone or e-mail, or no more than the
    first letter of their nickname. `points` are those that the member got.

    `state` is `joined`, `waiting` (for the end of a return window, at `due_at`), `paid`, `undone`
    (the order went back) or `refused`.
    """

    friend: str
    state: State
    points: int
    joined_at: str
    due_at: str | None


class ReferralView(msgspec.Struct):
    """A referral for the staff, with the friend's id and why it was refused."""

    referrer_id: str
    friend_id: str
    state: State
    order: str | None
    points: int
    friend_points: int
    reason: str | None
    joined_at: str
    due_at: str | None
    paid_at: str | None


class MemberReferrals(msgspec.Struct):
    """Who invited a member, and the friends whom they invited, the last one first."""

    referred_by: ReferralView | None
    data: list[ReferralView]
    next_cursor: str | None


class InvitationQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The address of the mall's pages that the link is to lead to."""

    page: Annotated[str, kind(200, pasted, OWN_PAGE)]


class InvitationView(msgspec.Struct):
    """The member's code, the link that carries it, and the link as a QR code (SVG)."""

    code: str
    link: str
    qr: str


FRIEND_EXAMPLE = {
    "friend": "+86138****8000",
    "state": "waiting",
    "points": 0,
    "joined_at": "2026-11-21T08:00:00Z",
    "due_at": "2026-12-08T08:00:00Z",
}
REFERRAL_EXAMPLE = {
    "referrer_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "friend_id": "mbr_3ndq2kzvdkwqymh6dz4wmbyziu", "state": "paid",
    "order": "mall:ord_7wq2m5tzr4xkcv3b6n2lpy5gae", "points": 100, "friend_points": 50,
    "reason": None, "joined_at": "2026-11-01T08:00:00Z", "due_at": None,
    "paid_at": "2026-11-21T08:00:00Z",
}  # fmt: skip


@route(
    referral_routes, "GET", "/v1/me/referrals",
    summary="The friends whom I invited, the last one first",
    roles=[MEMBER], query=PageQuery, answer=Page[FriendView],
    example={"answer": {"data": [FRIEND_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_friends(call: Call) -> Reply:
    return Reply(_page(call, call.member_id, friend_view))


def _page(call: Call, member_id: str, view: object) -> Page[object]:
    def of_member(**asked: object) -> object:
        return referrals.referrals_of(member_id, **asked)

    return page(f"referrals:{member_id}", call.query, of_member, view)  # type: ignore[arg-type]


def friend_view(item: ReferralItem) -> FriendView:
    """A friend as the member who invited them sees them."""
    told: Referral = item.value()
    return shaped(FriendView, told, friend=_masked(told.friend_id))


def _masked(member_id: str) -> str:
    """How a friend is told: nobody learns a whole phone or name by a code."""
    try:
        friend = members.any_member(member_id)
    except NotFound:
        return "—"
    shown = friend.phone or friend.email
    if shown is not None:
        return shown.masked
    return f"{(friend.nickname or '')[:1]}**"


@route(
    referral_routes, "GET", "/v1/me/invitation",
    summary="My code as a link to the mall, and as a QR code",
    roles=[MEMBER], query=InvitationQuery, answer=InvitationView,
    example={"answer": {
        "code": "K7WM3QXA", "link": "https://mall.example.com/?ref=K7WM3QXA",
        "qr": "<svg viewBox=\"0 0 29 29\"></svg>",
    }},
)  # fmt: skip
def show_invitation(call: Call) -> Reply:
    import segno

    code = members.code_of(call.member_id)
    link = f"{call.query.page.rstrip('/')}/?ref={code}"
    qr: str = segno.make_qr(link, error="m").svg_inline(
        border=_QR_BORDER, omitsize=True, dark="#000", light="#fff"
    )
    return Reply(InvitationView(code, link, qr))


@route(
    referral_routes, "GET", "/v1/admin/members/{id}/referrals",
    summary="Who invited a member, and whom they invited",
    roles=[AGENT, OPS, ADMIN], query=PageQuery, answer=MemberReferrals,
    example={"answer": {"referred_by": None, "data": [REFERRAL_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_member_referrals(call: Call) -> Reply:
    member_id = members.any_member(call.path["id"]).id
    found: Page[object] = _page(call, member_id, lambda item: _view(item.value()))
    by = referrals.referral_of(member_id)
    shown = None if by is None else _view(by)
    return Reply(MemberReferrals(shown, found.data, found.next_cursor))  # type: ignore[arg-type]


def _view(told: Referral) -> ReferralView:
    paid_at = None if told.paid_at_ms is None else rfc3339_ms(told.paid_at_ms)
    return shaped(ReferralView, told, paid_at=paid_at)
