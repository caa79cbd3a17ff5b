"""Coupons that ops hand out: to members by name, or as codes of a batch."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.coupons.actions import codes, grants, sweeping
from chalicelib.coupons.errors import CouponNotOffered, CouponsGone
from chalicelib.coupons.queries import jobs as queries
from chalicelib.coupons.routes.templates import READERS, WRITERS
from chalicelib.coupons.rules.codes import MOST_CODES
from chalicelib.coupons.rules.jobs import AT_ONCE, CODES, GRANTS, MOST_MEMBERS, CouponJob, JobKind
from chalicelib.kernel import spelling
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.texts import STAFF_ID, kind
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import JobStarted, Progress

grant_routes = Blueprint(__name__)

MemberId = Annotated[str, kind(64, spelling.pasted, STAFF_ID, at_least=5)]


class GrantsIn(msgspec.Struct, forbid_unknown_fields=True):
    """Members who get a coupon each, up to 10,000."""

    members: Annotated[list[MemberId], msgspec.Meta(min_length=1, max_length=MOST_MEMBERS)]


class BatchIn(msgspec.Struct, forbid_unknown_fields=True):
    """How many codes to make; they are taken out of the template's total."""

    count: Annotated[int, msgspec.Meta(ge=1, le=MOST_CODES)]


class GrantRefusal(msgspec.Struct):
    """A member who got none, and the code of the refusal."""

    member_id: str
    code: str


class CouponJobResult(msgspec.Struct):
    """`given` coupons, `refused` members, the first of these by name, or the file of the codes: a
    link that is good for 15 minutes. The file is kept for a day."""

    given: int
    refused: int
    refusals: list[GrantRefusal]
    url: str | None


class CouponJobView(msgspec.Struct):
    """A job of coupons: a list of members who get one, or a file of codes."""

    id: str
    type: JobKind
    status: Literal["running", "done"]
    progress: Progress
    result: CouponJobResult
    created_at: str


class BatchView(msgspec.Struct):
    """A batch of codes, of which `redeemed` were used. `status` is that of its file, `url` a link
    to it that is good for 15 minutes, null once the file is gone."""

    id: str
    template_id: str
    count: int
    redeemed: int
    status: Literal["running", "done"]
    url: str | None
    created_at: str


_FILE_KEPT_MS = 23 * 3600 * 1000
BATCH_EXAMPLE: dict[str, Any] = {
    "id": "job_5c3bqbzkmvnl2hwmbkqk5pnjhm", "template_id": "ctp_7wq2m5tzr4xkcv3b6n2lpy5gae",
    "count": 100000, "redeemed": 0, "status": "running", "url": None,
    "created_at": "2026-11-21T08:00:00Z",
}  # fmt: skip
_STARTED = {"job_id": "job_5c3bqbzkmvnl2hwmbkqk5pnjhm"}


def _url(job: CouponJob, now_ms: int) -> str | None:
    """A link to a job's file while the bucket keeps it."""
    if job.file is None or job.finished_ms is None or job.finished_ms + _FILE_KEPT_MS < now_ms:
        return None
    return codes.link_to(job)


def coupon_job_view(job: CouponJob, now_ms: int) -> CouponJobView:
    refusals = [GrantRefusal(member_id, code) for member_id, code in job.refusals]
    return CouponJobView(
        job.id,
        job.job_kind,
        "running" if job.finished_ms is None else "done",
        Progress(job.done, job.size),
        CouponJobResult(job.given, job.refused, refusals, _url(job, now_ms)),
        rfc3339_ms(job.created_at_ms),
    )


def _batch_view(job: CouponJob, now_ms: int) -> BatchView:
    return BatchView(
        job.id,
        job.template_id,
        job.size,
        queries.redeemed_of(job),
        "running" if job.finished_ms is None else "done",
        _url(job, now_ms),
        rfc3339_ms(job.created_at_ms),
    )


def _job(call: Call, kind: JobKind, size: int) -> CouponJob:
    return CouponJob(
        id=call.derived_id("job"),
        job_kind=kind,
        template_id=call.path["id"],
        size=size,
        created_at_ms=to_ms(call.now),
        made_by=call.member_id,
        content=call.content_digest,
    )


@route(
    grant_routes, "POST", "/v1/admin/coupon-templates/{id}/grants",
    summary="Give coupons to members, once each, in a job; up to 20 have them at once",
    roles=WRITERS, body=GrantsIn, answer=JobStarted, status=202, key=True,
    may_raise=[CouponNotOffered],
    example={"request": {"members": ["mbr_7dq2kzvdkwqymh6dz4wmbyzixe"]}, "answer": _STARTED},
)  # fmt: skip
def grant_coupons(call: Call) -> Reply:
    sent: GrantsIn = call.body
    grants.check_members(sent.members)
    job = _job(call, GRANTS, len(sent.members))
    act = audit.act_of(call, "coupon_template.grant", job.template_id)
    started = grants.start_grants(job, sent.members, act, call.now)
    if job.size <= AT_ONCE:
        sweeping.run_job(job.id, call.now)
    return answer_of(started, lambda made: JobStarted(made.id))


@route(
    grant_routes, "POST", "/v1/admin/coupon-templates/{id}/code-batches",
    summary="Make codes, each good for one coupon, and write their file in a job",
    roles=WRITERS, body=BatchIn, answer=JobStarted, status=202, key=True,
    may_raise=[CouponNotOffered, CouponsGone],
    example={"request": {"count": 100000}, "answer": _STARTED},
)  # fmt: skip
def make_code_batch(call: Call) -> Reply:
    job = _job(call, CODES, call.body.count)
    act = audit.act_of(call, "coupon_template.make_codes", job.template_id)
    return answer_of(codes.start_batch(job, act, call.now), lambda made: JobStarted(made.id))


@route(
    grant_routes, "GET", "/v1/admin/coupon-templates/{id}/code-batches",
    summary="List a template's batches of codes, the newest first",
    roles=READERS, query=PageQuery, answer=Page[BatchView],
    example={"answer": {"data": [BATCH_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_code_batches(call: Call) -> Reply:
    found, now_ms = queries.list_batches(call.path["id"], call.query), to_ms(call.now)
    may_fetch = not call.caller or not call.caller.roles.isdisjoint(WRITERS)
    shown = found.shown(lambda job: _batch_view(job, now_ms))
    if not may_fetch:
        for each in shown.data:
            each.url = None
    return Reply(shown)


@route(
    grant_routes, "POST", "/v1/admin/coupon-templates/{id}/code-batches/{batch_id}/exports",
    summary="Write the file of a batch's codes again; it is kept for a day",
    roles=WRITERS, answer=BatchView, key=False, status=202,
    may_raise=[NotAllowedInThisState], example={"answer": BATCH_EXAMPLE},
)  # fmt: skip
def export_code_batch(call: Call) -> Reply:
    template_id, batch_id = call.path["id"], call.path["batch_id"]
    act = audit.act_of(call, "coupon_template.export_codes", template_id)
    made = codes.export_again(template_id, batch_id, act, call.now)
    return Reply(_batch_view(made, to_ms(call.now)))
