"""A member's own data: all of it as a file, and closing the account."""

from __future__ import annotations

from typing import Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.privacy import queries
from chalicelib.privacy.actions import erasure, exports
from chalicelib.privacy.errors import ErasureBlocked, FreshLoginRequired
from chalicelib.privacy.rules import EXPORT_KEPT_MS, LINK_S, Export, Reason

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
    blocked_by: list[Reason]


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
