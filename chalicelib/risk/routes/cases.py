"""Cases for the staff: members whose score reached a level, why, and decisions on them."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal, cast

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.texts import Reason as ReasonText
from chalicelib.kernel.web.auth import ADMIN, AGENT, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import MemberMerged
from chalicelib.risk.actions import cases
from chalicelib.risk.queries import cases as queries
from chalicelib.risk.rules.cases import STATES, Case
from chalicelib.risk.rules.scores import STATUS_OF, Kind, Level, in_words

risk_cases = Blueprint(__name__)
READERS, WRITERS = (AGENT, OPS, FINANCE, ADMIN), (OPS, ADMIN)

State = Literal["open", "cleared", "confirmed", "closed"]
Status = Literal["active", "credits_pending", "under_review", "frozen"]


class ReasonView(msgspec.Struct):
    """Evidence that counted, and its part of the score."""

    kind: Kind
    count: int
    score: int
    text: str


class CaseView(msgspec.Struct):
    """The case of a member. `level` is in force: `watch` does nothing, `pending` makes new points
    wait for days, `review` stops spending, too, `freeze` freezes the accounts.

    `rules_version` names the rules that gave the score.
    """

    member_id: str
    state: State
    state_text: str
    level: Level
    does: Status
    score: int
    reasons: list[ReasonView]
    rules_version: int
    opened_at: str
    changed_at: str
    version: int


class CasesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """The cases in a state, the gravest first."""

    state: State = "open"


class DecisionIn(msgspec.Struct, forbid_unknown_fields=True):
    """Why it was decided so, for the audit."""

    reason: ReasonText


CASE: dict[str, Any] = {
    "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "state": "open",
    "state_text": "待处理",
    "level": "review",
    "does": "under_review",
    "score": 85,
    "reasons": [
        {
            "kind": "members_on_a_device",
            "count": 8,
            "score": 85,
            "text": "8 个其他会员在 30 天内使用过同一设备",
        }
    ],
    "rules_version": 1,
    "opened_at": "2026-11-30T08:00:00Z",
    "changed_at": "2026-11-30T08:00:00Z",
    "version": 1,
}

_decide_route = partial(
    route,
    risk_cases,
    "POST",
    roles=WRITERS,
    body=DecisionIn,
    answer=CaseView,
    key=True,
)


@route(
    risk_cases, "GET", "/v1/admin/risk/cases",
    summary="Members whose score reached a level, by what the staff has decided",
    roles=READERS, query=CasesQuery, answer=Page[CaseView],
    example={"answer": {"data": [CASE], "next_cursor": None}},
)  # fmt: skip
def list_risk_cases(call: Call) -> Reply:
    asked: CasesQuery = call.query
    return Reply(queries.list_cases(asked.state, asked).shown(partial(_view, call)))


@route(
    risk_cases, "GET", "/v1/admin/risk/cases/{member_id}",
    summary="The case of a member; 404 where there never was one",
    roles=READERS, answer=CaseView, example={"answer": CASE},
)  # fmt: skip
def show_risk_case(call: Call) -> Reply:
    return Reply(_view(call, queries.get_case(call.path["member_id"])))


@_decide_route(
    "/v1/admin/risk/cases/{member_id}/clear",
    summary="End a false alarm: the member is as before, held-back points are spendable at once, "
    "and the same evidence counts no more",
    may_raise=[NotAllowedInThisState],
    example={
        "request": {"reason": "一家人共用一台平板"},
        "answer": {
            **CASE,
            "state": "cleared",
            "state_text": "误判已解除",
            "level": "none",
            "does": "active",
            "version": 2,
        },
    },
)
def clear_risk_case(call: Call) -> Reply:
    return _decide(call, "risk.clear", cases.clear)


@_decide_route(
    "/v1/admin/risk/cases/{member_id}/confirm",
    summary="Record abuse: the member's accounts are frozen",
    may_raise=[MemberMerged, NotAllowedInThisState],
    example={
        "request": {"reason": "同一人注册 8 个账号互相邀请"},
        "answer": {
            **CASE,
            "state": "confirmed",
            "state_text": "已确认违规",
            "level": "freeze",
            "does": "frozen",
            "version": 2,
        },
    },
)
def confirm_risk_case(call: Call) -> Reply:
    return _decide(call, "risk.confirm", cases.confirm)


def _decide(call: Call, action: str, decide: Any) -> Reply:
    member_id = call.path["member_id"]
    act = audit.act_of(call, action, member_id, call.body.reason)
    return answer_of(decide(member_id, act, call.now), partial(_view, call))


def _view(call: Call, case: Case) -> CaseView:
    texts = in_words(case.reasons, call.language)
    return CaseView(
        member_id=case.member_id,
        state=cast(State, case.state),
        state_text=STATES[case.state].in_language(call.language),
        level=cast(Level, case.level),
        does=cast(Status, STATUS_OF[case.level]),
        score=case.score,
        reasons=[
            ReasonView(cast(Kind, each.kind), each.count, each.score, text)
            for each, text in zip(case.reasons, texts, strict=True)
        ],
        rules_version=case.rules_version,
        opened_at=rfc3339_ms(case.opened_at_ms),
        changed_at=rfc3339_ms(case.changed_at_ms),
        version=case.version,
    )
