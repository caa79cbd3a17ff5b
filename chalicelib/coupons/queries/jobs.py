"""Reads of jobs and of batches of codes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chalicelib.coupons.queries.templates import shards_of
from chalicelib.coupons.rules.codes import Code
from chalicelib.coupons.rules.jobs import CODES, CouponJob
from chalicelib.coupons.tables.items import CouponsItem
from chalicelib.coupons.tables.jobs import (
    DUE_JOBS,
    JOB,
    BatchItem,
    JobItem,
    TriesItem,
    job_key,
    list_of,
)
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import or_not_found


def find_job(job_id: str) -> CouponJob | None:
    found: CouponJob | None = JobItem.find_value(job_key(job_id), JOB)
    return found


def get_batch(template_id: str, job_id: str) -> CouponJob:
    """A template's batch of codes.

    Raises NotFound.
    """
    found = find_job(job_id)
    is_one = found and found.template_id == template_id and found.job_kind == CODES
    return or_not_found(found if is_one else None)


def batch_with(number: int) -> CouponJob | None:
    """The batch whose codes have a number."""
    key = BatchItem.key(number)
    item: BatchItem | None = BatchItem.find(key.pk, key.sk)
    return find_job(item.job_id) if item else None


def list_batches(template_id: str, asked: PageQuery) -> Page[CouponJob]:
    """A page of a template's batches, the newest first.

    Raises InvalidCursor.
    """
    name = list_of(CODES, template_id)
    query = partial(CouponsItem.listed.query, name, scan_index_forward=False)
    found = page(f"coupon_batches|{template_id}", asked, query, lambda item: (item.pk, item.sk))
    items = {item.pk: item for item in JobItem.batch_get(found.data)}
    return Page([items[pk].value() for pk, _ in found.data if pk in items], found.next_cursor)


def redeemed_of(job: CouponJob) -> int:
    """How many codes of a batch were redeemed, exactly."""
    return sum(each.given for each in shards_of(job.id))


def is_of_batch(code: Code, job: CouponJob) -> bool:
    return code.serial < job.size


def due_jobs(now_s: int) -> Iterator[str]:
    """The jobs that are not finished."""
    for item in CouponsItem.due.query(DUE_JOBS, CouponsItem.due_at <= now_s):
        yield item.pk.removeprefix("JOB#")


def tried_in(member_id: str, hour: int) -> int:
    """How many wrong codes a member tried in an hour, as of a moment ago."""
    key = TriesItem.key(member_id)
    item: TriesItem | None = TriesItem.find(key.pk, key.sk, consistent=False)
    return item.tried if item and item.hour == hour else 0
