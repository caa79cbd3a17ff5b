"""A member closes the account: nothing of the person is left, and the books still prove."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import ledger, members
from chalicelib.earning.rules.claims import Progress
from chalicelib.earning.rules.tasks import DAILY
from chalicelib.earning.tables.people import MemberFactsItem
from chalicelib.earning.tables.tasks import CheckInsItem, CompletedItem, ProgressItem
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.privacy.tables import ErasureItem
from chalicelib.tiers.actions.standings import record_activity
from chalicelib.tiers.rules.months import month_of
from chalicelib.tiers.rules.standing import Sums
from chalicelib.tiers.tables import TiersItem
from tests.api import Answer, new_key, token
from tests.catalog.buckets import Buckets
from tests.conftest import Time
from tests.faults import faults, wire
from tests.ledger.books import sound
from tests.members.giving import points_of
from tests.members.people import People, refresh
from tests.privacy.files import Files
from tests.privacy.leaving import Leaver, run
from tests.world import World

DAYS = 7
Sealed = list[tuple[bytes, bytes]]


@pytest.fixture
def leaver(sealed: Sealed, world: World, people: People, pictures: Buckets, engine: str) -> Leaver:
    return Leaver(world, people, pictures, engine)


def staff_sees(leaver: Leaver, path: str = "") -> Answer:
    path = f"/v1/admin/members/{leaver.who.id}{path}"
    return leaver.api.get(path, as_=token("mbr_ops", "ops"))


def is_scheduled(member: str) -> bool:
    rows = ErasureItem.query("ERASURES", consistent_read=True)
    return any(row.value().member_id == member for row in rows)


def close(leaver: Leaver) -> None:
    closed = leaver.leave()
    assert (closed.status, closed.body["status"]) == (202, "scheduled"), closed.body


def test_after_an_erasure_nothing_personal_is_left_in_any_table(
    leaver: Leaver, sealed: Sealed, time: Time, pictures: Buckets
) -> None:
    assert len(leaver.traces(sealed)) > 10
    close(leaver)
    time.advance(days=DAYS)
    assert run()["erased"] >= 1
    assert leaver.traces(sealed) == []
    assert (pictures.shown, is_scheduled(leaver.who.id)) == ({}, False)


def test_a_tier_and_what_shops_told_are_gone_with_the_member(leaver: Leaver, time: Time) -> None:
    member = leaver.who.id
    month = month_of(clock.now(), config().time_zone)
    record_activity(member, month, "test:order", Sums(990, 1), clock.now())
    assert list(TiersItem.query(f"TIER#{member}")) != []
    told = MemberFactsItem(*MemberFactsItem.key(member), member_id=member, occurred_at=1)
    told.save()
    me = token(member)
    assert leaver.api.post("/v1/me/check-ins", as_=me).status == 201
    ProgressItem.of(Progress(member, "tsk_x", done=1)).save()
    done = CompletedItem.key(DAILY.id, member, "event")
    done.done_at = 1
    done.save()
    close(leaver)
    time.advance(days=DAYS)
    assert run()["erased"] >= 1
    assert list(TiersItem.query(f"TIER#{member}")) == []
    assert MemberFactsItem.find(told.pk, told.sk) is None
    for kind in (CheckInsItem, ProgressItem):
        assert list(kind.query(kind.partition(member))) == []
    assert CompletedItem.find(done.pk, done.sk) is None


def test_the_ledger_of_an_erased_member_still_proves_and_its_points_lapsed_by_an_entry(
    leaver: Leaver, time: Time
) -> None:
    before = sound(ledger.points_account(leaver.who.id))
    close(leaver)
    time.advance(days=DAYS)
    run()
    account = points_of(leaver.who.id)
    assert (account.posted, account.expired) == (0, before.expired + before.posted)
    last = ledger.find_entry(account.id, f"erasure:{account.seq}")
    assert last is not None
    assert (last.type, last.source) == ("expiry", "erasure")
    path = f"/v1/admin/ledger/verify?member_id={leaver.who.id}"
    proof = leaver.api.get(path, as_=token("mbr_fin", "finance"))
    assert (proof.status, proof.body["ok"], proof.body["problems"]) == (200, True, [])
    # The friend keeps the points, not the words.
    assert leaver.world.available(leaver.friend) == 50
    inbox = leaver.api.get("/v1/me/notifications", as_=token(leaver.friend)).body["data"]
    assert "50" in str(inbox)
    assert leaver.words not in str(inbox)


def test_amounts_and_goods_of_orders_stay_without_the_person(leaver: Leaver, time: Time) -> None:
    ops = token("mbr_ops", "ops")
    path = f"/v1/admin/orders/{leaver.order}"
    before = leaver.api.get(path, as_=ops).body
    close(leaver)
    time.advance(days=DAYS)
    run()
    after = leaver.api.get(path, as_=token("mbr_ops", "ops")).body
    kept = ("lines", "points", "cash", "status", "member_id", "created_at", "parcels")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert (after["address"], after["note"]) == (None, None)
    assert len(after["timeline"]) == len(before["timeline"])
    (shown,) = leaver.goods.shown()
    assert (shown["text"], shown["author"], shown["pictures"]) == ("很好用", None, [])


def test_an_erased_id_is_gone_for_the_staff_and_its_phone_is_free(
    leaver: Leaver, time: Time
) -> None:
    close(leaver)
    time.advance(days=DAYS)
    run()
    for path in ("", "/points", "/notes", "/sessions", "/external-ids"):
        gone = staff_sees(leaver, path)
        assert (gone.status, gone.body["code"]) == (404, "member_erased")
    assert members.find_member(phone=leaver.who.phone) is None
    again = leaver.people.sign_in(leaver.who.phone)
    assert again.id != leaver.who.id
    profile = leaver.api.get("/v1/me", as_=again.token).body
    assert (profile["nickname"], profile["email"]) == (None, None)


def test_a_login_within_the_days_keeps_the_account(leaver: Leaver, time: Time) -> None:
    close(leaver)
    time.advance(days=DAYS - 1)
    back = leaver.people.login(*leaver.people.challenge(leaver.who.phone))
    assert (back.body["member"]["id"], back.body["erasure_cancelled"]) == (leaver.who.id, True)
    time.advance(days=2)
    run()
    assert leaver.api.get("/v1/me", as_=token(leaver.who.id)).body["nickname"] == leaver.name
    assert not is_scheduled(leaver.who.id)
    again = leaver.people.login(*leaver.people.challenge(leaver.who.phone))
    assert "erasure_cancelled" not in again.body


def test_closing_signs_out_everywhere_and_no_token_outlives_the_days(
    leaver: Leaver, time: Time
) -> None:
    close(leaver)
    assert refresh(leaver.api, leaver.who.refresh_token).status == 401
    asked_again = leaver.api.delete("/v1/me", as_=leaver.who.token)
    assert asked_again.status == 202
    time.advance(minutes=16)
    me = leaver.who.token
    assert leaver.api.get("/v1/me", as_=me).status == 401
    time.advance(days=DAYS)
    run()
    for put in ("/v1/me/cart/items/X", f"/v1/me/favourites/{leaver.favourite}"):
        assert leaver.api.put(put, {"quantity": 1}, as_=me).status == 401


def test_only_a_fresh_login_closes_an_account(leaver: Leaver, time: Time) -> None:
    leaver.who = leaver.people.sign_in(leaver.who.phone)
    time.advance(minutes=11)
    for who in (leaver.who.token, token(leaver.who.id)):
        refused = leaver.api.delete("/v1/me", as_=who)
        assert (refused.status, refused.body["code"]) == (403, "fresh_login_required")
    assert not is_scheduled(leaver.who.id)


def test_open_business_is_told_and_refuses(world: World, people: People) -> None:
    who = people.sign_in()
    world.give(who.id, 1000)
    world.address(who.id)
    assert world.order(who.id, world.sku(points=100)).status == 201
    hold = {
        "id": f"h-{new_key()}",
        "member": {"member_id": who.id},
        "points": 10,
        "expires_in_seconds": 900,
    }
    assert world.partner("POST", "/v1/partner/holds", hold).status == 201
    reasons = ["orders", "held_points"]
    outlook = world.api.get("/v1/me/erasure", as_=who.token)
    assert (outlook.status, outlook.body) == (200, {"after_days": DAYS, "blocked_by": reasons})
    refused = world.api.delete("/v1/me", as_=who.token)
    assert (refused.status, refused.body["code"]) == (409, "erasure_blocked")
    assert refused.body["reasons"] == reasons
    assert "orders" in refused.body["detail"]
    assert not is_scheduled(who.id)
    assert world.api.get("/v1/me/sessions", as_=who.token).body["data"] != []


def test_one_of_the_staff_is_not_erased(world: World, people: People) -> None:
    from chalicelib.members.actions.registrations import enrol

    who = people.sign_in()
    enrol(members.destination_of(phone=who.phone), roles=["agent"], now=clock.now())
    refused = world.api.delete("/v1/me", as_=who.token)
    assert (refused.status, refused.body["reasons"]) == (409, ["staff"])


def test_business_that_is_open_when_the_day_comes_puts_it_off(
    world: World, people: People, time: Time
) -> None:
    who = people.sign_in()
    world.give(who.id, 1000)
    world.address(who.id)
    assert world.api.delete("/v1/me", as_=who.token).status == 202
    # The old token is good for some minutes more.
    placed = world.order(who.id, world.sku(points=100))
    time.advance(days=DAYS)
    run()
    assert (members.is_erased(who.id), is_scheduled(who.id)) == (False, True)
    path = f"/v1/orders/{placed.body['id']}/cancel"
    assert world.api.post(path, as_=token(who.id), key=new_key()).status == 200
    run()
    assert not members.is_erased(who.id)
    time.advance(days=1)
    run()
    assert (members.is_erased(who.id), is_scheduled(who.id)) == (True, False)


def test_an_erasure_ends_the_same_wherever_a_crash_cuts_it_off(
    leaver: Leaver, sealed: Sealed, time: Time, files: Files
) -> None:
    """The process dies at one request after the other: each run goes on where the last one died."""
    leaver.api.get("/v1/me/export", as_=leaver.who.token)
    run()
    assert files.kept
    close(leaver)
    time.advance(days=DAYS)
    crashes, at = 0, 0
    while is_scheduled(leaver.who.id):
        # Every other crash comes after its request.
        fault: Any = faults.crash_after if at % 2 else faults.crash_before
        try:
            with wire.tapped(faults.Injection(at, fault)):
                run()
        except faults.Crash:
            crashes += 1
        at += 1
    assert crashes > 30
    assert leaver.traces(sealed) == []
    assert (files.kept, members.is_erased(leaver.who.id)) == ({}, True)
    assert points_of(leaver.who.id).posted == 0


def test_a_login_and_an_erasure_at_one_moment_agree(
    world: World, people: People, time: Time
) -> None:
    """Whichever commits first: the member is whole, or gone."""
    who = people.sign_in()
    assert world.api.delete("/v1/me", as_=who.token).status == 202
    time.advance(days=DAYS)
    seen: list[Answer] = []
    begun: list[bool] = []

    def sign_in_before_the_last_write(request: wire.Request, send: wire.Send) -> Any:
        if not begun and any(key.sk == "PROFILE" for key in request.writes):
            begun.append(True)
            seen.append(people.login(*people.challenge(who.phone)))
        return send(request)

    with wire.tapped(sign_in_before_the_last_write):
        run()
    assert seen[0].body["erasure_cancelled"] is True
    assert not members.is_erased(who.id)
    assert world.api.get("/v1/me", as_=seen[0].body["access_token"]).status == 200
    assert not is_scheduled(who.id)


def test_only_members_close_accounts(world: World) -> None:
    for role in ("ops", "admin"):
        as_ = token("mbr_staff", role)
        assert world.api.delete("/v1/me", as_=as_).status == 403
        assert world.api.get("/v1/me/erasure", as_=as_).status == 403
        assert world.api.get("/v1/me/export", as_=as_).status == 403
    assert world.api.delete("/v1/me").status == 401
