"""A member's picture in the profile: sent, checked, one at a time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chalicelib import catalog
from chalicelib.catalog.actions import buckets
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.members.tables.items import ProfileItem
from tests.api import Answer, Api
from tests.catalog.buckets import Buckets
from tests.catalog.drawing import picture
from tests.members.people import People, SignedIn


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> Buckets:
    made = Buckets.instead_of_s3(monkeypatch)
    monkeypatch.setattr(buckets, "hide", lambda key: made.shown.pop(key, None))
    return made


def change(api: Api, who: SignedIn, avatar: str | None) -> Answer:
    return api.patch("/v1/me", {"avatar": avatar}, as_=who.token)


def test_a_checked_picture_is_the_avatar_and_the_one_before_it_is_deleted(
    api: Api, people: People, pictures: Buckets
) -> None:
    who = people.sign_in()
    first, second = (pictures.checked(api, who.id) for _ in range(2))
    for _ in ("once", "again"):
        assert change(api, who, first).body["avatar"] == first
    assert len(pictures.shown) == 4
    assert change(api, who, second).body["avatar"] == second
    assert len(pictures.shown) == 2
    assert second.removeprefix("/pictures/") in pictures.shown
    assert change(api, who, None).body["avatar"] is None
    assert pictures.shown == {}


def test_what_is_no_checked_picture_of_the_member_is_refused_and_changes_nothing(
    api: Api, people: People, pictures: Buckets
) -> None:
    who, other = people.sign_in(), people.sign_in()
    kept = pictures.checked(api, who.id)
    change(api, who, kept)
    theirs = pictures.checked(api, other.id)
    unchecked = pictures.begun(api, who.id, picture("PNG"))
    used = pictures.checked(api, who.id)
    in_review(used, who.id)
    expected = ("unknown_picture", "unknown_picture", "picture_not_ready", "picture_used")
    codes = _codes(api, who, (theirs, "/pictures/mug.webp", unchecked, used))
    assert codes == expected
    assert api.get("/v1/me", as_=who.token).body["avatar"] == kept


def _codes(api: Api, who: SignedIn, paths: Sequence[str]) -> tuple[str, ...]:
    answers = [change(api, who, path) for path in paths]
    assert {each.status for each in answers} == {400}
    assert {each.body["errors"][0]["field"] for each in answers} == {"avatar"}
    return tuple(each.body["errors"][0]["code"] for each in answers)


def in_review(path: str, member_id: str) -> None:
    writes = WriteSet()
    catalog.use_pictures(writes, [path], member_id, "rev_1")
    writes.commit()


def test_an_address_elsewhere_is_refused_and_one_from_before_stays_until_it_is_replaced(
    api: Api, people: People, pictures: Buckets
) -> None:
    who = people.sign_in()
    elsewhere = "https://example.com/a.png"
    assert _codes(api, who, (elsewhere,)) == ("unknown_picture",)
    assert api.get("/v1/me", as_=who.token).body["avatar"] is None
    writes = WriteSet()
    writes.update(ProfileItem.key(who.id), [ProfileItem.avatar.set(elsewhere)])
    writes.commit()
    both = api.patch("/v1/me", {"nickname": "小满", "avatar": elsewhere}, as_=who.token)
    assert (both.body["nickname"], both.body["avatar"]) == ("小满", elsewhere)
    own = pictures.checked(api, who.id)
    assert change(api, who, own).body["avatar"] == own
    assert _codes(api, who, (elsewhere,)) == ("unknown_picture",)
    assert change(api, who, None).body["avatar"] is None
    assert pictures.shown == {}
