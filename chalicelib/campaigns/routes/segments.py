"""Segments and lists of members for ops: whom campaigns are for."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.campaigns.actions import segments as acts
from chalicelib.campaigns.queries import segments as queries
from chalicelib.campaigns.rules.definitions import CampaignTitle
from chalicelib.campaigns.rules.segments import (
    MOST_IDS,
    MemberAudience,
    SegmentQuery,
)
from chalicelib.kernel import spelling
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import check_exactly_one
from chalicelib.kernel.texts import STAFF_ID, kind
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

segments_admin = Blueprint(__name__)
READERS, WRITERS = (AGENT, OPS, ADMIN), (OPS, ADMIN)
MemberId = Annotated[str, kind(64, spelling.pasted, STAFF_ID)]
Ids = Annotated[list[MemberId], msgspec.Meta(min_length=1, max_length=MOST_IDS)]


class AudiencesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Segments and lists, the newest first."""


class AudienceDraft(msgspec.Struct, forbid_unknown_fields=True):
    """A segment by a `query`, or a list by `member_ids`."""

    title: CampaignTitle
    query: SegmentQuery | None = None
    member_ids: Ids | None = None


class MemberAudienceView(msgspec.Struct):
    """A segment or a list. `members` are those of the last whole run; `status` is `running` while a
    job tells them."""

    id: str
    kind: Literal["segment", "list"]
    title: CampaignTitle
    query: SegmentQuery | None
    status: Literal["running", "done"]
    members: int | None
    created_at: str
    evaluated_at: str | None


_EXAMPLE_IN: dict[str, Any] = {
    "title": {"zh-CN": "沉睡金卡", "en": "Sleeping gold"},
    "query": {"tiers": ["gold"], "idle_days": 30},
}
_EXAMPLE: dict[str, Any] = {
    "id": "seg_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "kind": "segment",
    **_EXAMPLE_IN,
    "status": "running",
    "members": None,
    "created_at": "2026-11-30T08:00:00Z",
    "evaluated_at": None,
}


@route(
    segments_admin, "GET", "/v1/admin/audiences",
    summary="List segments and lists of members, the newest first",
    roles=READERS, query=AudiencesQuery, answer=Page[MemberAudienceView],
    example={"answer": {"data": [_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_audiences(call: Call) -> Reply:
    return Reply(queries.list_audiences(call.query).shown(partial(_view, call)))


@route(
    segments_admin, "POST", "/v1/admin/audiences",
    summary="Order a segment or a list of members; a job tells who belongs to it",
    roles=WRITERS, body=AudienceDraft, answer=MemberAudienceView, status=202, key=True,
    example={"request": _EXAMPLE_IN, "answer": _EXAMPLE},
)  # fmt: skip
def order_audience(call: Call) -> Reply:
    body: AudienceDraft = call.body
    check_exactly_one("query", query=body.query, member_ids=body.member_ids)
    is_list = body.query is None
    audience_id = call.derived_id("lst" if is_list else "seg")
    asked = MemberAudience(
        id=audience_id,
        kind="list" if is_list else "segment",
        title=body.title,
        version=1,
        created_at_ms=to_ms(call.now),
        query=body.query,
    )
    act = audit.act_of(call, "audience.create", audience_id)
    ids = list(dict.fromkeys(body.member_ids or ()))
    return answer_of(
        acts.create_audience(asked, ids, call.content_digest, act), partial(_view, call)
    )


@route(
    segments_admin, "GET", "/v1/admin/audiences/{id}",
    summary="Show a segment or a list of members, and how many belong to it",
    roles=READERS, answer=MemberAudienceView, example={"answer": _EXAMPLE},
)  # fmt: skip
def show_audience(call: Call) -> Reply:
    return Reply(_view(call, queries.find_audience_item(call.path["id"]).audience))


@route(
    segments_admin, "POST", "/v1/admin/audiences/{id}/evaluate",
    summary="Have a job tell anew who belongs to a segment or a list",
    roles=WRITERS, answer=MemberAudienceView, status=202, example={"answer": _EXAMPLE},
)  # fmt: skip
def evaluate_audience(call: Call) -> Reply:
    audience_id = call.path["id"]
    act = audit.act_of(call, "audience.evaluate", audience_id)
    return Reply(_view(call, acts.tell_again(audience_id, act, call.now)))


def _view(call: Call, audience: MemberAudience) -> MemberAudienceView:
    due, evaluated = audience.due_at_ms, audience.evaluated_at_ms
    return MemberAudienceView(
        id=audience.id,
        kind=audience.kind,
        title=audience.title,
        query=audience.query,
        status="running" if due is not None and due <= to_ms(call.now) else "done",
        members=audience.members,
        created_at=rfc3339_ms(audience.created_at_ms),
        evaluated_at=None if evaluated is None else rfc3339_ms(evaluated),
    )
