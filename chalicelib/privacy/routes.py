"""A member's own data: all of it as a file, and closing the account."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib import audit, members
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import ID, Reason, kind
from chalicelib.kernel.web.auth import ADMIN, AGENT, MEMBER, OPS
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import (
    MemberErased,
    MemberMerged,
    MergeBlocked,
    MergeInProgress,
    MergeWithSelf,
    Pair,
)
from chalicelib.privacy import queries
from chalicelib.privacy.actions import erasure, exports, merging
from chalicelib.privacy.errors import ErasureBlocked, FreshLoginRequired
from chalicelib.privacy.rules import EXPORT_KEPT_MS, LINK_S, Export
from chalicelib.privacy.rules import Reason as ErasureReason

privacy = Blueprint(__name__)


class ExportView(msgspec.Struct):
    """All of my data, as a ZIP of JSON files. `url` is null while it is being made; it is good
    until `url_expires_at`, and the next question has another. `bytes` is the size of the file. From
    `next_at` on a new file is made."""

    status: Literal["preparing", "ready"]
    requested_at: str
    url: str | None
    url_expires_at: str | None
    bytes: int | None
    next_at: str | None


class ErasureOutlook(msgspec.Struct):
    """Whether I may close the account now: `blocked_by` names what is not over. It is erased
    `after_days` days later, unless I sign in before."""

    after_days: int
    blocked_by: list[ErasureReason]


class ErasureView(msgspec.Struct):
    """The account is closed: all that is personal is erased at `erased_at`, unless I sign in
    before."""

    status: Literal["scheduled"]
    erased_at: str


@route(
    privacy, "GET", "/v1/me/export",
    summary="All of my data as a ZIP by link; 202 while it is being made",
    roles=[MEMBER], answer=ExportView, also=[202],
    example={"answer": {
        "status": "ready", "requested_at": "2026-11-21T08:00:00Z",
        "url": "https://exports.example.com/1f0c.zip?signature=5f0c",
        "url_expires_at": "2026-11-21T08:20:00Z", "bytes": 20480, "next_at": "2026-11-22T08:05:00Z",
    }},
)  # fmt: skip
def show_export(call: Call) -> Reply:
    made = exports.ask_export(call.member_id, call.language, call.now)
    return Reply(_export_view(made, call), status=200 if made.ready_ms is not None else 202)


def _export_view(made: Export, call: Call) -> ExportView:
    requested_at = rfc3339_ms(made.asked_ms)
    if made.ready_ms is None:
        return ExportView("preparing", requested_at, None, None, None, None)
    return ExportView(
        "ready",
        requested_at,
        exports.link_to(made),
        rfc3339_ms(to_ms(call.now) + LINK_S * 1000),
        made.size,
        rfc3339_ms(made.ready_ms + EXPORT_KEPT_MS),
    )


@route(
    privacy, "GET", "/v1/me/erasure",
    summary="Whether I can close my account, and what stands against it",
    roles=[MEMBER], answer=ErasureOutlook,
    example={"answer": {"after_days": 7, "blocked_by": ["orders"]}},
)  # fmt: skip
def show_erasure(call: Call) -> Reply:
    reasons = queries.reasons_against(call.member_id)
    return Reply(ErasureOutlook(config().privacy.erasure_after_days, reasons))


@route(
    privacy, "DELETE", "/v1/me",
    summary="Close my account: signed out at once, erased some days later",
    roles=[MEMBER], answer=ErasureView, status=202,
    may_raise=[ErasureBlocked, FreshLoginRequired],
    example={"answer": {"status": "scheduled", "erased_at": "2026-11-28T08:00:00Z"}},
)  # fmt: skip
def close_account(call: Call) -> Reply:
    assert call.caller is not None
    due_ms = erasure.ask_erasure(call.member_id, call.caller.session_id, call.now)
    return Reply(ErasureView("scheduled", rfc3339_ms(due_ms)))


MERGERS = (OPS, ADMIN)
SEE_MERGES = (AGENT, *MERGERS)
Into = Annotated[str, kind(128, pasted, ID)]
_MERGE_REFUSALS = [MemberErased, MemberMerged, MergeBlocked, MergeInProgress, MergeWithSelf]
_INTO = "mbr_5c3bqbzkmvnl2hwmbkqk5pnjhm"
_MERGED = "mbr_7dq2kzvdkwqymh6dz4wmbyzixe"


class MergeIn(msgspec.Struct, forbid_unknown_fields=True):
    """`into` is the member who stays; the reason is for the audit."""

    into: Into
    reason: Reason


class MergeQuery(msgspec.Struct, forbid_unknown_fields=True):
    into: Into


class MergeOutlook(msgspec.Struct):
    """Whether a member may be merged into another one: `blocked_by` names what stands against
    it."""

    id: str
    into: str
    blocked_by: list[members.Reason]


class MergeView(msgspec.Struct):
    """A member who was merged: the old id leads to `merged_into`."""

    id: str
    merged_into: str
    status: Literal["merged"]
    merged_at: str


@route(
    privacy, "GET", "/v1/admin/members/{id}/merge",
    summary="Whether a member may be merged into another one",
    roles=SEE_MERGES, query=MergeQuery, answer=MergeOutlook,
    may_raise=[each for each in _MERGE_REFUSALS if each is not MergeBlocked],
    example={"answer": {"id": _MERGED, "into": _INTO, "blocked_by": ["withdrawals"]}},
)  # fmt: skip
def show_merge(call: Call) -> Reply:
    pair = Pair(call.path["id"], call.query.into)
    reasons = members.reasons_against(pair)
    reasons += queries.reasons_against_merge(pair, call.member_id)
    return Reply(MergeOutlook(pair.member_id, pair.into, reasons))


@route(
    privacy, "POST", "/v1/admin/members/{id}/merge",
    summary="Merge a member into another one: they are one person",
    roles=MERGERS, body=MergeIn, answer=MergeView, key=True, may_raise=_MERGE_REFUSALS,
    example={
        "request": {"into": _INTO, "reason": "同一人的两个账号，已核实"},
        "answer": {"id": _MERGED, "merged_into": _INTO, "status": "merged",
                   "merged_at": "2026-11-21T08:00:00Z"},
    },
)  # fmt: skip
def merge_members(call: Call) -> Reply:
    pair = Pair(call.path["id"], call.body.into)
    act = audit.act_of(call, "member.merge", pair.member_id, call.body.reason)
    made, replayed = merging.merge(pair, act, call.now)
    view = MergeView(made.id, made.merged_into, "merged", rfc3339_ms(made.merged_at_ms))
    return replayable(view, replayed=replayed)
