"""Places as the API shows them."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.campaigns.rules.places import (
    Place,
    PlaceKind,
    PlaceReaders,
    PlaceStatus,
)
from chalicelib.catalog import Localized
from chalicelib.kernel.clock import rfc3339, rfc3339_ms
from chalicelib.kernel.shapes import shaped


class PlaceView(msgspec.Struct):
    """A place in the reader's language; `text`, `picture` and `link` are null where it has none."""

    id: str
    kind: PlaceKind
    title: str
    text: str | None
    picture: str | None
    link: str | None
    from_: str | None = msgspec.field(name="from")
    until: str | None


class PlacesView(msgspec.Struct):
    """What the pages show now, the first one first of each kind; dates that begin later, too."""

    banners: list[PlaceView]
    entries: list[PlaceView]
    announcements: list[PlaceView]
    dates: list[PlaceView]


class AdminPlaceView(msgspec.Struct):
    """A place as the staff sent it, with its version."""

    id: str
    version: int
    kind: PlaceKind
    title: Localized
    text: Localized | None
    pictures: Localized | None
    link: str | None
    rank: int
    from_: str | None = msgspec.field(name="from")
    until: str | None
    readers: PlaceReaders
    status: PlaceStatus
    created_at: str


class PlaceDayView(msgspec.Struct):
    """How often a place was seen and followed on a day of the program."""

    day: str
    views: int
    clicks: int


class PlaceCountsView(msgspec.Struct):
    """The counts of each day that has any, and their sums. Pages tell them: they are no proof."""

    days: list[PlaceDayView]
    views: int
    clicks: int


EXAMPLE: dict[str, Any] = {
    "id": "plc_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "kind": "banner",
    "title": "会员日双倍积分",
    "text": None,
    "picture": "/pictures/upl_5c3bqbzkmvnl2hwmbkqk5pnjhm.jpg",
    "link": "/pages/campaigns/list",
    "from": "2026-11-30T16:00:00Z",
    "until": "2026-12-07T16:00:00Z",
}
SHOWN: dict[str, Any] = {"banners": [EXAMPLE], "entries": [], "announcements": [], "dates": []}
DRAFT: dict[str, Any] = {
    "kind": "banner",
    "title": {"zh-CN": "会员日双倍积分", "en": "Double points on member day"},
    "pictures": {"zh-CN": EXAMPLE["picture"], "en": EXAMPLE["picture"]},
    "link": EXAMPLE["link"],
    "from": EXAMPLE["from"],
    "until": EXAMPLE["until"],
    "readers": {"to": "members", "members": {"tiers": ["gold"]}},
}
ADMIN: dict[str, Any] = {
    **DRAFT,
    "id": EXAMPLE["id"],
    "version": 1,
    "text": None,
    "rank": 0,
    "status": "draft",
    "created_at": "2026-11-30T08:00:00Z",
}


def places_view(places: list[Place], language: str) -> PlacesView:
    def of(kind: PlaceKind) -> list[PlaceView]:
        return [_view(each, language) for each in places if each.kind == kind]

    return PlacesView(of("banner"), of("entry"), of("announcement"), of("date"))


def _view(place: Place, language: str) -> PlaceView:
    def said(words: Localized | None) -> str | None:
        return (words.in_language(language) or None) if words else None

    return PlaceView(
        id=place.id,
        kind=place.kind,
        title=place.title.in_language(language),
        text=said(place.text),
        picture=said(place.pictures),
        link=place.link,
        from_=_told(place.from_),
        until=_told(place.until),
    )


def admin_view(place: Place) -> AdminPlaceView:
    times = {"from_": _told(place.from_), "until": _told(place.until)}
    return shaped(AdminPlaceView, place, created_at=rfc3339_ms(place.created_at_ms), **times)


def _told(at: Any) -> str | None:
    return None if at is None else rfc3339(at)


def counts_view(counted: dict[str, tuple[int, int]]) -> PlaceCountsView:
    days = [PlaceDayView(day, *counted[day]) for day in sorted(counted)]
    return PlaceCountsView(
        days, sum(each.views for each in days), sum(each.clicks for each in days)
    )
