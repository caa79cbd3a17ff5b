"""All of a member's data as a file: asked for once, made soon, fetched by a link."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Answer, token
from tests.catalog.buckets import Buckets
from tests.conftest import Time
from tests.members.people import People
from tests.privacy.files import Files, opened
from tests.privacy.leaving import CARD, Leaver, run
from tests.world import World


def asked(world: World, member: str) -> Answer:
    return world.api.get("/v1/me/export", as_=token(member))


def test_an_export_is_made_soon_and_fetched_by_a_link(
    world: World, people: People, files: Files
) -> None:
    who = people.sign_in()
    first = asked(world, who.id)
    assert (first.status, first.body["status"], first.body["url"]) == (202, "preparing", None)
    assert asked(world, who.id) == first
    assert run()["exported"] == 1
    ready = asked(world, who.id)
    assert (ready.status, ready.body["status"]) == (200, "ready")
    (key,) = files.kept
    assert ready.body["url"] == f"https://exports.example.com/{key}?expires=900"
    assert ready.body["bytes"] == len(files.kept[key])
    assert who.id not in key
    assert opened(files.kept[key])["about"]["member_id"] == who.id


def test_one_export_a_day_is_made(world: World, people: People, files: Files, time: Time) -> None:
    who = people.sign_in()
    asked(world, who.id)
    run()
    first = asked(world, who.id).body
    time.advance(hours=23)
    assert asked(world, who.id).body["requested_at"] == first["requested_at"]
    assert run()["exported"] == 0
    time.advance(hours=2)
    again = asked(world, who.id)
    assert (again.status, again.body["status"]) == (202, "preparing")
    assert run()["exported"] == 1
    assert len(files.kept) == 2


def test_an_export_holds_all_that_the_mall_has_of_a_member(
    world: World, people: People, pictures: Buckets, engine: str, files: Files
) -> None:
    leaver = Leaver(world, people, pictures, engine)
    asked(world, leaver.who.id)
    run()
    (content,) = files.kept.values()
    found = opened(content)
    assert {each["text"] for each in found["identities"]} == {leaver.who.phone, leaver.email}
    assert found["profile"][0]["nickname"] == leaver.name
    assert found["addresses"][0]["street"] == leaver.street
    assert found["external_ids"][0]["id"] == leaver.external["id"]
    assert found["notes_of_staff"][0]["text"] == f"{leaver.name} 来电"
    assert found["payout_account"][0]["account_number"] == CARD
    assert found["reviews"][0]["id"] == leaver.review
    assert found["returns"][0]["id"] == leaver.returned
    assert leaver.order in {each["id"] for each in found["orders"]}
    assert found["favourites"][0]["product_id"] == leaver.favourite
    assert (len(found["cart"]), len(found["sessions"])) == (1, 1)
    gift = next(each for each in found["entries"] if each["type"] == "transfer_out")
    assert gift["message"] == leaver.words
    assert found["notices"] != []
    assert found["invoices"][0]["id"] == leaver.invoice
    assert (len(found["balances"]), len(found["withdrawals"])) == (3, 1)


def test_a_file_that_cannot_be_put_is_made_by_the_next_run(
    world: World, people: People, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = people.sign_in()
    asked(world, who.id)

    def away(*_: Any, **__: Any) -> None:
        raise OSError("the bucket is away")

    with monkeypatch.context() as patch:
        patch.setattr(files, "upload_file", away)
        with pytest.raises(ExceptionGroup):
            run()
    assert asked(world, who.id).status == 202
    assert run()["exported"] == 1
    assert asked(world, who.id).status == 200
