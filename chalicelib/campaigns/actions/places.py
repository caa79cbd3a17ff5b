"""Writes of places, and of how often they are seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.campaigns.errors import TooManyPlaces
from chalicelib.campaigns.queries import places as queries
from chalicelib.campaigns.rules.places import (
    MOST_PLACES,
    Place,
    PlaceChange,
    PlaceDraft,
    changed_place,
    new_place,
)
from chalicelib.campaigns.tables.places import PLACES, PlaceDayItem, PlaceItem
from chalicelib.kernel.clock import program_day
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Stale
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    update_alone,
    with_fresh_reads,
)


def create_place(
    draft: PlaceDraft, place_id: str, content: bytes, act: Act, now: datetime
) -> tuple[Place, bool]:
    """Create a place: (place, replayed).

    Raises Invalid, TooManyPlaces, IdempotencyKeyReused.
    """

    def write() -> Place:
        place = new_place(draft, place_id, now)
        if queries.count_places() >= MOST_PLACES:
            raise TooManyPlaces(at_most=MOST_PLACES)
        writes = WriteSet()
        writes.put_new(PlaceItem.of(place, content), or_raise=IdempotencyKeyReused)
        audit.record_change(writes, act, None, place)
        writes.commit()
        return place

    def find() -> Place | None:
        item = replay_of(PlaceItem.find(PLACES, place_id), content)
        return item.place if item else None

    made = replay_outranks_refusal(write, find)
    queries.forget_places()
    return made


def change_place(place_id: str, change: PlaceChange, version: int, act: Act) -> Place:
    """Change a place: pages show it within a minute.

    Raises NotFound, Stale, Invalid.
    """

    def write() -> Place:
        item = queries.find_place_item(place_id)
        if item.version != version:
            raise Stale()
        after = changed_place(item.place, change)
        writes = WriteSet()
        same = PlaceItem.version == version
        writes.put(PlaceItem.of(after, item.content), condition=same, or_raise=Stale)
        audit.record_change(writes, act, item.place, after)
        writes.commit()
        return after

    made = with_fresh_reads(write)
    queries.forget_places()
    return made


def count_seen(views: Iterable[str], clicks: Iterable[str], now: datetime) -> None:
    """Count places that were seen and followed: a write unit for each. Others count nothing."""
    views, clicks = list(views), list(clicks)
    known = queries.published_among([*views, *clicks])
    day = f"{program_day(now)}"
    for attribute, ids in ((PlaceDayItem.views, views), (PlaceDayItem.clicks, clicks)):
        for place_id in dict.fromkeys(ids):
            if place_id in known:
                update_alone(PlaceDayItem.any_of(place_id, day), [attribute.add(1)])
