"""The staff adjusts points by hand; `ledger/routes/adjustments.py` decides on large adjustments."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib import audit, ledger
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.texts import Reason
from chalicelib.kernel.web.auth import ADMIN, OPS
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import (
    APPLIED_EXAMPLE,
    MAX_POINTS,
    Adjustment,
    AdjustmentView,
    InsufficientPoints,
    Unit,
    adjustment_view,
)
from chalicelib.members import queries
from chalicelib.members.routes.blueprint import members

WRITERS = (OPS, ADMIN)


class AdjustmentIn(msgspec.Struct, forbid_unknown_fields=True):
    """Points to give, or to take if negative; `expires_at` is for given points only."""

    points: Annotated[int, msgspec.Meta(ge=-MAX_POINTS, le=MAX_POINTS)]
    reason: Reason
    unit: Unit = "points"
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


@route(
    members, "POST", "/v1/admin/members/{id}/points/adjustments",
    summary="Give or take points by hand; large adjustments, and rebate cash given, wait (202)",
    roles=WRITERS, body=AdjustmentIn, answer=AdjustmentView, status=201, also=[202], key=True,
    may_raise=[InsufficientPoints],
    example={"request": {"points": 500, "reason": "补发活动积分"},
             "answer": {**APPLIED_EXAMPLE, "points": 500, "decided_by": None}},
)  # fmt: skip
def adjust_points(call: Call) -> Reply:
    member = queries.any_member(call.path["id"])
    asked = _adjustment(call, member.id)
    act = audit.act_of(call, "points.adjust", member.id, call.body.reason)
    made, replayed = ledger.propose_adjustment(asked, act)
    view = adjustment_view(made, ledger.reason_of(made))
    return replayable(view, status=202 if made.needed_approval else 201, replayed=replayed)


def _adjustment(call: Call, member_id: str) -> Adjustment:
    """The requested adjustment.

    Raises Invalid naming the field.
    """
    body: AdjustmentIn = call.body
    if body.points == 0:
        words = Words("不能为 0", "must not be 0")
        raise Invalid(FieldError("points", "zero", words))
    if body.expires_at is not None and body.points < 0:
        words = Words("仅用于增加积分", "is for points given")
        raise Invalid(FieldError("expires_at", "for_points_given", words))
    if body.expires_at is not None and body.expires_at <= call.now:
        words = Words("须为将来的时间", "lies in the past")
        raise Invalid(FieldError("expires_at", "in_the_past", words))
    adjustment_id = call.derived_id("adj")
    return Adjustment(
        id=adjustment_id,
        account_id=ledger.account_of(member_id, body.unit),
        points=body.points,
        expires_at=int(body.expires_at.timestamp()) if body.expires_at else None,
        reason=encrypt(body.reason.encode(), bound_to=adjustment_id),
        author=call.member_id,
        content=call.content_digest,
        created_at_ms=to_ms(call.now),
    )
