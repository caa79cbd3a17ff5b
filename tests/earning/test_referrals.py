"""Referrals: both sides are paid after the return window, and undone by a refund."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.earning import events
from chalicelib.earning.actions import referrals as actions
from chalicelib.earning.queries import referrals
from chalicelib.earning.rules.referrals import Referral, Seen
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.members.actions.registrations import add_member
from chalicelib.members.actions.sessions import Device, Known, open_session
from chalicelib.members.queries import destination_of
from chalicelib.members.tables.items import ErasedItem, ProfileItem
from tests.api import Api, new_key, token
from tests.conftest import Time
from tests.earning.shop import entries_of, sent
from tests.earning.tasks import published
from tests.facts import made
from tests.world import World, new_phone, paid, refunded

TERMS = {"friend_points": 50, "order_at_least": 1000, "wait_days": 15}


@pytest.fixture
def task(api: Api, time: Time) -> Iterator[dict[str, Any]]:
    time.advance_to_noon()
    with published(
        api, kind="referral", points=100, referral=TERMS, limits={"month": 2}
    ) as made_task:
        yield made_task


def invite(referrer: str) -> tuple[str, str]:
    """A friend who registered by the member's code: their id and phone."""
    phone, writes = new_phone(), WriteSet()
    friend = add_member(
        writes,
        destination_of(phone=phone),
        language="zh-CN",
        now_ms=clock.to_ms(clock.now()),
        referred_by=referrer,
    )
    writes.commit()
    data = {"member_id": friend, "referred_by": referrer}
    events.begin_referral(made("x", "member.registered", "", data))
    return friend, phone


def bought(member: str, order: str, paid_cents: int = 5000, gone: int = 0, days: int = 0) -> None:
    """The orders' relay tells of an order of the mall."""
    at = clock.rfc3339(clock.now() - clock.timedelta(days=days))
    data = {
        "member_id": member,
        "order_id": order,
        "paid_at": at,
        "paid": paid_cents,
        "refunded": gone,
    }
    events.note_order(made("x", "earning.order_money", "", data))


def sweep(time: Time, days: float = 16) -> None:
    time.advance(days=days)
    actions.sweep_referrals(clock.now())


def of(friend: str) -> Referral:
    found = referrals.referral_of(friend)
    assert found is not None
    return found


def friends(api: Api, member: str) -> list[tuple[str, int]]:
    found = api.get("/v1/me/referrals", as_=token(member)).body["data"]
    return [(each["state"], each["points"]) for each in found]


def new_order() -> str:
    return ids.new_id("ord")


def test_both_sides_are_paid_once_the_window_of_the_first_order_is_over(
    api: Api, world: World, time: Time, task: dict[str, Any]
) -> None:
    member = world.member()
    friend, _ = invite(member)
    assert friends(api, member) == [("joined", 0)]
    bought(friend, new_order())
    assert friends(api, member) == [("waiting", 0)]
    waiting = next(
        each
        for each in api.get("/v1/me/tasks", as_=token(member)).body["data"]
        if each["id"] == task["id"]
    )
    assert (waiting["status"], waiting["friend_points"]) == ("waiting", 50)
    sweep(time, 14.9)
    assert (world.available(member), world.available(friend)) == (0, 0)
    sweep(time, 0.2)
    assert (world.available(member), world.available(friend)) == (100, 50)
    sweep(time)
    bought(friend, new_order())
    sweep(time)
    assert (entries_of(member), entries_of(friend)) == (1, 1)
    assert friends(api, member) == [("paid", 100)]


def test_a_partners_payment_counts_and_its_refund_undoes_what_was_paid(
    api: Api, world: World, time: Time, task: dict[str, Any]
) -> None:
    member = world.member()
    friend, phone = invite(member)
    payment = paid(phone, amount=5000)
    sent(world, payment)
    assert of(friend).order == f"shop-1:{payment['data']['order_id']}"
    sweep(time)
    assert (world.available(member), world.available(friend)) == (100, 50 + 50)
    sent(world, refunded(payment, 4000))
    assert of(friend).state == "paid"
    refund = refunded(payment, 1000)
    sent(world, refund)
    assert (of(friend).state, friends(api, member)) == ("undone", [("undone", 100)])
    assert (world.available(member), world.available(friend)) == (0, 0)
    sent(world, refund)
    bought(friend, new_order())
    sweep(time)
    assert (world.available(member), of(friend).state) == (0, "undone")


def test_an_order_that_goes_back_within_its_window_pays_nobody_and_the_next_one_counts(
    world: World, time: Time, task: dict[str, Any]
) -> None:
    member, order = world.member(), new_order()
    friend, _ = invite(member)
    bought(friend, order)
    bought(friend, order, gone=5000)
    sweep(time)
    assert (of(friend).state, world.available(member)) == ("joined", 0)
    bought(friend, new_order())
    sweep(time)
    assert (world.available(member), world.available(friend)) == (100, 50)


def test_an_order_before_the_consumer_knows_of_the_friend_is_not_lost(
    world: World, time: Time, task: dict[str, Any]
) -> None:
    member, writes = world.member(), WriteSet()
    friend = add_member(
        writes,
        destination_of(phone=new_phone()),
        language="en",
        now_ms=clock.to_ms(clock.now()),
        referred_by=member,
    )
    writes.commit()
    bought(friend, new_order())
    actions.note_registered(friend)
    sweep(time)
    assert (world.available(member), world.available(friend)) == (100, 50)


def test_beyond_the_months_limit_the_friend_alone_is_paid(
    api: Api, world: World, time: Time, task: dict[str, Any]
) -> None:
    member = world.member()
    invited = [invite(member)[0] for _ in range(3)]
    for friend in invited:
        bought(friend, new_order())
    sweep(time)
    assert world.available(member) == 200
    assert [world.available(friend) for friend in invited] == [50, 50, 50]
    assert sorted(friends(api, member)) == [("paid", 0), ("paid", 100), ("paid", 100)]


def test_two_members_who_invited_each_other_get_nothing(
    world: World, time: Time, task: dict[str, Any]
) -> None:
    member = world.member()
    friend, _ = invite(member)
    bought(friend, new_order())
    # As a merge of two members might leave it: no registration does.
    profile = ProfileItem.key(member)
    profile.update([ProfileItem.referred_by.set(friend)])
    sweep(time)
    assert (of(friend).state, of(friend).reason) == ("refused", "ring")
    assert (entries_of(member), entries_of(friend)) == (0, 0)
    sweep(time)
    assert of(friend).state == "refused"


def test_who_is_gone_is_not_paid_and_the_other_side_is(
    world: World, time: Time, task: dict[str, Any]
) -> None:
    member = world.member()
    friend, _ = invite(member)
    bought(friend, new_order())
    gone = ErasedItem.key(member)
    gone.erased_at = 1
    gone.save()
    sweep(time)
    assert (entries_of(member), world.available(friend)) == (0, 50)
    assert (of(friend).state, of(friend).points) == ("paid", 0)


def test_two_members_of_one_device_get_nothing(
    world: World, time: Time, task: dict[str, Any]
) -> None:
    member = world.member()
    friend, _ = invite(member)
    bought(friend, new_order())
    device = Device("zh-CN", "Mozilla/5.0", id=new_key() * 2)
    for each in (member, friend):
        writes = WriteSet()
        open_session(writes, each, device, Known((), None), None, clock.to_ms(clock.now()))
        writes.commit()
    sweep(time)
    assert (of(friend).state, of(friend).reason) == ("refused", "same_device")
    assert (entries_of(member), entries_of(friend)) == (0, 0)


def test_without_a_task_nobody_is_paid(api: Api, world: World, time: Time) -> None:
    member = world.member()
    friend, _ = invite(member)
    bought(friend, new_order())
    sweep(time)
    assert (friends(api, member), entries_of(member)) == ([("joined", 0)], 0)


def test_twenty_sweeps_and_refunds_at_once_pay_once_or_undo_once(
    world: World, time: Time, task: dict[str, Any]
) -> None:
    member, order = world.member(), new_order()
    friend, _ = invite(member)
    at_ms = clock.to_ms(clock.now())
    actions.note_order(friend, Seen(f"mall:{order}", at_ms, 5000), clock.now())
    time.advance(days=16)
    known, now = of(friend), clock.now()

    def one(number: int) -> None:
        if number == 15:
            actions.note_order(friend, Seen(f"mall:{order}", 0, 0, 5000), now)
        else:
            actions.pay_referral(known.referrer_id, friend, known.joined_at_ms, now)

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(one, range(20)))
    assert of(friend).state in ("joined", "undone")
    assert (world.available(member), world.available(friend)) == (0, 0)
    assert entries_of(member) in (0, 2)


def test_an_invitation_is_a_link_and_its_qr_code(api: Api, world: World) -> None:
    member = world.member()
    path = "/v1/me/invitation?page=https://mall.example.com/"
    shown = api.get(path, as_=token(member)).body
    assert shown["link"] == f"https://mall.example.com/?ref={shown['code']}"
    assert shown["qr"].startswith("<svg")
    for page in ("javascript:alert(1)", "https://a.example/?next=b", ""):
        assert api.get(f"/v1/me/invitation?page={page}", as_=token(member)).status == 400


def test_the_staff_sees_who_invited_whom_and_members_see_masked_friends(
    api: Api, world: World, time: Time, task: dict[str, Any]
) -> None:
    member = world.member()
    friend, phone = invite(member)
    order = new_order()
    bought(friend, order)
    agent = token(ids.new_id("mbr"), "agent")
    of_member = api.get(f"/v1/admin/members/{member}/referrals", as_=agent).body
    of_friend = api.get(f"/v1/admin/members/{friend}/referrals", as_=agent).body
    assert of_member["data"] == [of_friend["referred_by"]]
    (shown,) = of_member["data"]
    assert (shown["friend_id"], shown["order"]) == (friend, f"mall:{order}")
    (own,) = api.get("/v1/me/referrals", as_=token(member)).body["data"]
    assert own["friend"] == f"{phone[:-8]}****{phone[-4:]}"
    assert friend not in str(own)
    denied = api.get(f"/v1/admin/members/{member}/referrals", as_=token(member))
    assert denied.status == 403
    assert api.get("/v1/admin/members/mbr_none/referrals", as_=agent).status == 404
