"""Ops give coupons to members: a few at once, many in a job, each member once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from chalicelib import audit, members
from chalicelib.audit import Act
from chalicelib.coupons.actions.giving import grant_now
from chalicelib.coupons.queries import jobs as queries
from chalicelib.coupons.queries.templates import get_template
from chalicelib.coupons.rules.jobs import MEMBERS_A_PART, SHOWN_REFUSALS, CouponJob
from chalicelib.coupons.rules.templates import check_offered
from chalicelib.coupons.tables.jobs import JobItem, PartItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import Conflict, FieldError, Invalid, Moved, Words
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal


def start_grants(
    job: CouponJob, member_ids: Sequence[str], act: Act, now: datetime
) -> tuple[CouponJob, bool]:
    """Keep a list of members who get a coupon each: (job, replayed).

    Raises NotFound, CouponNotOffered, IdempotencyKeyReused, Invalid naming `members`.
    """

    def write() -> CouponJob:
        check_offered(get_template(job.template_id), to_ms(now))
        writes = WriteSet()
        writes.put_new(JobItem.of(job), or_raise=Moved)
        for number in range(-(-job.size // MEMBERS_A_PART)):
            part = PartItem.key(job.id, number)
            start = number * MEMBERS_A_PART
            part.members = list(member_ids[start : start + MEMBERS_A_PART])
            writes.put(part)
        told: audit.Facts = {"template_id": job.template_id, "members": job.size}
        audit.record(writes, act.changing({}, told))
        writes.commit()
        return job

    find = partial(queries.find_job, job.id)
    return replay_outranks_refusal(write, lambda: replay_of(find(), job.content))


def go_on(job: CouponJob, now: datetime) -> bool:
    """Give coupons to the members of a job's next part; whether the job is over.

    Safe to repeat after a crash at any point: each member has one of the job.
    """
    key = PartItem.key(job.id, job.done // MEMBERS_A_PART)
    part: PartItem | None = PartItem.find(key.pk, key.sk)
    told = {each: _grant(job, each, now) for each in (part.members if part else [])}
    refused = tuple((member_id, code) for member_id, code in told.items() if code)
    done = min(job.size, job.done + MEMBERS_A_PART)
    after = replace(
        job,
        done=done,
        given=job.given + len(told) - len(refused),
        refused=job.refused + len(refused),
        refusals=(*job.refusals, *refused)[:SHOWN_REFUSALS],
        finished_ms=to_ms(now) if done == job.size else None,
        version=job.version + 1,
    )
    writes = WriteSet()
    writes.put(JobItem.of(after), condition=JobItem.version == job.version, or_raise=Moved)
    writes.commit()
    return done == job.size


def _grant(job: CouponJob, member_id: str, now: datetime) -> str | None:
    """Give a member, by their id of today, a coupon, once for the job; the code of the refusal if
    they may have none."""
    found = members.find_member(member_id=member_id)
    if found is None:
        return "member_not_found"
    try:
        grant_now(job.template_id, found, f"{job.id}:{found}", now)
    except Conflict as refusal:
        return refusal.code
    return None


def check_members(member_ids: Sequence[str]) -> None:
    """Raises Invalid if a member is named twice."""
    if len(set(member_ids)) < len(member_ids):
        words = Words("有重复的会员", "names a member twice")
        raise Invalid(FieldError("members", "duplicate", words))
