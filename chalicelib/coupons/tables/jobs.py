"""The items of jobs and of codes.

pk JOB#<job>           sk JOB       a job, in the list of its template
pk JOB#<job>           sk PART#<n>  members who get a coupon
pk BATCH#<number>      sk BATCH     whose codes these are
pk CODES#<number>#<n>  sk <serial>  that a code was redeemed
pk TRIES#<member>      sk TRIES     wrong codes of a member
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.coupons.rules.codes import Code
from chalicelib.coupons.rules.jobs import CouponJob
from chalicelib.coupons.tables.coupons import due_s
from chalicelib.coupons.tables.items import CouponsItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

JOB, PART, BATCH, TRIES = "JOB", "PART#", "BATCH", "TRIES"
DUE_JOBS = "JOBS#0"
# So many codes to a partition.
_A_PARTITION = 4096


class JobItem(CouponsItem):
    """A job; an unfinished one stands in the index of due things."""

    job_kind = UnicodeAttribute()
    template_id = UnicodeAttribute()
    size = IntegerAttribute()
    created_at = IntegerAttribute()
    made_by = UnicodeAttribute()
    content = BytesAttribute()
    version = IntegerAttribute()
    done = IntegerAttribute(null=True)
    given = IntegerAttribute(null=True)
    refused = IntegerAttribute(null=True)
    refusals = StructAttribute[tuple[tuple[str, str], ...]](tuple[tuple[str, str], ...], null=True)
    number = IntegerAttribute(null=True)
    file = UnicodeAttribute(null=True)
    finished = IntegerAttribute(null=True)

    @classmethod
    def of(cls, job: CouponJob) -> JobItem:
        due = {}
        if job.finished_ms is None:
            due = {"due_shard": DUE_JOBS, "due_at": due_s(job.created_at_ms)}
        return cls.holding(
            job,
            job_key(job.id),
            JOB,
            **due,
            list_name=list_of(job.job_kind, job.template_id),
            list_order=f"{job.created_at_ms:015d}#{job.id}",
        )

    def value(self) -> CouponJob:
        return self.into(CouponJob, id=self.pk.removeprefix("JOB#"))


class PartItem(CouponsItem):
    """Members of a list; the part is deleted with its job's progress over it."""

    members = StructAttribute[list[str]](list[str])

    @classmethod
    def key(cls, job_id: str, number: int) -> PartItem:
        return cls(job_key(job_id), f"{PART}{number:04d}")


class BatchItem(CouponsItem):
    """Whose codes have this number."""

    job_id = UnicodeAttribute()

    @classmethod
    def key(cls, number: int) -> BatchItem:
        return cls(f"BATCH#{number}", BATCH)


class CodeItem(CouponsItem):
    """That a code was redeemed, for which coupon."""

    coupon_id = UnicodeAttribute()

    @classmethod
    def key(cls, code: Code) -> CodeItem:
        pk = f"CODES#{code.batch}#{code.serial // _A_PARTITION}"
        return cls(pk, f"{code.serial:07d}")


class TriesItem(CouponsItem):
    """The last hour in which a member tried wrong codes, and how many."""

    hour = IntegerAttribute()
    tried = IntegerAttribute()

    @classmethod
    def key(cls, member_id: str) -> TriesItem:
        return cls(f"TRIES#{member_id}", TRIES)


def job_key(job_id: str) -> str:
    return f"JOB#{job_id}"


def list_of(job_kind: str, template_id: str) -> str:
    return f"{job_kind}#{template_id}"
