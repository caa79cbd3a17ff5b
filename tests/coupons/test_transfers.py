"""Members give coupons to friends: a coupon has one owner at any time."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import coupons, members
from chalicelib.coupons.actions.sweeping import settle_gift
from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.coupons.queries.transfers import due_gifts
from chalicelib.kernel import clock, ids
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of
from tests.api import Answer, Api, new_key, token
from tests.conftest import Time
from tests.coupons.giving import a_coupon
from tests.world import World, new_phone

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def world(api: Api) -> World:
    return World(api)


def send(
    api: Api, coupon: coupons.Coupon, to: dict[str, Any], key: str | None = None, **other: Any
) -> Answer:
    path = f"/v1/me/coupons/{coupon.id}/transfers"
    body = {"to": to, **other}
    return api.post(path, body, as_=token(coupon.member_id), key=key or new_key())


def sweep() -> None:
    for each in list(due_gifts(clock.to_ms(clock.now()) // 1000)):
        settle_gift(each, clock.now())


def owner(coupon: coupons.Coupon) -> tuple[str, str]:
    found = find_coupon(coupon.id)
    assert found is not None
    return found.member_id, found.status_at(clock.to_ms(clock.now()))


def listed(api: Api, member: str) -> list[str]:
    rows = api.get("/v1/me/coupons?status=available", as_=token(member)).body["data"]
    return [each["id"] for each in rows]


def test_a_friend_has_the_coupon_and_the_giver_has_it_no_more(api: Api, world: World) -> None:
    giver, friend, key = world.member(), world.member(), new_key()
    coupon = a_coupon(giver, transferable=True)
    first, again = (send(api, coupon, {"member_id": friend}, key) for _ in range(2))
    assert (first.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert owner(coupon) == (friend, "available")
    assert (listed(api, giver), listed(api, friend)) == ([], [coupon.id])
    other = send(api, coupon, {"member_id": giver}, key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_a_coupon_waits_for_a_friend_who_registers(api: Api, world: World) -> None:
    giver, phone = world.member(), new_phone()
    coupon = a_coupon(giver, transferable=True)
    sent = send(api, coupon, {"phone": phone})
    assert (sent.status, sent.body["status"]) == (201, "sent")
    assert "****" in sent.body["to"]["phone"]
    assert owner(coupon) == (giver, "transferred")
    assert listed(api, giver) == []
    again = send(api, coupon, {"member_id": world.member()})
    assert (again.status, again.body["code"]) == (409, "coupon_not_transferable")
    friend = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    coupons.claim_gifts(members.identity_hash(phone=phone), friend, clock.now())
    assert owner(coupon) == (friend, "available")
    assert listed(api, friend) == [coupon.id]


def test_a_coupon_comes_back_when_nobody_registers(world: World, api: Api, time: Time) -> None:
    giver, phone = world.member(), new_phone()
    coupon = a_coupon(giver, transferable=True)
    send(api, coupon, {"phone": phone})
    time.advance(hours=1)
    sweep()
    assert owner(coupon) == (giver, "transferred")
    time.advance(days=7)
    sweep()
    assert owner(coupon) == (giver, "available")
    late = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    coupons.claim_gifts(members.identity_hash(phone=phone), late, clock.now())
    assert owner(coupon) == (giver, "available")


def test_a_sweep_finds_the_friend_whose_registration_crossed_the_gift(
    world: World, api: Api, time: Time
) -> None:
    giver, phone = world.member(), new_phone()
    coupon = a_coupon(giver, transferable=True)
    send(api, coupon, {"phone": phone})
    friend = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    time.advance(minutes=2)
    sweep()
    assert owner(coupon) == (friend, "available")


@pytest.mark.parametrize("kept", [{}, {"transferable": True, "days": 1}])
def test_what_stays_with_its_member_is_not_given_away(
    api: Api, world: World, time: Time, kept: dict[str, Any]
) -> None:
    giver = world.member()
    coupon = a_coupon(giver, **kept)
    time.advance(days=2)
    refused = send(api, coupon, {"member_id": world.member()})
    assert (refused.status, refused.body["code"]) == (409, "coupon_not_transferable")
    assert owner(coupon)[0] == giver


def test_nobody_gives_to_themselves_to_nobody_or_what_is_not_theirs(api: Api, world: World) -> None:
    giver = world.member()
    coupon = a_coupon(giver, transferable=True)
    itself = send(api, coupon, {"member_id": giver})
    assert (itself.status, itself.body["code"]) == (409, "coupon_transfer_to_self")
    nobody = send(api, coupon, {"member_id": ids.new_id("mbr")})
    assert (nobody.status, nobody.body["errors"][0]["field"]) == (400, "to.member_id")
    none = send(api, coupon, {})
    assert (none.status, none.body["errors"][0]["code"]) == (400, "exactly_one")
    path = f"/v1/me/coupons/{coupon.id}/transfers"
    body = {"to": {"member_id": world.member()}}
    thief = api.post(path, body, as_=token(world.member()), key=new_key())
    assert (thief.status, thief.body["code"]) == (404, "coupon_not_found")
    assert owner(coupon) == (giver, "available")
