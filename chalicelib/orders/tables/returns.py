"""The items of returns: <return> RETURN, listed by their member and by their state."""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.store.attributes import (
    BytesAttribute,
    ChoiceAttribute,
    IntegerAttribute,
    StructAttribute,
)
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change
from chalicelib.kernel.store.tables import from_stream
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders.facts import OF_RETURN_STATUS, ReturnChanged
from chalicelib.orders.rules import Parcel, Step
from chalicelib.orders.rules.returns import KINDS, REJECTED, STATUSES, Return, ReturnLine
from chalicelib.orders.tables.items import OrdersItem, sortable

RETURN = "RETURN"
_OWNER = "RETURNS#"


class ReturnItem(OrdersItem):
    """A return. In the indexes of orders it stands in partitions of its own: its member's, by the
    time of asking, and its state's, by the end of its time or, when it has ended, by that moment.
    """

    order_id = UnicodeAttribute()
    kind = ChoiceAttribute(KINDS)
    status = ChoiceAttribute(STATUSES)
    version = IntegerAttribute()
    lines = StructAttribute[tuple[ReturnLine, ...]](tuple[ReturnLine, ...])
    reason = UnicodeAttribute()
    created_at = IntegerAttribute()
    content = BytesAttribute()
    steps = StructAttribute[tuple[Step, ...]](tuple[Step, ...])
    due_at = IntegerAttribute(null=True)
    pictures = StructAttribute[tuple[str, ...]](tuple[str, ...], null=True)
    instructions = UnicodeAttribute(null=True)
    parcel = StructAttribute[Parcel](Parcel, null=True)
    replacement = StructAttribute[Parcel](Parcel, null=True)
    points = IntegerAttribute(null=True)
    cash = IntegerAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    refunds = StructAttribute[tuple[str, ...]](tuple[str, ...], null=True)

    @classmethod
    def of(cls, made: Return) -> ReturnItem:
        since = made.ended_at_ms if made.due_at_ms is None else made.due_at_ms
        return cls.holding(
            made,
            made.id,
            RETURN,
            member_id=owner_key(made.member_id),
            placed=sortable(made.created_at_ms),
            queue=queue_name(made.status),
            queue_at=sortable(since),
            ended=None,
        )

    def value(self) -> Return:
        assert self.member_id, "every return has a member"
        return self.into(Return, id=self.pk, member_id=self.member_id.removeprefix(_OWNER))


def owner_key(member_id: str) -> str:
    """A member's returns in the index of members' orders."""
    return _OWNER + member_id


def queue_name(status: str) -> str:
    """The returns of a state in the index of waiting orders."""
    return f"returns:{status}"


def put_return(writes: WriteSet, seen: Return, after: Return) -> None:
    """Add a return's next version, refused with Moved if it is not as it was read."""
    writes.put(ReturnItem.of(after), condition=ReturnItem.version == seen.version)


def facts_of(change: Change) -> list[Fact[Any]]:
    """A fact for each new state of a return."""
    if change.after is None:
        return []
    made: Return = from_stream(ReturnItem, change.after).value()
    if change.before and from_stream(ReturnItem, change.before).value().status == made.status:
        return []
    step, first = made.steps[-1], made.lines[0]
    declined = {"reason": step.note} if made.status == REJECTED else {}
    data: ReturnChanged = shaped(
        OF_RETURN_STATUS[made.status],
        made,
        return_id=made.id,
        title={"zh-CN": first.title_zh, "en": first.title_en},
        lines=len(made.lines),
        by=step.by,
        **declined,
    )
    return [Fact.of(f"{data.TYPE}:{made.id}", rfc3339_ms(step.at_ms), data)]
