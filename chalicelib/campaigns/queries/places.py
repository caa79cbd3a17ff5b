"""Reads of places: all that are published once a minute, their counts by day for the staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from chalicelib import tiers
from chalicelib.campaigns.queries.people import buyer_of, want_facts
from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.places import Place, PlaceKind, PlaceStatus, in_turn, shown
from chalicelib.campaigns.tables.places import DAY, PLACE, PLACES, PlaceDayItem, PlaceItem
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.recall import Recall
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.tables import readable

_KEPT_S = 60
_kept: Recall[str, list[Place]] = Recall(_KEPT_S, 1)


def published_places() -> list[Place]:
    """The published places, as of a minute ago at most: most calls read nothing."""
    found = _kept.get(PLACES)
    if found is None:
        every = readable(PlaceItem.query(PLACES))
        found = [item.place for item in every if item.place.status == "published"]
        _kept.keep(PLACES, found)
    return found


def published_among(place_ids: Iterable[str]) -> set[str]:
    """Those of some ids that are published places. Only what was published in the last minute, or
    is none, is read: one request."""
    asked = {each for each in place_ids if is_id("plc", each)}
    known = {each.id for each in published_places()} & asked
    unknown = sorted(asked - known)
    if not unknown:
        return known
    found = readable(PlaceItem.batch_get([(PLACES, each) for each in unknown]))
    return known | {each.place.id for each in found if each.place.status == "published"}


def forget_places() -> None:
    """Read again at the next call: this process has changed one."""
    _kept.clear()


def places_of_visitors(now: datetime) -> list[Place]:
    """What everybody sees who is not signed in, the first one first."""
    return _shown_to(None, now)


def places_for(member_id: str, now: datetime) -> list[Place]:
    """What a member sees now, the first one first: one request."""
    reads = ReadSet()
    find_facts, find_tier = want_facts(reads, member_id), tiers.want_tier(reads, member_id)
    reads.read()
    return _shown_to(buyer_of(find_facts(), find_tier()), now)


def _shown_to(buyer: Buyer | None, now: datetime) -> list[Place]:
    return sorted((each for each in published_places() if shown(each, buyer, now)), key=in_turn)


def list_places(page: PageQuery, kind: PlaceKind | None, status: PlaceStatus | None) -> Page[Place]:
    """A page of all places, the newest first.

    Raises InvalidCursor.
    """
    every = (item.place for item in PlaceItem.query(PLACES, consistent_read=True))
    wanted = (each for each in every if kind in (None, each.kind) and status in (None, each.status))
    scope = f"places|{kind}|{status}"
    return cursors.part(scope, page, wanted, lambda each: (-each.created_at_ms, each.id))


def count_places() -> int:
    """How many are not retired."""
    every = PlaceItem.query(PLACES, consistent_read=True)
    return sum(item.place.status != "retired" for item in every)


def find_place_item(place_id: str) -> PlaceItem:
    """The stored item of a place.

    Raises NotFound, also for a malformed id.
    """
    known = is_id("plc", place_id)
    item: PlaceItem = or_not_found(PlaceItem.find(PLACES, place_id) if known else None)
    return item


def counts_of(place_id: str, first: date, last: date) -> dict[str, tuple[int, int]]:
    """Views and clicks by day of the program, from the first day to the last."""
    between = PlaceDayItem.sk.between(f"{DAY}{first}", f"{DAY}{last}~")
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for item in PlaceDayItem.query(f"{PLACE}{place_id}", between):
        day = item.sk.removeprefix(DAY).partition("#")[0]
        views, clicks = sums[day]
        sums[day] = (views + (item.views or 0), clicks + (item.clicks or 0))
    return dict(sums)
