"""Places: banners, entries, announcements and dates of the pages, for a time and for some."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from chalicelib.campaigns.rules.audiences import Buyer, is_in
from chalicelib.campaigns.rules.definitions import EVERYBODY, Audience
from chalicelib.catalog import Localized
from chalicelib.kernel import clock, shapes
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.spelling import paragraphs, pasted
from chalicelib.kernel.texts import OWN_PICTURE, PAGE_LINK, kind
from chalicelib.kernel.years import year_errors

PlaceKind = Literal["banner", "entry", "announcement", "date"]
PlaceStatus = Literal["draft", "published", "retired"]
ShownTo = Literal["all", "guests", "members"]
# Every process remembers all that are not retired.
MOST_PLACES = 200

PlaceTitleText = Annotated[str, kind(60)]
PlaceBodyText = Annotated[str, kind(2000, paragraphs, None, at_least=0)]
PlacePicture = Annotated[str, kind(300, pasted, OWN_PICTURE)]
PlaceLink = Annotated[str, kind(300, pasted, PAGE_LINK)]
Rank = Annotated[int, Meta(ge=0, le=1000)]
Instant = Annotated[datetime, Meta(tz=True)]


class PlaceTitle(Localized, frozen=True, forbid_unknown_fields=True):
    """At most 60 characters in each language."""

    zh: PlaceTitleText = msgspec.field(name="zh-CN")
    en: PlaceTitleText


class PlaceText(Localized, frozen=True, forbid_unknown_fields=True):
    """At most 2,000 characters in each language."""

    zh: PlaceBodyText = msgspec.field(default="", name="zh-CN")
    en: PlaceBodyText = ""


class PlacePictures(Localized, frozen=True, forbid_unknown_fields=True):
    """A picture of the mall's own for each language."""

    zh: PlacePicture = msgspec.field(name="zh-CN")
    en: PlacePicture


class PlaceReaders(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who sees it: visitors, members, or both; `members` narrows the members to an audience."""

    to: ShownTo = "all"
    members: Audience = EVERYBODY


class PlaceDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new place. A banner has `pictures`; the highest `rank` comes first.

    It is shown from `from` until `until`, which is excluded; null is without limit. A date is
    shown before `from`, too.
    """

    kind: PlaceKind
    title: PlaceTitle
    text: PlaceText | None = None
    pictures: PlacePictures | None = None
    link: PlaceLink | None = None
    rank: Rank = 0
    from_: Instant | None = msgspec.field(default=None, name="from")
    until: Instant | None = None
    readers: PlaceReaders = PlaceReaders()
    status: PlaceStatus = "draft"


class PlaceChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any part of a place but its kind; absent fields stay."""

    title: PlaceTitle | UnsetType = UNSET
    text: PlaceText | UnsetType | None = UNSET
    pictures: PlacePictures | UnsetType | None = UNSET
    link: PlaceLink | UnsetType | None = UNSET
    rank: Rank | UnsetType = UNSET
    from_: Instant | UnsetType | None = msgspec.field(default=UNSET, name="from")
    until: Instant | UnsetType | None = UNSET
    readers: PlaceReaders | UnsetType = UNSET
    status: PlaceStatus | UnsetType = UNSET


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place as the staff describes it."""

    id: str
    version: int
    kind: PlaceKind
    title: Localized
    text: Localized | None = None
    pictures: Localized | None = None
    link: str | None = None
    rank: int = 0
    from_: datetime | None = msgspec.field(default=None, name="from")
    until: datetime | None = None
    readers: PlaceReaders = PlaceReaders()
    status: PlaceStatus = "draft"
    created_at_ms: int = 0


def new_place(draft: PlaceDraft, place_id: str, now: datetime) -> Place:
    """Raises Invalid."""
    given = {name: getattr(draft, name) for name in draft.__struct_fields__}
    return _checked(Place(id=place_id, version=1, created_at_ms=to_ms(now), **given))


def changed_place(seen: Place, change: PlaceChange) -> Place:
    """The next version of a place. Texts and pictures are replaced whole where they are given.

    Raises Invalid.
    """
    whole = {
        name: value
        for name in ("text", "pictures")
        if (value := getattr(change, name)) is not UNSET
    }
    rest = replace(change, text=UNSET, pictures=UNSET)
    return _checked(replace(shapes.next_version(seen, rest), **whole))


def shown(place: Place, buyer: Buyer | None, now: datetime) -> bool:
    """Whether a member, or a visitor (None), sees a place now."""
    if place.status != "published" or (place.until is not None and now >= place.until):
        return False
    if place.kind != "date" and place.from_ is not None and now < place.from_:
        return False
    if buyer is None:
        return place.readers.to != "members"
    return place.readers.to != "guests" and is_in(place.readers.members, buyer)


def in_turn(place: Place) -> tuple[int, int, str]:
    """The place of a place: dates by their beginning, others by rank, then the newest."""
    if place.kind == "date":
        return (to_ms(place.from_) if place.from_ else 0, 0, place.id)
    return (-place.rank, -place.created_at_ms, place.id)


def _checked(place: Place) -> Place:
    if wrong := tuple(_errors(place)):
        raise Invalid(*wrong)
    return replace(
        place,
        title=_plain(place.title),
        text=place.text and _plain(place.text),
        pictures=place.pictures and _plain(place.pictures),
        from_=clock.recorded(place.from_),
        until=clock.recorded(place.until),
    )


def _plain(words: Localized) -> Localized:
    return Localized(words.zh, words.en)


_BACKWARDS = Words("须晚于开始时间", "must be later than from")
# What a kind cannot do without.
_NEEDED = {
    "date": ("from", Words("日历事项需要开始时间", "a date has a beginning")),
    "banner": ("pictures", Words("横幅需要图片", "a banner has pictures")),
    "entry": ("link", Words("入口需要链接", "an entry leads somewhere")),
}


def _errors(place: Place) -> Iterator[FieldError]:
    start, end = place.from_, place.until
    yield from year_errors({"from": start, "until": end})
    if start is not None and end is not None and end <= start:
        yield FieldError("until", "not_after_from", _BACKWARDS)
    if needed := _NEEDED.get(place.kind):
        field, words = needed
        if (start if field == "from" else getattr(place, field)) is None:
            yield FieldError(field, "required", words)
    if place.readers.to == "guests" and place.readers.members != EVERYBODY:
        words = Words("仅对访客展示时不能限定会员", "is not for a place that visitors see alone")
        yield FieldError("readers.members", "not_for_guests", words)
    if place.readers.members == Audience():
        words = Words("请选择会员范围", "names nobody")
        yield FieldError("readers.members", "nobody", words)
