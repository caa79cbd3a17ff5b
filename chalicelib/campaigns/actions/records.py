"""Records of events: an id is of one content, whoever sends it and however often."""

from __future__ import annotations

from collections.abc import Sequence

from pynamodb.exceptions import PutError

from chalicelib.campaigns import queries
from chalicelib.campaigns.errors import EventIdReused
from chalicelib.campaigns.rules import PartnerEvent
from chalicelib.campaigns.tables import EventItem
from chalicelib.kernel.errors import FieldError, Unavailable, Words

_REUSED = Words("该 id 已用于不同的内容", "was used with other content")


def check_reuse(
    events: Sequence[PartnerEvent], paths: Sequence[str], known: dict[str, EventItem]
) -> None:
    """Raises EventIdReused naming every event whose id has other content."""
    digests = {event_id: item.digest for event_id, item in known.items()}
    reused = [
        FieldError(path, "reused", _REUSED)
        for event, path in zip(events, paths, strict=True)
        if digests.setdefault(event.id, event.digest) != event.digest
    ]
    if reused:
        raise EventIdReused(*reused)


def same(partner: str, event: PartnerEvent) -> EventItem | None:
    """The record of an event.

    Raises EventIdReused if it is of other content.
    """
    found = queries.find_event(partner, event.id)
    if found is not None and found.digest != event.digest:
        raise EventIdReused(FieldError("id", "reused", _REUSED))
    return found


def put_alone(item: EventItem, partner: str, event: PartnerEvent) -> EventItem:
    """The record, put by itself for one write unit; that of another try if it is there."""
    try:
        item.save(condition=EventItem.pk.does_not_exist())
    except PutError as error:
        found = same(partner, event)
        if found is None:
            raise Unavailable() from error
        return found
    return item
