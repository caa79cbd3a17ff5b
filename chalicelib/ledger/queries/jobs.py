"""Jobs with their parts."""

from __future__ import annotations

from chalicelib.ledger.rules.jobs import Job, Part
from chalicelib.ledger.tables import JOB, JOBS, PART, JobItem, LastJobItem, PartItem, job_key


def find_job(job_id: str) -> Job | None:
    return JobItem.find_value(job_key(job_id), JOB)


def find_part(job_id: str, number: int) -> Part | None:
    return PartItem.find_value(job_key(job_id), f"{PART}{number:02d}")


def parts_of(job_id: str) -> list[Part]:
    """All parts of a job; read consistently."""
    found = PartItem.query(job_key(job_id), PartItem.sk.startswith(PART), consistent_read=True)
    return [item.value() for item in found]


def last_job(job_type: str) -> str | None:
    """The id of the job of a type that was started last."""
    item = LastJobItem.find(JOBS, job_type)
    return item.job_id if item else None
