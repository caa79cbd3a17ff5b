"""What stands under an old id is seen from the member who stays, and ends with them."""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib import ledger, members
from chalicelib.earning.actions import referrals
from chalicelib.earning.actions.merging import join_of as join_tasks
from chalicelib.earning.queries import tasks
from chalicelib.earning.rules.check_ins import Month
from chalicelib.earning.rules.claims import Progress
from chalicelib.earning.rules.referrals import Referral
from chalicelib.earning.tables.referrals import ReferralItem
from chalicelib.earning.tables.tasks import CheckInsItem, ProgressItem
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.notify.actions import deliver
from chalicelib.privacy import queries
from chalicelib.risk.actions import cases
from chalicelib.tiers.actions.standings import record_activity
from chalicelib.tiers.queries import find_standing, tier_of
from chalicelib.tiers.rules.months import month_of
from chalicelib.tiers.rules.standing import Sums
from tests.api import new_key, token
from tests.catalog.buckets import Buckets
from tests.conftest import Time
from tests.ledger.books import give
from tests.members.giving import facts
from tests.members.people import People
from tests.privacy.files import Files, opened
from tests.privacy.leaving import CARD, Leaver, run
from tests.privacy.merging import available, merge
from tests.risk.people import on_one_device
from tests.world import World


def month() -> int:
    return month_of(clock.now(), config().time_zone)


def test_what_both_did_makes_one_tier(world: World) -> None:
    one, other = world.member(), world.member()
    record_activity(one, month(), "a", Sums(300_000, 1), clock.now())
    record_activity(other, month(), "b", Sums(250_000, 1), clock.now())
    before = tier_of(one)
    merge(world, other, one)
    assert find_standing(one).months[month()] == Sums(550_000, 2)
    assert (tier_of(one) != before, members.any_member(one).tier) == (True, tier_of(one))
    # A refund of an order of the old id counts, too, and once.
    for _ in range(2):
        record_activity(other, month(), "b:refund", Sums(-250_000, -1), clock.now())
    assert find_standing(one).months[month()] == Sums(300_000, 1)


def test_a_higher_tier_of_the_old_id_is_kept(world: World) -> None:
    one, other = world.member(), world.member()
    record_activity(other, month(), "b", Sums(5_000_000, 1), clock.now())
    high = tier_of(other)
    merge(world, other, one)
    assert tier_of(one) == high != "normal"


def test_what_either_claimed_once_is_claimed(world: World) -> None:
    one, other = world.member(), world.member()
    ProgressItem.of(Progress(other, "tsk_profile", claimed=1, version=1)).save()
    for member, days in ((one, 0b0101), (other, 0b0110)):
        CheckInsItem.of(Month(member, "2026-11", days=days, points=2, version=1)).save()
    merge(world, other, one)
    join_tasks(other, one)
    assert tasks.progress_of(one, "tsk_profile").claimed == 1
    (found,) = tasks.months_between(one, "2026-11", "2026-11").values()
    assert (found.days, found.points) == (0b0111, 4)


def test_a_referral_between_two_accounts_of_one_person_pays_nobody(world: World) -> None:
    one, other, friend = world.member(), world.member(), world.member()
    merge(world, other, one)
    now_ms = clock.to_ms(clock.now())
    for referrer, invited, reason in (
        (one, other, "same_member"),
        (other, one, "same_member"),
        # The friend had an account before the one that was invited.
        (friend, one, "same_member"),
        (friend, world.member(), None),
    ):
        seen = Referral(referrer_id=referrer, friend_id=invited, joined_at_ms=now_ms)
        assert referrals._refusal(seen) == reason


def test_notices_of_both_are_one_inbox(world: World, people: People, engine: str) -> None:
    one, other = people.sign_in(), people.sign_in()
    give(ledger.points_account(other.id), 31, "before", now=clock.now())
    give(ledger.points_account(one.id), 32, "mine", now=clock.now())
    for fact in (*facts(engine, member=other.id), *facts(engine, member=one.id)):
        deliver(fact, clock.now())
    merge(world, other.id, one.id)
    listed = world.api.get("/v1/me/notifications", as_=token(one.id)).body["data"]
    assert "31" in str(listed)
    assert "32" in str(listed)
    for each in listed:
        read = world.api.post(f"/v1/me/notifications/{each['id']}/read", as_=token(one.id))
        assert (read.status, read.body["read"]) == (200, True)


def test_an_export_and_an_erasure_reach_all_that_stands_under_an_old_id(
    world: World,
    people: People,
    pictures: Buckets,
    engine: str,
    files: Files,
    sealed: list[tuple[bytes, bytes]],
    time: Time,
) -> None:
    leaver, one = Leaver(world, people, pictures, engine), people.sign_in()
    other = leaver.who.id
    referral = Referral(referrer_id=other, friend_id=leaver.friend, joined_at_ms=1)
    ReferralItem.of(replace(referral, version=1)).save()
    assert merge(world, other, one.id).status == 200
    friends = world.api.get("/v1/me/referrals", as_=one.token).body["data"]
    assert [each["state"] for each in friends] == ["joined"]
    world.api.get("/v1/me/export", as_=one.token)
    run()
    (content,) = files.kept.values()
    found = opened(content)
    assert found["payout_account"][0]["account_number"] == CARD
    assert found["reviews"][0]["id"] == leaver.review
    assert found["favourites"][0]["product_id"] == leaver.favourite
    assert (len(found["cart"]), len(found["referrals"])) == (1, 1)
    assert world.api.delete("/v1/me", as_=one.token).status == 202
    time.advance(days=7)
    run()
    assert (members.is_erased(one.id), leaver.traces(sealed), pictures.shown) == (True, [], {})


def test_an_export_and_an_erasure_hold_both_ids(
    world: World, people: People, files: Files, time: Time
) -> None:
    one, other = people.sign_in(), people.sign_in()
    give(ledger.points_account(other.id), 31, "before", now=clock.now())
    merge(world, other.id, one.id)
    world.api.get("/v1/me/export", as_=one.token)
    run()
    (content,) = files.kept.values()
    entries = opened(content)["entries"]
    assert {each["account"].partition(":")[0] for each in entries} == {one.id, other.id}
    assert world.api.delete("/v1/me", as_=one.token).status == 202
    time.advance(days=7)
    run()
    assert members.is_erased(one.id)
    for member in (one.id, other.id):
        gone = world.api.get(f"/v1/admin/members/{member}", as_=token("mbr_ops", "ops"))
        assert (gone.status, gone.body["code"]) == (404, "member_erased")
    assert members.find_member(phone=other.phone) is None
    assert (available(one.id), available(other.id)) == (0, 0)


def test_an_export_that_waits_of_a_merged_member_is_made_for_nobody(
    world: World, people: People, files: Files
) -> None:
    one, other = people.sign_in(), people.sign_in()
    assert world.api.get("/v1/me/export", as_=other.token).status == 202
    merge(world, other.id, one.id)
    run()
    assert other.id not in list(queries.waiting_exports())
    assert files.kept == {}


def test_abuse_is_not_confirmed_of_an_old_id_whose_points_are_elsewhere(world: World) -> None:
    one, (other, *_) = world.member(), on_one_device(world, 9, points=5)
    case = cases.assess(other, clock.now())
    assert case is not None
    assert case.level == "watch"
    merge(world, other, one)
    path, body = f"/v1/admin/risk/cases/{other}", {"reason": "same phone"}
    answer = world.api.post(f"{path}/confirm", body, as_=world.ops, key=new_key())
    assert (answer.body["code"], answer.body["merged_into"]) == ("member_merged", one)
    assert ledger.find_account(ledger.points_account(other)).status == ledger.ACTIVE
    # The merge has closed the case: nothing of it is left to clear.
    answer = world.api.post(f"{path}/clear", body, as_=world.ops, key=new_key())
    assert answer.body["code"] == "not_allowed_in_this_state", answer.body
