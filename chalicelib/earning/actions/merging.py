"""A member is merged into another one: what either did of tasks is done."""

from __future__ import annotations

from functools import partial

from chalicelib.earning.actions import limits
from chalicelib.earning.queries import tasks
from chalicelib.earning.rules.merging import one_month, one_progress
from chalicelib.earning.tables.people import MemberFactsItem
from chalicelib.earning.tables.tasks import CheckInsItem, ProgressItem
from chalicelib.kernel.store.writes import WriteSet, put_or_find, unmoved, with_fresh_reads

_FIRST, _LAST = "0000-00", "9999-99"


def join_of(member_id: str, into: str) -> None:
    """Take a member's check-ins, tasks, what shops told and what rules' caps count over to another
    member, where they add to theirs. The rows of the old id stay, but for those of caps. Safe to
    repeat."""
    limits.join_caps(member_id, into)
    for task_id in tasks.all_progress(member_id):
        with_fresh_reads(partial(_join_task, member_id, into, task_id))
    for month in tasks.months_between(member_id, _FIRST, _LAST):
        with_fresh_reads(partial(_join_month, member_id, into, month))
    told = MemberFactsItem.find(*MemberFactsItem.key(member_id))
    if told is not None:
        pk, sk = MemberFactsItem.key(into)
        kept = {name: value for name, value in told.attribute_values.items() if name != "member_id"}
        put_or_find(
            MemberFactsItem(**{**kept, "pk": pk, "sk": sk}, member_id=into), MemberFactsItem
        )


def _join_task(member_id: str, into: str, task_id: str) -> None:
    seen = tasks.progress_of(into, task_id)
    after = one_progress(seen, tasks.progress_of(member_id, task_id))
    if after != seen:
        writes = WriteSet()
        same = unmoved(ProgressItem.version, seen.version or None)
        writes.put(ProgressItem.of(after), condition=same)
        writes.commit()


def _join_month(member_id: str, into: str, month: str) -> None:
    seen = tasks.months_between(into, month, month).get(month)
    after = one_month(seen, tasks.months_between(member_id, month, month)[month], into)
    if after != seen:
        writes = WriteSet()
        same = unmoved(CheckInsItem.version, seen.version if seen else None)
        writes.put(CheckInsItem.of(after), condition=same)
        writes.commit()
