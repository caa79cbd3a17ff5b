"""All of a member's data as a file: asked for once, made soon, fetched by a link."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.earning.events import begin_referral
from chalicelib.earning.rules.claims import Progress
from chalicelib.earning.tables.people import MemberFactsItem
from chalicelib.earning.tables.tasks import ProgressItem
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.risk.rules.cases import judged
from chalicelib.risk.rules.scores import Reason, Verdict
from chalicelib.risk.tables import RiskCaseItem
from chalicelib.tiers.actions.standings import record_activity
from chalicelib.tiers.rules.history import Step
from chalicelib.tiers.rules.months import month_of
from chalicelib.tiers.rules.standing import Sums
from chalicelib.tiers.tables import StepItem
from tests.api import Answer, new_key, token
from tests.catalog.buckets import Buckets
from tests.conftest import Time
from tests.facts import made
from tests.members.people import People
from tests.privacy.files import Files, opened
from tests.privacy.leaving import CARD, Leaver, run
from tests.risk.people import signs_in
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


def test_an_export_tells_of_check_ins_and_invitations(
    world: World, people: People, files: Files
) -> None:
    inviter = people.sign_in()
    me = token(inviter.id)
    assert world.api.post("/v1/me/check-ins", as_=me).status == 201
    code = world.api.get("/v1/me", as_=me).body["referral_code"]
    friend = people.sign_in(referral_code=code)
    data = {"member_id": friend.id, "referred_by": inviter.id}
    begin_referral(made("x", "member.registered", "", data))
    mine, theirs = (exported(world, files, each.id) for each in (inviter, friend))
    (month,) = mine["check_ins"]
    assert (month["points"], [day["made_up"] for day in month["days"]]) == (1, [False])
    assert [each["state"] for each in mine["referrals"]] == ["joined"]
    # A friend is masked, as on the page; who invited is somebody else's matter.
    assert friend.phone not in str(mine)
    assert [each["state"] for each in theirs["invited_by"]] == ["joined"]
    assert inviter.id not in str(theirs)
    assert theirs["check_ins"] == []


def test_an_export_tells_of_the_tier_of_tasks_and_of_what_shops_told(
    world: World, people: People, files: Files
) -> None:
    who = people.sign_in()
    month = month_of(clock.now(), config().time_zone)
    record_activity(who.id, month, "x", Sums(1, 1), clock.now())
    key, told = MemberFactsItem.key(who.id), {"club": True}
    MemberFactsItem(*key, member_id=who.id, occurred_at=1000, birthday=1231, told=told).save()
    ProgressItem.of(Progress(who.id, "tsk_x", done=2, claimed=1)).save()
    found = exported(world, files, who.id)
    assert found["told_by_shops"] == [
        {"occurred_at": "1970-01-01T00:00:01Z", "birthday": "12-31", "attributes": told}
    ]
    assert found["tasks"] == [{"task_id": "tsk_x", "title": None, "done": 2, "claimed": 1}]
    assert [each["tier"] for each in found["tier"]] == ["normal"]


def test_an_export_tells_what_risk_keeps_in_words(
    world: World, people: People, files: Files, time: Time
) -> None:
    time.advance_to_noon()
    who, device = people.sign_in(), new_key()
    signs_in(who.id, device, "203.0.113.0/24")
    signs_in(people.sign_in().id, device)
    reasons = (Reason("members_on_a_device", 1, 40),)
    verdict = Verdict(40, "watch", reasons)
    case = judged(None, who.id, verdict, 1000)
    assert case
    RiskCaseItem.of(case).save()
    found = exported(world, files, who.id)
    at = clock.rfc3339(clock.now())
    uses = [
        {name: use[name] for name in use if name != "last_used_at"} for use in found["risk_uses"]
    ]
    assert uses == [{"device": device}, {"network": "203.0.113.0/24", "day": at[:10]}]
    (told,) = found["risk_case"]
    assert (told["state"], told["level"], told["does"], told["score"]) == (
        "open",
        "watch",
        "active",
        40,
    )
    assert told["reasons"] == ["1 other members used the same device within 30 days"]
    assert told["opened_at"] == "1970-01-01T00:00:01Z"


def test_an_export_has_each_step_of_a_tier(world: World, people: People, files: Files) -> None:
    who = people.sign_in()
    steps = [Step(who.id, number, "normal", "gold", "activity", number) for number in range(60)]
    for step in steps:
        StepItem.of(step).save()
    assert len(exported(world, files, who.id)["tier_history"]) == 60


def exported(world: World, files: Files, member: str) -> dict[str, Any]:
    before = set(files.kept)
    asked(world, member)
    run()
    (key,) = set(files.kept) - before
    return opened(files.kept[key])
