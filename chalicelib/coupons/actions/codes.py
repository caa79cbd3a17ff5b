"""Batches of codes: made by a job, redeemed by members, each code once."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.coupons.actions.giving import Given, give, look
from chalicelib.coupons.errors import (
    CouponCodeNotFound,
    CouponCodeUsed,
    CouponsGone,
    TooManyWrongCouponCodes,
)
from chalicelib.coupons.queries import jobs as queries
from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.coupons.queries.templates import get_template, shards_of
from chalicelib.coupons.rules import codes
from chalicelib.coupons.rules.codes import NUMBERS, Code
from chalicelib.coupons.rules.counts import SHARDS, draws_of
from chalicelib.coupons.rules.coupons import Coupon
from chalicelib.coupons.rules.jobs import CouponJob
from chalicelib.coupons.rules.templates import Template, check_offered
from chalicelib.coupons.tables.jobs import BatchItem, CodeItem, JobItem, TriesItem
from chalicelib.coupons.tables.templates import CountItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.crypto import keyed_hash
from chalicelib.kernel.csv_cells import CsvWriter
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import FieldError, Invalid, Moved, NotAllowedInThisState, Words
from chalicelib.kernel.store.tries import HOUR_S, count_try
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads

WRONG_CODES_AN_HOUR = 10
LINK_S = 15 * 60
COLUMNS = ("code",)


def mac_of(number: int, serial: int) -> bytes:
    return keyed_hash("coupon_code", str(number), str(serial))


def start_batch(job: CouponJob, act: Act, now: datetime) -> tuple[CouponJob, bool]:
    """Take so many codes out of a template's total and let a job write their file:
    (job, replayed).

    Raises NotFound, CouponNotOffered, CouponsGone, IdempotencyKeyReused.
    """

    def write() -> CouponJob:
        template = get_template(job.template_id)
        check_offered(template, to_ms(now))
        # Numbers tell nothing of how many batches there are.
        number = random.randrange(NUMBERS)  # noqa: S311 - the MAC is the secret
        made = replace(job, number=number)
        writes = WriteSet()
        writes.put_new(JobItem.of(made), or_raise=Moved)
        batch = BatchItem.key(number)
        batch.job_id = job.id
        writes.put_new(batch, or_raise=Moved)
        _draw(writes, template, job.size)
        audit.record(writes, act.changing({}, {"template_id": template.id, "count": job.size}))
        writes.commit()
        return made

    find = partial(queries.find_job, job.id)
    return replay_outranks_refusal(write, lambda: replay_of(find(), job.content))


def _draw(writes: WriteSet, template: Template, count: int) -> None:
    """Add that so many of a template's coupons are in codes.

    Raises CouponsGone.
    """
    if template.total is None:
        key = CountItem.key(template.id, random.randrange(SHARDS))  # noqa: S311 - a shard
        none = CountItem.left.does_not_exist()
        writes.update(key, [CountItem.given.add(count)], condition=none)
        return
    draws = draws_of(count, shards_of(template.id))
    if draws is None:
        raise CouponsGone()
    for number, taken in draws.items():
        changes = [CountItem.given.add(taken), CountItem.left.add(-taken)]
        enough = CountItem.left >= taken
        writes.update(CountItem.key(template.id, number), changes, condition=enough)


def export_again(template_id: str, job_id: str, act: Act, now: datetime) -> CouponJob:
    """Let the file of a batch be written once more: the bucket forgets it after a day.

    Raises NotFound, NotAllowedInThisState while it is being written.
    """

    def write() -> CouponJob:
        seen = queries.get_batch(template_id, job_id)
        if seen.finished_ms is None:
            raise NotAllowedInThisState(status="running").telling(state=Words("生成中", "running"))
        again = replace(seen, finished_ms=None, file=None, created_at_ms=seen.created_at_ms)
        _put(writes := WriteSet(), seen, again)
        audit.record(writes, act.changing({}, {"template_id": template_id}))
        writes.commit()
        return again

    del now
    return with_fresh_reads(write)


def write_file(job: CouponJob, now: datetime) -> bool:
    """Write the file of a batch's codes into the bucket. Safe to repeat: its codes are the same,
    and the job names the last file."""
    name = f"exports/{secrets.token_hex(16)}.csv"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "codes.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = CsvWriter(file, COLUMNS)
            for code in all_codes(job):
                rows.write((code,))
        sent = {"ContentType": "text/csv; charset=utf-8"}
        _s3().upload_file(str(path), _bucket(), name, ExtraArgs=sent)
    writes = WriteSet()
    _put(writes, job, replace(job, file=name, finished_ms=to_ms(now), done=job.size))
    writes.commit()
    return True


def all_codes(job: CouponJob) -> Iterator[str]:
    """All codes of a batch, the same each time."""
    assert job.number is not None, "a batch has a number"
    for serial in range(job.size):
        yield codes.written(Code(job.number, serial), mac_of)


def _put(writes: WriteSet, seen: CouponJob, after: CouponJob) -> None:
    made = replace(after, version=seen.version + 1)
    writes.put(JobItem.of(made), condition=JobItem.version == seen.version, or_raise=Moved)


def link_to(job: CouponJob) -> str:
    """A link to the file of a batch, good for LINK_S seconds."""
    saved_as = f"jifen-codes-{job.id}.csv"
    found: str = _s3().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": _bucket(),
            "Key": job.file,
            "ResponseContentDisposition": f'attachment; filename="{saved_as}"',
        },
        ExpiresIn=LINK_S,
    )
    return found


def redeem(
    text: str, coupon_id: str, member_id: str, content: bytes, now: datetime
) -> tuple[Coupon, bool]:
    """Give a member the coupon of a code, which nobody else has then: (coupon, replayed).

    Raises Invalid, TooManyWrongCouponCodes, CouponCodeNotFound, CouponCodeUsed, CouponNotOffered,
    CouponLimitReached, IdempotencyKeyReused.
    """

    def write() -> Coupon:
        code, job = _known(text, member_id, now)
        template, shard = look(job.template_id)
        writes = WriteSet()
        used = CodeItem.key(code)
        used.coupon_id = coupon_id
        writes.put_new(used, or_raise=CouponCodeUsed)
        given = Given(coupon_id, member_id, f"code:{job.id}", content)
        coupon = give(writes, template, shard, given, now, counted=False)
        count = CountItem.key(job.id, code.serial % SHARDS)
        writes.update(count, [CountItem.given.add(1)])
        writes.commit()
        return coupon

    return replay_outranks_refusal(write, lambda: replay_of(find_coupon(coupon_id), content))


def _known(text: str, member_id: str, now: datetime) -> tuple[Code, CouponJob]:
    """A code and its batch, for a member whose wrong ones are counted.

    Raises Invalid, TooManyWrongCouponCodes, CouponCodeNotFound.
    """
    at_s = to_ms(now) // 1000
    hour = at_s // HOUR_S
    if queries.tried_in(member_id, hour) >= WRONG_CODES_AN_HOUR:
        raise TooManyWrongCouponCodes(retry_after_s=(hour + 1) * HOUR_S - at_s)
    if not codes.is_typed_well(text):
        words = Words("优惠码有误，请核对每个字母和数字", "has a symbol that is mistyped")
        raise Invalid(FieldError("code", "mistyped", words))
    code = codes.read(text, mac_of)
    job = queries.batch_with(code.batch) if code else None
    if code is None or job is None or not queries.is_of_batch(code, job):
        count_try(TriesItem.key(member_id), hour)
        raise CouponCodeNotFound()
    return code, job


def _bucket() -> str:
    return config().privacy.required("exports_bucket")


@cache
def _s3() -> Any:
    """The S3 client of this process: a call takes 15 seconds at most."""
    import boto3
    from botocore.config import Config

    # Links are signed for the bucket's region, as all but the oldest regions require.
    return boto3.client(
        "s3", config=Config(connect_timeout=2, read_timeout=15, signature_version="s3v4")
    )
