"""Who sees a place, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.definitions import Audience
from chalicelib.campaigns.rules.places import (
    Place,
    PlaceChange,
    PlaceDraft,
    PlaceReaders,
    changed_place,
    in_turn,
    new_place,
    shown,
)
from chalicelib.catalog.rules.products import Localized
from chalicelib.kernel.errors import Invalid

pytestmark = pytest.mark.pure
NOW = datetime(2026, 12, 1, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
TITLE = {"zh-CN": "会员日", "en": "Member day"}
PICTURE = "/pictures/upl_5c3bqbzkmvnl2hwmbkqk5pnjhm.jpg"
PICTURES = {"zh-CN": PICTURE, "en": PICTURE}


def place(**changes: Any) -> Place:
    given = {"kind": "announcement", "title": Localized("会员日", "Member day"), **changes}
    return Place(id="plc_1", version=1, status=given.pop("status", "published"), **given)


def member(tier: str) -> Buyer:
    return Buyer(member_id="mbr_1", tier=tier)


def draft(**fields: Any) -> PlaceDraft:
    return msgspec.convert({"kind": "announcement", "title": TITLE, **fields}, PlaceDraft)


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_nobody_sees_what_is_not_published(status: str) -> None:
    assert not shown(place(status=status), member("gold"), NOW)


@pytest.mark.parametrize(
    ("start", "end", "seen"),
    [(0, 1, True), (-1, 0, False), (1, 2, False), (None, None, True), (-1, None, True)],
)
def test_a_place_is_shown_from_its_beginning_until_its_end(
    start: int | None, end: int | None, seen: bool
) -> None:
    times = {
        "from_": None if start is None else NOW + start * HOUR,
        "until": None if end is None else NOW + end * HOUR,
    }
    assert shown(place(**times), None, NOW) is seen


def test_a_date_is_shown_before_it_begins_and_no_more_once_it_is_over() -> None:
    date = place(kind="date", from_=NOW + HOUR, until=NOW + 2 * HOUR)
    assert shown(date, None, NOW)
    assert not shown(date, None, NOW + 2 * HOUR)


GOLD = Audience(tiers=["gold"])


@pytest.mark.parametrize(
    ("readers", "guest", "silver", "gold"),
    [
        (PlaceReaders(), True, True, True),
        (PlaceReaders("guests"), True, False, False),
        (PlaceReaders("members"), False, True, True),
        (PlaceReaders("all", GOLD), True, False, True),
        (PlaceReaders("members", GOLD), False, False, True),
    ],
)
def test_each_reader_sees_what_is_theirs(
    readers: PlaceReaders, guest: bool, silver: bool, gold: bool
) -> None:
    people = [None, member("silver"), member("gold")]
    assert [shown(place(readers=readers), each, NOW) for each in people] == [guest, silver, gold]


def test_the_highest_rank_comes_first_and_then_the_newest() -> None:
    old, new = place(created_at_ms=1), place(created_at_ms=2)
    high = place(rank=5)
    assert sorted([old, new, high], key=in_turn) == [high, new, old]
    sooner, later = place(kind="date", from_=NOW), place(kind="date", from_=NOW + HOUR, rank=9)
    assert sorted([later, sooner], key=in_turn) == [sooner, later]


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"from": NOW, "until": NOW}, "until", "not_after_from"),
        ({"from": NOW.replace(year=1026)}, "from", "out_of_range"),
        ({"kind": "date"}, "from", "required"),
        ({"kind": "banner"}, "pictures", "required"),
        ({"kind": "entry"}, "link", "required"),
        (
            {"readers": {"to": "guests", "members": {"tiers": ["gold"]}}},
            "readers.members",
            "not_for_guests",
        ),
        ({"readers": {"members": {}}}, "readers.members", "nobody"),
    ],
)
def test_a_place_that_cannot_be_is_refused_and_names_the_field(
    fields: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        new_place(draft(**fields), "plc_1", NOW)
    assert [(each.field, each.code) for each in refused.value.fields] == [(field, code)]


def test_a_change_is_checked_as_a_draft_is_and_absent_fields_stay() -> None:
    seen = new_place(draft(kind="banner", pictures=PICTURES, link="/a"), "plc_1", NOW)
    after = changed_place(seen, PlaceChange(rank=3, link=None))
    assert (after.version, after.rank, after.link, after.pictures) == (2, 3, None, seen.pictures)
    with pytest.raises(Invalid):
        changed_place(seen, PlaceChange(pictures=None))
