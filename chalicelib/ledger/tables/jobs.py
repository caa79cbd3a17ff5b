"""Jobs, their parts, and the last job of each type."""

from __future__ import annotations

import json

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute
from chalicelib.ledger.rules.jobs import Job, Part
from chalicelib.ledger.rules.verification import Tally
from chalicelib.ledger.tables.items import JOB, PART, LedgerItem, job_key


class JobItem(LedgerItem):
    """A job; it has a result when all its parts are done."""

    type = UnicodeAttribute()
    created_at = IntegerAttribute()
    result = StructAttribute[Tally](Tally, null=True)

    @classmethod
    def of(cls, job: Job) -> JobItem:
        return cls.holding(job, job_key(job.id), JOB)

    def value(self) -> Job:
        return self.into(Job, id=self.pk.removeprefix("JOB#"))


class PartItem(LedgerItem):
    """A part of a job; each put of an unfinished part makes the relay publish a fact."""

    round = IntegerAttribute()
    walked = IntegerAttribute()
    cursor = UnicodeAttribute(null=True)
    tally = StructAttribute[Tally](Tally)
    saved_at = IntegerAttribute()

    @classmethod
    def of(cls, part: Part) -> PartItem:
        cursor = json.dumps(part.cursor) if part.cursor else None
        return cls.holding(part, job_key(part.job_id), f"{PART}{part.number:02d}", cursor=cursor)

    def value(self) -> Part:
        return self.into(
            Part,
            job_id=self.pk.removeprefix("JOB#"),
            number=int(self.sk.removeprefix(PART)),
            cursor=json.loads(self.cursor) if self.cursor else None,
        )


class LastJobItem(LedgerItem):
    """The last job of a type; one runs at a time."""

    job_id = UnicodeAttribute()
