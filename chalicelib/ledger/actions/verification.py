"""Jobs that verify every account: started, walked in parts, finished once.

A part's item is its own message: each put makes the relay of the table's stream publish a fact,
so the start of a job needs no queue.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved, Unreadable
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.store.writes import WriteSet, unmoved, was_written, with_fresh_reads
from chalicelib.ledger import queries
from chalicelib.ledger.rules.jobs import (
    PARTS,
    RUNNING,
    SEGMENTS,
    VERIFY,
    Job,
    Part,
    status_of,
)
from chalicelib.ledger.rules.replay import Problem
from chalicelib.ledger.rules.verification import UNREADABLE, Tally, check_transfers
from chalicelib.ledger.tables import JOB, JOBS, JobItem, LastJobItem, PartItem, job_key

# Entries recorded during the walk are told apart by their time; clocks differ a little.
_MARGIN = timedelta(minutes=1)
_LOOKS, _PAUSE_S = 4, 1


def new_tally(now: datetime) -> Tally:
    """An empty tally that adds up transfers recorded until a moment ago."""
    return Tally(until_ms=to_ms(now - _MARGIN))


def start_verification(now: datetime) -> str:
    """Start a job that verifies every account, unless one is running; return its id."""

    def write() -> str:
        last_id = queries.last_job(VERIFY)
        last = queries.find_job(last_id) if last_id else None
        if last and status_of(last, queries.parts_of(last.id), to_ms(now)) == RUNNING:
            return last.id
        job = Job(ids.new_id("job"), VERIFY, to_ms(now))
        writes = WriteSet()
        writes.put(
            LastJobItem(JOBS, VERIFY, job_id=job.id), condition=unmoved(LastJobItem.job_id, last_id)
        )
        writes.put_new(JobItem.of(job), or_raise=Moved)
        for number in range(PARTS):
            part = Part(job.id, number, 0, 0, None, new_tally(now), to_ms(now))
            writes.put_new(PartItem.of(part), or_raise=Moved)
        writes.commit()
        return job.id

    return with_fresh_reads(write)


def continue_part(job_id: str, number: int, round_: int, enough: Callable[[], bool]) -> None:
    """Walk a part of a job until it is done or `enough` is true; the last part ends the job.

    A message that arrives twice or late finds the part in a later round and does nothing.
    """
    part = queries.find_part(job_id, number)
    if part is None:
        return
    if part.round == round_ and not part.is_done:
        part = _walked(part, enough)
        if not _saved(part, round_):
            return
    if part.is_done:
        _finish(job_id)


def _walked(part: Part, enough: Callable[[], bool]) -> Part:
    segments = range(part.segment, SEGMENTS, PARTS)
    walked, cursor = queries.prove_segments(part.tally, segments, SEGMENTS, part.cursor, enough)
    return replace(
        part,
        round=part.round + 1,
        walked=part.walked + walked,
        cursor=cursor,
        saved_at_ms=to_ms(clock.now()),
    )


def _saved(part: Part, seen_round: int) -> bool:
    """Save the part; whether it had not changed since. Another delivery may have saved it."""
    return was_written(lambda: PartItem.of(part).save(condition=PartItem.round == seen_round))


def _finish(job_id: str) -> None:
    """Record the job's result once all its parts are done. Idempotent."""
    parts = queries.parts_of(job_id)
    if not all(part.is_done for part in parts):
        return
    whole = Tally(until_ms=parts[0].tally.until_ms)
    for part in parts:
        whole.merge(part.tally)
    prove_transfers(whole)
    item = JobItem(job_key(job_id), JOB)
    first = JobItem.result.does_not_exist()
    if was_written(lambda: item.update([JobItem.result.set(whole)], condition=first)):
        log_result(whole, job_id)


def prove_transfers(tally: Tally) -> None:
    """Report transfers and escrows that do not agree, after all accounts are added up.

    Transfers and claims continue meanwhile, and indexes lag: one look that agrees is enough.
    """
    for look in range(_LOOKS):
        if look:
            time.sleep(_PAUSE_S)
        try:
            problems = _transfer_problems(tally)
        except Unreadable as error:
            # An item that was tampered with must not hide the other problems.
            named = " ".join(str(error.facts.get(name, "")) for name in ("table", "key"))
            problems = [Problem("program:transfers", None, UNREADABLE, named)]
        if not problems:
            return
    tally.report(problems)


def _transfer_problems(tally: Tally) -> list[Problem]:
    tomorrow = clock.program_day(clock.now()) + timedelta(days=1)
    since = queries.transferred_since(tally.until_ms + 1, tomorrow)
    since.update(tally.in_transfers)
    return list(check_transfers(since, queries.in_escrow()))


def log_result(tally: Tally, job_id: str) -> None:
    """Log a verification's result, and count it if it found problems."""
    if tally.found:
        count("LedgerNotSound", stage=config().stage)
        logger().error("the ledger is not sound", first=tally.problems[0]._asdict())
    logger().info(
        "the ledger was verified",
        job_id=job_id,
        accounts=tally.accounts,
        entries=tally.entries,
        problems=tally.found,
    )
