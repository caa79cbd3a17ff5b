"""Ops merge two members who are one person: nothing is lost, and the old id still answers."""

from __future__ import annotations

import pytest

from chalicelib import ledger, members
from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.privacy import queries
from tests.api import new_key, token
from tests.ledger.books import FAR, entries_of, give, spend
from tests.members.people import People, new_email
from tests.privacy.merging import STAFF, acts_on, available, books, found, merge, seen
from tests.world import World, paid, refunded


def test_the_points_of_both_are_one_members_with_their_days(world: World) -> None:
    one, other = world.member(), world.member()
    world.give(one, 50, days=10)
    world.give(other, 70, days=20)
    give(ledger.account_of(other, "rebate_cash"), 305, "cash", now=clock.now())
    give(ledger.account_of(one, "growth"), 9, "growth", now=clock.now())
    lots = dict(ledger.find_account(ledger.points_account(other)).lots)
    before = books(one, other)
    answer = merge(world, other, one)
    assert (answer.status, answer.body["merged_into"]) == (200, one), answer.body
    assert (available(one), available(one, "rebate_cash"), available(other)) == (120, 305, 0)
    assert lots.items() <= dict(ledger.find_account(ledger.points_account(one)).lots).items()
    assert books(one, other) == before
    out, came = (entries_of(ledger.points_account(each))[-1] for each in (other, one))
    assert (out.type, out.points, came.type, came.points) == ("merge_out", -70, "merge_in", 70)


def test_the_old_id_still_answers(world: World) -> None:
    one, other = world.member(points=5), world.member(points=7)
    merge(world, other, one)
    old = seen(world, other).body
    assert (old["id"], old["status"], old["merged_into"]) == (other, "merged", one)
    assert old["points"]["available"] == 0
    now = seen(world, one).body
    assert (now["status"], now["merged_into"], now["merged_from"]) == ("active", None, [other])
    assert now["phone"] == old["phone"]
    types = [each["type"] for each in seen(world, other, "/points/entries").body["data"]]
    assert types == ["merge_out", "accrual"]
    assert seen(world, other, "/external-ids").status == 200


def test_a_sign_in_with_any_name_of_the_old_member_enters_the_other(
    world: World, people: People
) -> None:
    one, other = people.sign_in(), people.sign_in()
    email, shop = new_email(), f"C-{new_key()}"
    people.link(other, email, "email")
    link = {"system": "crm", "id": shop}
    path = f"/v1/admin/members/{other.id}/external-ids"
    assert world.api.put(path, link, as_=token(STAFF, "ops")).status == 200
    assert merge(world, other.id, one.id).status == 200
    assert people.sign_in(other.phone).id == one.id
    answer = people.login(*people.challenge(email, "email"))
    assert (answer.body["member"]["id"], answer.body["created"]) == (one.id, False)
    assert found(world, shop) == [one.id]
    # Their own phone stays the one that is shown and written to.
    assert members.contact_of(one.id).phone == one.phone
    assert members.contact_of(other.id).phone == one.phone
    kinds = world.api.get("/v1/me/identities", as_=token(one.id)).body["data"]
    assert sorted(each["kind"] for each in kinds) == ["email", "phone", "phone"]


def test_addresses_and_notes_move_and_stay_readable(world: World) -> None:
    one, other = world.member(), world.member()
    address = world.address(other)
    note = {"text": "来电确认"}
    path = f"/v1/admin/members/{other}/notes"
    assert world.api.post(path, note, as_=token(STAFF, "ops"), key=new_key()).status == 201
    merge(world, other, one)
    shown = world.api.get(f"/v1/me/addresses/{address}", as_=token(one))
    assert (shown.status, shown.body["is_default"]) == (200, True)
    for member in (one, other):
        assert [n["text"] for n in seen(world, member, "/notes").body["data"]] == ["来电确认"]


def test_orders_of_both_are_one_list_and_a_refund_of_an_old_one_lands_on_the_member(
    world: World,
) -> None:
    one, other = world.member(points=1000), world.member(points=1000)
    sku = world.sku(stock=10)
    for member in (one, other):
        world.address(member)
    placed = [world.order(member, sku).body["id"] for member in (one, other, one, other)]
    merge(world, other, one)
    mine: list[str] = []
    path = "/v1/me/orders?limit=1"
    while True:
        page = world.api.get(path, as_=token(one)).body
        mine += [each["id"] for each in page["data"]]
        if page["next_cursor"] is None:
            break
        path = f"/v1/me/orders?limit=1&cursor={page['next_cursor']}"
    assert mine == placed[::-1]
    before = available(one)
    shown = world.api.get(f"/v1/orders/{placed[1]}", as_=token(one))
    assert shown.status == 200
    cancelled = world.api.post(f"/v1/orders/{placed[1]}/cancel", as_=token(one), key=new_key())
    assert (cancelled.status, cancelled.body["status"]) == (200, "cancelled"), cancelled.body
    assert available(one) == before + shown.body["points"]
    assert available(other) == 0
    books(one, other)


def test_a_stranger_sees_no_order_of_a_merged_member(world: World) -> None:
    one, other, stranger = world.member(), world.member(points=1000), world.member()
    world.address(other)
    order = world.order(other, world.sku(stock=10)).body["id"]
    merge(world, other, one)
    assert world.api.get(f"/v1/orders/{order}", as_=token(stranger)).status == 404


def test_a_partners_event_for_the_old_id_accrues_to_the_member(world: World) -> None:
    one, other = world.member(), world.member()
    merge(world, other, one)
    event = paid("+8613800138000")
    event["member"] = {"member_id": other}
    answer = world.event(event)
    assert (answer.status, answer.body["status"]) == (200, "applied"), answer.body
    assert available(one) == sum(each["points"] for each in answer.body["entries"]) > 0


def test_a_refund_takes_back_from_the_member_what_the_old_id_earned(world: World) -> None:
    one, other = world.member(points=10), world.member()
    give(ledger.points_account(other), 30, "order", now=clock.now())
    spend(ledger.points_account(other), 25, "cup", now=clock.now())
    merge(world, other, one)
    assert available(one) == 15
    account = ledger.find_account(ledger.points_account(other))
    accrual = ledger.find_entry(account.id, "order")
    assert accrual is not None
    writes = WriteSet()
    back = ledger.Clawback(accrual, 30, ledger.Cause("back", "test", 0))
    ledger.claw_back_each(writes, account, [back], clock.now())
    writes.commit()
    now = ledger.find_account(ledger.points_account(one))
    assert (available(one), now.debt) == (0, 15)
    assert books(one, other)["points"] == -15


@pytest.mark.parametrize("names_old", [True, False], ids=["by the old id", "by the new id"])
def test_a_shops_refund_finds_what_the_old_id_earned(world: World, *, names_old: bool) -> None:
    one, other = world.member(), world.member()
    payment = {**paid("+8613800138000"), "member": {"member_id": other}}
    assert world.event(payment).body["status"] == "applied"
    merge(world, other, one)
    assert available(one) > 0
    refund = {**refunded(payment), "member": {"member_id": other if names_old else one}}
    assert world.event(refund).body["status"] == "applied"
    assert (available(one), books(one, other)["points"]) == (0, 0)


def test_an_order_that_the_old_id_was_paid_for_gives_nothing_by_another_event(world: World) -> None:
    one, other = world.member(), world.member()
    payment = {**paid("+8613800138000"), "member": {"member_id": other}}
    assert world.event(payment).body["status"] == "applied"
    merge(world, other, one)
    points = available(one)
    again = {**payment, "id": f"{payment['id']}:again", "member": {"member_id": one}}
    assert world.event(again).body["status"] == "duplicate"
    assert (available(one), books(one, other)["points"]) == (points, points)


def test_what_is_pending_unlocks_into_the_members_account(world: World) -> None:
    one, other = world.member(), world.member()
    account_id = ledger.points_account(other)
    give(account_id, 40, "later", expires_at=FAR, unlocks_at=FAR, now=clock.now())
    merge(world, other, one)
    mine = world.api.get("/v1/me/points", as_=token(one)).body
    assert (mine["pending"], mine["available"]) == (40, 0)
    for path in ("", "/points"):
        shown = seen(world, one, path).body
        assert (shown.get("points") or shown)["pending"] == 40
    ledger.unlock(account_id, "later", clock.now(), early=True)
    assert (available(one), available(other)) == (40, 0)
    assert world.api.get("/v1/me/points", as_=token(one)).body["pending"] == 0
    books(one, other)


def test_a_merge_is_on_the_record_of_both(world: World) -> None:
    one, other = world.member(points=5), world.member(points=7)
    merge(world, other, one, reason="来电核实")
    (gone,), (kept,) = acts_on(world, other), acts_on(world, one)
    assert (gone["action"], gone["reason"]) == ("member.merge", "来电核实")
    assert gone["before"] == {"merged_into": None, "points": 7}
    assert gone["after"] == {"merged_into": one, "points": 0}
    assert kept["after"] == {"merged_from": other, "points": 7}


def test_a_retry_answers_the_same_and_another_body_is_refused(world: World) -> None:
    one, other, third = world.member(), world.member(points=7), world.member()
    key = new_key()
    first = merge(world, other, one, key=key)
    again = merge(world, other, one, key=key)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    reused = merge(world, other, third, key=key)
    assert (reused.status, reused.body["code"]) == (409, "idempotency_key_reused")
    assert available(one) == 7


def test_who_was_merged_leads_on_in_one_step(world: World) -> None:
    one, other, third = world.member(), world.member(points=7), world.member(points=3)
    assert merge(world, third, other).status == 200
    assert merge(world, other, one).status == 200
    assert members.merged_into(third) == members.merged_into(other) == one
    assert seen(world, one).body["merged_from"] == sorted([other, third])
    give(ledger.points_account(third), 4, "late", now=clock.now())
    assert (available(one), available(other), available(third)) == (14, 0, 0)
    books(one, other, third)


@pytest.mark.parametrize("role", ["member", "agent", "finance"])
def test_only_ops_merge(world: World, role: str) -> None:
    one, other = world.member(), world.member()
    assert merge(world, other, one, role=role).status == 403
    assert seen(world, other, f"/merge?into={one}", role).status in (200, 403)
    assert members.merged_into(other) is None


def refused(world: World, member: str, into: str, code: str, **more: object) -> None:
    before = {each: members.find_member(member_id=each) for each in (member, into)}
    answer = merge(world, member, into)
    assert answer.body["code"] == code, answer.body
    assert more.items() <= answer.body.items()
    assert {each: members.find_member(member_id=each) for each in (member, into)} == before
    assert not queries.is_unfinished(members.Pair(member, into))


def test_a_merge_that_makes_no_sense_is_refused(world: World) -> None:
    one, other, third = world.member(), world.member(), world.member()
    refused(world, one, one, "merge_with_self")
    refused(world, one, "mbr_nobody", "invalid_request")
    refused(world, "mbr_nobody", one, "not_found")
    merge(world, other, one)
    refused(world, other, third, "member_merged", merged_into=one)
    refused(world, third, other, "member_merged", merged_into=one)
    refused(world, one, other, "member_merged", merged_into=one)


def test_a_frozen_member_is_not_merged(world: World) -> None:
    one, other = world.member(), world.member(points=5)
    body, ops = {"reason": "盗号"}, token(STAFF, "ops")
    path = f"/v1/admin/members/{other}/freeze"
    assert world.api.post(path, body, as_=ops, key=new_key()).status == 200
    for pair in ((other, one), (one, other)):
        refused(world, *pair, "merge_blocked", reasons=["frozen"])
    outlook = seen(world, other, f"/merge?into={one}").body
    assert outlook == {"id": other, "into": one, "blocked_by": ["frozen"]}


def test_a_member_under_review_takes_no_points_along_by_a_merge(world: World) -> None:
    one, other = world.member(), world.member(points=5)
    writes = WriteSet()
    ledger.set_status(writes, other, ledger.UNDER_REVIEW, clock.now())
    writes.commit()
    for pair in ((other, one), (one, other)):
        refused(world, *pair, "merge_blocked", reasons=["under_review"])
    assert (available(one), available(other)) == (0, 5)


def test_a_review_that_begins_during_a_merge_leaves_the_points_frozen(world: World) -> None:
    one, other = world.member(), world.member(points=5)
    for add in (
        lambda writes: ledger.set_status(writes, other, ledger.UNDER_REVIEW, clock.now()),
        lambda writes: ledger.join(writes, other, one, clock.now()),
    ):
        writes = WriteSet()
        add(writes)
        writes.commit()
    account = ledger.find_account(ledger.points_account(one))
    assert (account.status, account.posted) == (ledger.FROZEN, 5)


def test_nobody_merges_themselves(world: World) -> None:
    one, other = world.member(), world.member()
    for by in (one, other):
        answer = merge(world, other, one, by=by)
        assert answer.body["reasons"] == ["own_account"]


def test_five_members_at_most_are_merged_into_one(world: World) -> None:
    one = world.member()
    for _ in range(5):
        assert merge(world, world.member(), one).status == 200
    refused(world, world.member(), one, "merge_blocked", reasons=["merges"])
