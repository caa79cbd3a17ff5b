"""What an erased member leaves in earning: what partners told, check-ins and tasks go; events and
referrals keep ids and amounts, as the ledger does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.earning.queries import tasks
from chalicelib.earning.tables.people import MemberFactsItem
from chalicelib.earning.tables.tasks import CheckInsItem, CompletedItem, OpenedItem, ProgressItem
from chalicelib.kernel.store.writes import delete_each


def erase_of(member_id: str) -> None:
    """Delete what partners told of a member, check-ins, and what tasks know. Safe to repeat."""
    delete_each([MemberFactsItem(*MemberFactsItem.key(member_id))])
    delete_each(CheckInsItem.query(CheckInsItem.partition(member_id), consistent_read=True))
    for task in tasks.all_tasks():
        delete_each(_about(task.id, member_id))
    # Last: whoever repeats this finds the rest by the tasks, not by these.
    delete_each(ProgressItem.query(ProgressItem.partition(member_id), consistent_read=True))


def _about(task_id: str, member_id: str) -> Iterator[Any]:
    """Who opened what the member shared, and which surveys partners say that the member did."""
    for kind in (OpenedItem, CompletedItem):
        partition = kind.key(task_id, member_id, "").pk
        yield from kind.query(partition, consistent_read=True)
