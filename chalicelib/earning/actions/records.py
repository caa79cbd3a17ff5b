"""Records of events: an id stands for one content, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pynamodb.exceptions import PutError
from pynamodb.expressions.update import Action

from chalicelib.earning import queries
from chalicelib.earning.errors import EventExists, EventIdReused
from chalicelib.earning.rules import Decision, PartnerEvent
from chalicelib.earning.tables import EventItem, SoldItemsItem, decided
from chalicelib.kernel.errors import FieldError, Unavailable, Words
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal

_REUSED = Words("该 id 已用于不同的内容", "was used with other content")


def check_same(event: PartnerEvent, record: EventItem | None) -> None:
    """Raise EventIdReused if the record has other content than the event."""
    if record is not None and record.digest != event.digest:
        raise EventIdReused(FieldError("id", "reused", _REUSED))


def same(partner: str, event: PartnerEvent) -> EventItem | None:
    """The record of an event.

    Raises EventIdReused if it has other content.
    """
    found = queries.find_event(partner, event.id)
    check_same(event, found)
    return found


def put_alone(item: EventItem, partner: str, event: PartnerEvent) -> EventItem:
    """Put the record by itself for one write unit, or return that of another try."""
    if item.has_more:
        return _put_with_items(item, partner, event)
    try:
        item.save(condition=EventItem.pk.does_not_exist())
    except PutError as error:
        found = same(partner, event)
        if found is None:
            raise Unavailable() from error
        return found
    return item


def put_event(writes: WriteSet, item: EventItem, partner: str, event: PartnerEvent) -> None:
    """Add the record of a new event, with its items where they do not fit in it."""
    writes.put_new(item, or_raise=EventExists)
    if item.has_more:
        writes.put(SoldItemsItem.of(partner, event))


def change_decisions(
    writes: WriteSet, event: EventItem, decisions: Sequence[Decision] | None, *also: Action
) -> None:
    """Add other decisions to the record of an event, if there are, and what else it tells."""
    told = decided(decisions) if decisions else {}
    said = [
        getattr(EventItem, name).set(value) for name, value in told.items() if value is not None
    ]
    writes.update(EventItem(event.pk, event.sk), [*said, *also])


def _put_with_items(item: EventItem, partner: str, event: PartnerEvent) -> EventItem:
    def write() -> EventItem:
        writes = WriteSet()
        put_event(writes, item, partner, event)
        writes.commit()
        return item

    return record_once(write, lambda: same(partner, event))[0]


def record_once(
    write: Callable[[], EventItem], find: Callable[[], EventItem | None]
) -> tuple[EventItem, bool]:
    """The record that `write` makes, or `find` finds: (record, replayed).

    Raises Unavailable if another try made the record that is not found, and what they raise.
    """
    try:
        return replay_outranks_refusal(write, find)
    except EventExists as error:
        raise Unavailable() from error
