"""The staff freezes and unfreezes a member's accounts."""

from __future__ import annotations

from chalicelib import audit, ledger
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.web.auth import ADMIN, OPS
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import ReasonIn
from chalicelib.members import actions, queries
from chalicelib.members.routes.admin import STAFF_MEMBER_EXAMPLE, staff_view
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.views import StaffMemberView

WRITERS = (OPS, ADMIN)


@route(
    members, "POST", "/v1/admin/members/{id}/freeze",
    summary="Freeze a member's accounts: they receive points but cannot spend",
    roles=WRITERS, body=ReasonIn, answer=StaffMemberView, key=True,
    may_raise=[NotAllowedInThisState],
    example={"request": {"reason": "盗号申诉"},
             "answer": {**STAFF_MEMBER_EXAMPLE, "status": "frozen"}},
)  # fmt: skip
def freeze_member(call: Call) -> Reply:
    return _set_status(call, ledger.FROZEN, "account.freeze")


@route(
    members, "POST", "/v1/admin/members/{id}/unfreeze",
    summary="Unfreeze a member's accounts",
    roles=WRITERS, body=ReasonIn, answer=StaffMemberView, key=True,
    may_raise=[NotAllowedInThisState],
    example={"request": {"reason": "已核实本人"}, "answer": STAFF_MEMBER_EXAMPLE},
)  # fmt: skip
def unfreeze_member(call: Call) -> Reply:
    return _set_status(call, ledger.ACTIVE, "account.unfreeze")


def _set_status(call: Call, status: str, action: str) -> Reply:
    member = queries.any_member(call.path["id"])
    act = audit.act_of(call, action, member.id, call.body.reason)
    replayed = actions.set_status(member.id, status, act, call.now)
    return replayable(staff_view(member, call), replayed=replayed)
