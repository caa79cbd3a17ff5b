"""A member gives a coupon to a friend."""

from __future__ import annotations

from typing import Literal

import msgspec
from chalice.app import Blueprint

from chalicelib import members
from chalicelib.coupons.actions import transfers as actions
from chalicelib.coupons.actions.transfers import CouponGift
from chalicelib.coupons.errors import CouponNotFound, CouponNotTransferable, CouponTransferToSelf
from chalicelib.coupons.rules.transfers import CouponTransfer
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.errors import Invalid, check_exactly_one
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import AccountFrozen, UnderReview
from chalicelib.members import ReceiverIn, ReceiverView, receiver_view

transfer_routes = Blueprint(__name__)


class CouponTransferIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who gets the coupon."""

    to: ReceiverIn


class CouponTransferView(msgspec.Struct):
    """A gift of a coupon; it does not reveal whether its receiver has registered."""

    id: str
    coupon_id: str
    to: ReceiverView
    status: Literal["sent"]
    created_at: str


@route(
    transfer_routes, "POST", "/v1/me/coupons/{id}/transfers",
    summary="Give a coupon to a member, a phone or an e-mail. "
            "One for somebody unregistered waits 7 days, then comes back",
    roles=[MEMBER], consent=True, key=True, body=CouponTransferIn, answer=CouponTransferView,
    status=201,
    may_raise=[CouponNotFound, CouponNotTransferable, CouponTransferToSelf, AccountFrozen,
               UnderReview],
    example={
        "request": {"to": {"phone": "13800138000"}},
        "answer": {
            "id": "ctr_5c3bqbzkmvnl2hwmbkqk5pnjhm", "coupon_id": "cpn_7wq2m5tzr4xkcv3b6n2lpy5gae",
            "to": {"phone": "+86138****8000"}, "status": "sent",
            "created_at": "2026-11-21T08:00:00Z",
        },
    },
)  # fmt: skip
def transfer_coupon(call: Call) -> Reply:
    asked: CouponTransferIn = call.body
    to = asked.to
    check_exactly_one("to", member_id=to.member_id, phone=to.phone, email=to.email)
    destination, claimant = None, None
    if to.member_id is None:
        try:
            destination = members.destination_of(phone=to.phone, email=to.email)
            claimant = members.identity_hash(phone=to.phone, email=to.email)
        except Invalid as error:
            raise error.below("to") from error
    gift = CouponGift(
        id=call.derived_id("ctr"),
        coupon_id=call.path["id"],
        sender=call.member_id,
        content=call.content_digest,
        member_id=to.member_id,
        claimant=claimant,
    )
    made, replayed = actions.send(gift, call.now)
    shown = _view(made, receiver_view(to.member_id, destination))
    return replayable(shown, replayed=replayed)


def _view(made: CouponTransfer, to: ReceiverView) -> CouponTransferView:
    created_at = rfc3339_ms(made.created_at_ms)
    return shaped(CouponTransferView, made, to=to, status="sent", created_at=created_at)
