"""The items of tasks and check-ins.

TASKS                    <task>             a task, as ops define it
TASKS                    PUBLISHED#<kind>   the published task of a kind that has one at a time
MADE#<id>                TASK               that a key made a task
CHK#<member>             <yyyy-mm>          the check-ins of a month
TASK#<member>            <task>             a member's progress with a task
CLAIM#<claim>            CLAIM              a claim, found by the key that made it
OPENED#<task>#<member>   <opener>           that somebody opened what a member shared
COMPLETED#<task>#<member>  <event>          that a partner's event told of a survey
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.earning.rules.check_ins import Month
from chalicelib.earning.rules.claims import Progress
from chalicelib.earning.rules.tasks import Task
from chalicelib.earning.tables import EarningItem
from chalicelib.kernel.store.attributes import (
    BytesAttribute,
    IntegerAttribute,
    IntegerMapAttribute,
    StructAttribute,
)

TASKS = "TASKS"
PUBLISHED = "PUBLISHED#"


class TaskItem(EarningItem):
    """A task with its version beside it, for conditions."""

    task = StructAttribute[Task](Task)
    version = IntegerAttribute()

    @classmethod
    def of(cls, task: Task) -> TaskItem:
        return cls(TASKS, task.id, task=task, version=task.version)

    def value(self) -> Task:
        return self.task


class PublishedItem(EarningItem):
    """Which task of a kind is published, of the kinds that have one at a time."""

    task_id = UnicodeAttribute()

    @classmethod
    def key(cls, kind: str) -> PublishedItem:
        return cls(TASKS, PUBLISHED + kind)


class MadeTaskItem(EarningItem):
    """That a key made a task, of this content."""

    made_of = BytesAttribute()
    task_id = UnicodeAttribute()

    @classmethod
    def key(cls, made_id: str) -> MadeTaskItem:
        return cls(f"MADE#{made_id}", "TASK")

    @property
    def content(self) -> bytes:
        found: bytes = self.made_of
        return found


class CheckInsItem(EarningItem):
    """A month of a member's check-ins: one item, so that a check-in writes one beside its entry."""

    days = IntegerAttribute()
    made_up = IntegerAttribute(null=True)
    carried = IntegerAttribute(null=True)
    points = IntegerAttribute(null=True)
    version = IntegerAttribute()
    bonused = IntegerMapAttribute(null=True)
    keys = StructAttribute[dict[int, str]](dict[int, str], null=True)

    @staticmethod
    def partition(member_id: str) -> str:
        return f"CHK#{member_id}"

    @classmethod
    def of(cls, month: Month) -> CheckInsItem:
        return cls.holding(month, cls.partition(month.member_id), month.month)

    def value(self) -> Month:
        return self.into(Month, member_id=self.pk.removeprefix("CHK#"), month=self.sk)


class ProgressItem(EarningItem):
    """A member's progress with a task."""

    done = IntegerAttribute(null=True)
    claimed = IntegerAttribute(null=True)
    day = IntegerAttribute(null=True)
    in_day = IntegerAttribute(null=True)
    month = UnicodeAttribute(null=True)
    in_month = IntegerAttribute(null=True)
    version = IntegerAttribute()

    @staticmethod
    def partition(member_id: str) -> str:
        return f"TASK#{member_id}"

    @classmethod
    def of(cls, progress: Progress) -> ProgressItem:
        return cls.holding(progress, cls.partition(progress.member_id), progress.task_id)

    def value(self) -> Progress:
        return self.into(Progress, member_id=self.pk.removeprefix("TASK#"), task_id=self.sk)


class ClaimItem(EarningItem):
    """A paid claim: the record of its key."""

    content = BytesAttribute()
    member_id = UnicodeAttribute()
    task_id = UnicodeAttribute()
    points = IntegerAttribute()
    created_at = IntegerAttribute()

    @classmethod
    def key(cls, claim_id: str) -> ClaimItem:
        return cls(f"CLAIM#{claim_id}", "CLAIM")

    @property
    def id(self) -> str:
        return self.pk.removeprefix("CLAIM#")


class OpenedItem(EarningItem):
    """That a member opened what another one shared: each counts once."""

    opened_at = IntegerAttribute()

    @classmethod
    def key(cls, task_id: str, sharer: str, opener: str) -> OpenedItem:
        return cls(f"OPENED#{task_id}#{sharer}", opener)


class CompletedItem(EarningItem):
    """That a partner's event said that a member has done a task."""

    done_at = IntegerAttribute()

    @classmethod
    def key(cls, task_id: str, member_id: str, about: str) -> CompletedItem:
        return cls(f"COMPLETED#{task_id}#{member_id}", about)
