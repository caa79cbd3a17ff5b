"""Claims of tasks, and what completes a task: each is paid once."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib import ledger, members
from chalicelib.earning.actions.payouts import commit, credit_of
from chalicelib.earning.errors import NotYourShare, TaskClosed
from chalicelib.earning.queries import tasks
from chalicelib.earning.rules import claims
from chalicelib.earning.rules.claims import Progress
from chalicelib.earning.rules.tasks import REVIEW, SHARE, SURVEY, Task
from chalicelib.earning.tables.tasks import ClaimItem, CompletedItem, OpenedItem, ProgressItem
from chalicelib.kernel.clock import program_day, to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    unmoved,
    with_fresh_reads,
)
from chalicelib.ledger import Cause


class Asked(NamedTuple):
    """A claim as a member asks for it: its id follows from their key."""

    id: str
    content: bytes
    member_id: str
    task_id: str


def claim(asked: Asked, now: datetime) -> tuple[ClaimItem, bool]:
    """Pay a task that the member has done: (claim, replayed).

    Raises NotFound, TaskClosed, TaskAlreadyClaimed, TaskLimitReached, NothingToClaim,
    IdempotencyKeyReused.
    """

    def write() -> ClaimItem:
        task = tasks.get_task(asked.task_id)
        if not task.is_open(to_ms(now)):
            raise TaskClosed()
        progress = tasks.progress_of(asked.member_id, task.id)
        claims.check_claim(task, progress, tasks.person_of(asked.member_id), program_day(now))
        item = ClaimItem.key(asked.id)
        item.content, item.member_id, item.task_id = asked.content, asked.member_id, task.id
        item.points, item.created_at = task.points, to_ms(now)
        writes = WriteSet()
        writes.put_new(item, or_raise=Moved)
        _pay(writes, task, progress, progress.claimed + 1, now)
        commit(writes)
        return item

    def find() -> ClaimItem | None:
        key = ClaimItem.key(asked.id)
        return replay_of(ClaimItem.find(key.pk, key.sk), asked.content)

    return replay_outranks_refusal(write, find)


def _pay(writes: WriteSet, task: Task, seen: Progress, about: str | int, now: datetime) -> None:
    """Add a task's points, and that they were paid."""
    put_progress(writes, seen, seen.paid_on(program_day(now)))
    account = ledger.find_account(ledger.points_account(seen.member_id))
    reference, source = claims.reference_of(task.id, about), f"task:{task.id}"
    cause = Cause(reference, source, to_ms(now), task.kind)
    ledger.accrue(writes, account, [credit_of(task.points, task.lots, cause, now)], now)


def put_progress(writes: WriteSet, seen: Progress, after: Progress) -> None:
    version = seen.version or None
    writes.put(ProgressItem.of(after), condition=unmoved(ProgressItem.version, version))


def pay_review(member_id: str, review_id: str, now: datetime) -> bool:
    """Pay a published review, once, also if it is hidden and published again; whether it was.

    Nothing is paid while no task asks for reviews, or beyond its limits.
    """
    task = tasks.task_of(REVIEW, to_ms(now))
    if task is None:
        return False

    def write() -> bool:
        account_id = ledger.points_account(member_id)
        progress = tasks.progress_of(member_id, task.id)
        if claims.limit_reached(task, progress, program_day(now)) is not None:
            return False
        if ledger.find_entry(account_id, claims.reference_of(task.id, review_id)):
            return False
        writes = WriteSet()
        _pay(writes, task, progress, review_id, now)
        commit(writes)
        return True

    return with_fresh_reads(write)


def open_share(task_id: str, code: str, opener: str, now: datetime) -> bool:
    """Record that a member opened what another shared; whether it is new and counts.

    Each opener counts once, and nobody opens their own.

    Raises NotYourShare.
    """
    task, sharer = tasks.find_task(task_id), members.member_with_code(code)
    if task is None or task.kind != SHARE or sharer is None:
        raise NotYourShare()
    if sharer == opener or not task.is_open(to_ms(now)):
        return False
    row = OpenedItem.key(task.id, sharer, opener)
    row.opened_at = to_ms(now)
    return _done_once(row, sharer, task)


def complete_survey(member_id: str, task_id: str, event: str, now: datetime) -> bool:
    """Record a partner's word that a member answered a survey; whether it is new and counts."""
    task = tasks.find_task(task_id)
    if task is None or task.kind != SURVEY or not task.is_open(to_ms(now)):
        return False
    row = CompletedItem.key(task.id, member_id, event)
    row.done_at = to_ms(now)
    return _done_once(row, member_id, task)


def _done_once(row: OpenedItem | CompletedItem, member_id: str, task: Task) -> bool:
    """Count what `row` says, unless it stands already."""

    def write() -> bool:
        if type(row).find(row.pk, row.sk) is not None:
            return False
        progress = tasks.progress_of(member_id, task.id)
        writes = WriteSet()
        writes.put_new(row, or_raise=Moved)
        put_progress(writes, progress, progress.once_more())
        writes.commit()
        return True

    return with_fresh_reads(write)
