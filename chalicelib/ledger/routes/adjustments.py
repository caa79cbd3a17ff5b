"""Adjustments that wait for a second person: list, approve, reject.

`members/routes/adjustments.py` proposes them.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import Reason
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS, STAFF_ROLES
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import actions, queries
from chalicelib.ledger.errors import InsufficientPoints, SecondPersonRequired
from chalicelib.ledger.rules.adjustments import Adjustment

adjusting = Blueprint(__name__)

DECIDERS = (OPS, FINANCE, ADMIN)


class AdjustmentView(msgspec.Struct):
    """An adjustment by hand; `expires_at` is null if the unit's own policy applies."""

    id: str
    member_id: str
    unit: str
    points: int
    reason: str
    expires_at: str | None
    status: Literal["waiting", "applied", "rejected"]
    author: str
    decided_by: str | None
    created_at: str


EXAMPLE = {
    "id": "adj_5c3bqbzkmvnl2hwmbkqk5pnjhm", "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "unit": "points", "points": 20000, "reason": "补发活动积分", "expires_at": None,
    "status": "waiting", "author": "mbr_3ndq2kzvdkwqymh6dz4wmbyziu", "decided_by": None,
    "created_at": "2026-11-21T08:00:00Z",
}  # fmt: skip
APPLIED_EXAMPLE = {
    **EXAMPLE,
    "status": "applied",
    "decided_by": "mbr_6hq2kzvdkwqymh6dz4wmbyzixe",
}


class AdjustmentLimits(msgspec.Struct):
    """Adjustments above these, and all of one's own account, wait for a second person.

    `rebate_given` is for rebate cash that is given, in minor units.
    """

    points: int
    rebate_given: int


class ReasonIn(msgspec.Struct, forbid_unknown_fields=True):
    """The reason, for the audit."""

    reason: Reason


@route(
    adjusting, "GET", "/v1/admin/adjustments/limits",
    summary="The largest adjustments that one person makes alone",
    roles=STAFF_ROLES, answer=AdjustmentLimits,
    example={"answer": {"points": 10000, "rebate_given": 0}},
)  # fmt: skip
def show_adjustment_limits(_call: Call) -> Reply:
    settings = config().ledger
    limits = AdjustmentLimits(settings.adjustment_alone_at_most, settings.rebate_alone_at_most)
    return Reply(limits)


def adjustment_view(made: Adjustment, reason: str) -> AdjustmentView:
    unit = made.account_id.partition(":")[2]
    return shaped(
        AdjustmentView,
        made,
        unit=unit,
        reason=reason,
        expires_at=rfc3339_ms(made.expires_at * 1000) if made.expires_at else None,
    )


@route(
    adjusting, "GET", "/v1/admin/adjustments",
    summary="Adjustments that wait for a second person, longest waiting first",
    roles=STAFF_ROLES, query=PageQuery, answer=Page[AdjustmentView],
    example={"answer": {"data": [EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_adjustments(call: Call) -> Reply:
    return Reply(queries.waiting_adjustments(call.query).shown(_view))


@route(
    adjusting, "POST", "/v1/admin/adjustments/{id}/approve",
    summary="Approve somebody else's large adjustment",
    roles=DECIDERS, answer=AdjustmentView, key=True,
    may_raise=[NotAllowedInThisState, SecondPersonRequired, InsufficientPoints],
    example={"answer": APPLIED_EXAMPLE},
)  # fmt: skip
def approve_adjustment(call: Call) -> Reply:
    act = _act(call, "points.adjust.approve")
    return answer_of(actions.approve_adjustment(call.path["id"], act, call.now), _view)


@route(
    adjusting, "POST", "/v1/admin/adjustments/{id}/reject",
    summary="Reject a waiting large adjustment",
    roles=DECIDERS, body=ReasonIn, answer=AdjustmentView, key=True,
    may_raise=[NotAllowedInThisState],
    example={"request": {"reason": "无依据"}, "answer": {**APPLIED_EXAMPLE, "status": "rejected"}},
)  # fmt: skip
def reject_adjustment(call: Call) -> Reply:
    act = _act(call, "points.adjust.reject", call.body.reason)
    return answer_of(actions.reject_adjustment(call.path["id"], act), _view)


def _act(call: Call, action: str, reason: str | None = None) -> Act:
    """An act on the member of the adjustment in the path."""
    member_id, _, _ = queries.get_adjustment(call.path["id"]).account_id.partition(":")
    return audit.act_of(call, action, member_id, reason)


def _view(made: Adjustment) -> AdjustmentView:
    return adjustment_view(made, queries.reason_of(made))
