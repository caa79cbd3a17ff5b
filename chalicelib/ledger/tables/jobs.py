"""Jobs, their parts, and which job of a type was started last."""

from __future__ import annotations

import json

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute
from chalicelib.ledger.rules.jobs import Job, Part
from chalicelib.ledger.rules.verification import Tally
from chalicelib.ledger.tables.items import JOB, PART, LedgerItem, job_key


class JobItem(LedgerItem):
    """A job; its result comes when all its parts are done."""

    type = UnicodeAttribute()
    created_at = IntegerAttribute()
    result = StructAttribute[Tally](Tally, null=True)

    @classmethod
    def of(cls, job: Job) -> JobItem:
        return cls(
            job_key(job.id), JOB, type=job.type, created_at=job.created_at_ms, result=job.result
        )

    def value(self) -> Job:
        return Job(self.pk.removeprefix("JOB#"), self.type, self.created_at, self.result)


class PartItem(LedgerItem):
    """A part of a job: each time that it is put, the relay tells that it has more to do."""

    round = IntegerAttribute()
    walked = IntegerAttribute()
    cursor = UnicodeAttribute(null=True)
    tally = StructAttribute[Tally](Tally)
    saved_at = IntegerAttribute()

    @classmethod
    def of(cls, part: Part) -> PartItem:
        return cls(
            job_key(part.job_id), f"{PART}{part.number:02d}", round=part.round,
            walked=part.walked, cursor=json.dumps(part.cursor) if part.cursor else None,
            tally=part.tally, saved_at=part.saved_at_ms,
        )  # fmt: skip

    def value(self) -> Part:
        return Part(
            job_id=self.pk.removeprefix("JOB#"), number=int(self.sk.removeprefix(PART)),
            round=self.round, walked=self.walked,
            cursor=json.loads(self.cursor) if self.cursor else None, tally=self.tally,
            saved_at_ms=self.saved_at,
        )  # fmt: skip


class LastJobItem(LedgerItem):
    """Which job of a type was started last: there is one at a time."""

    job_id = UnicodeAttribute()
