"""What goes over to the member who stays: cart, favourites, payout account, limits, news."""

from __future__ import annotations

from typing import Any

from chalicelib import members
from chalicelib.earning.actions.limits import join_caps
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.store.streams import Change
from chalicelib.members import MemberRegistered
from chalicelib.members.events import facts_of
from chalicelib.notify.actions import deliver
from chalicelib.privacy import queries
from chalicelib.privacy.actions.merging import run_merge
from chalicelib.tiers.actions.standings import record_activity
from chalicelib.tiers.queries import find_standing
from chalicelib.tiers.rules.months import month_of
from chalicelib.tiers.rules.standing import Sums
from tests.api import new_key, token
from tests.conftest import Time
from tests.earning.ruling import bought, gave, in_force, of_sku
from tests.facts import AT, made
from tests.privacy.merging import ask_merge, merge
from tests.withdrawals.withdrawing import BANK, PROVIDER
from tests.world import World, refunded

ACCOUNT = "/v1/me/payout-account"


def cart(world: World, member: str) -> dict[str, int]:
    lines = world.api.get("/v1/me/cart", as_=token(member)).body["lines"]
    return {each["sku"]: each["quantity"] for each in lines}


def favourites(world: World, member: str) -> list[str]:
    found = world.api.get("/v1/me/favourites", as_=token(member)).body["data"]
    return [each["product"]["id"] for each in found]


def notices(world: World, member: str) -> list[str]:
    found = world.api.get("/v1/me/notifications", as_=token(member)).body["data"]
    return [each["type"] for each in found]


def test_two_carts_are_one_with_the_larger_quantity(world: World) -> None:
    one, other = world.member(), world.member()
    both, alone = world.sku(stock=9), world.sku(stock=9)
    for member, sku, quantity in ((one, both, 1), (other, both, 3), (other, alone, 2)):
        path = f"/v1/me/cart/items/{sku}"
        assert world.api.put(path, {"quantity": quantity}, as_=token(member)).status == 200
    merge(world, other, one)
    assert (cart(world, one), cart(world, other)) == ({both: 3, alone: 2}, {})


def test_favourites_of_both_are_one_list(world: World) -> None:
    one, other = world.member(), world.member()
    both, alone = (world.product(points=5, stock=1)["id"] for _ in range(2))
    for member, product in ((one, both), (other, both), (other, alone)):
        path = f"/v1/me/favourites/{product}"
        assert world.api.put(path, as_=token(member)).status in (200, 201)
    merge(world, other, one)
    assert sorted(favourites(world, one)) == sorted([both, alone])
    assert favourites(world, other) == []


def test_a_payout_account_goes_to_who_has_none(world: World) -> None:
    one, other = world.member(), world.member()
    assert world.api.put(ACCOUNT, BANK, as_=token(other)).status == 200
    merge(world, other, one)
    assert world.api.get(ACCOUNT, as_=token(one)).body["holder"] == "李*"
    assert world.api.get(ACCOUNT, as_=token(other)).status == 404


def test_a_payout_account_of_ones_own_is_kept(world: World) -> None:
    one, other = world.member(), world.member()
    for member, account in ((one, PROVIDER), (other, BANK)):
        assert world.api.put(ACCOUNT, account, as_=token(member)).status == 200
    merge(world, other, one)
    assert world.api.get(ACCOUNT, as_=token(one)).body["kind"] == "provider"


def event_of(member: str, sku: str) -> dict[str, Any]:
    return {**bought("", (sku, 1000)), "member": {"member_id": member}}


def test_a_cap_counts_what_both_got_and_has_back_what_either_gives_back(
    world: World, time: Time
) -> None:
    time.advance_to_noon()
    one, other, sku = world.member(), world.member(), f"CAP-{new_key()}"
    caps = {"member_day": 25, "member_life": 30}
    with in_force(world, {"when": of_sku(sku), "caps": caps}) as (rule,):

        def points(event: dict[str, Any]) -> int:
            answer = world.event(event)
            assert answer.status == 200, answer.body
            return gave(answer.body)[rule["id"]][0]

        first = event_of(other, sku)
        assert [points(first), points(event_of(one, sku))] == [10, 10]
        assert merge(world, other, one).status == 200
        join_caps(other, one)
        assert points(event_of(one, sku)) == 5
        assert world.event(refunded(first, 1000)).status == 200
        assert [points(event_of(other, sku)) for _ in range(2)] == [10, 0]


def welcome(member: str) -> None:
    name, data = f"{MemberRegistered.TYPE}:{member}", {"member_id": member}
    deliver(made(name, MemberRegistered.TYPE, AT, data), clock.now())


def test_the_member_hears_of_a_merge_and_is_welcomed_once(world: World) -> None:
    one, other = world.member(), world.member()
    for member in (one, other):
        welcome(member)
    merge(world, other, one)
    left = members.find_merged(other)
    assert left is not None
    (fact,) = facts_of(Change("1", None, left.to_dynamodb_dict()))
    for _ in range(2):
        deliver(fact, clock.now())
    welcome(other)
    assert sorted(notices(world, one)) == ["member.merged", "member.registered"]
    shown = world.api.get("/v1/me/notifications", as_=token(one)).body["data"]
    (told,) = (each for each in shown if each["type"] == "member.merged")
    assert (told["title"], told["data"]) == ("Your accounts are one", {"status": "merged"})


def test_what_may_be_long_follows_by_schedule(world: World) -> None:
    one, other, third = world.member(), world.member(), world.member()
    month = month_of(clock.now(), config().time_zone)
    record_activity(other, month, "b", Sums(250_000, 1), clock.now())
    assert ask_merge(world, other, one).status == 200
    pair = members.Pair(other, one)
    assert (find_standing(one).months, queries.is_unfinished(pair)) == ({}, True)
    # Who stayed is merged, too, before the rest is done.
    assert merge(world, one, third).status == 200
    assert (run_merge(pair, clock.now()), run_merge(pair, clock.now())) == (True, False)
    assert find_standing(third).months[month] == Sums(250_000, 1)
    assert not queries.is_unfinished(pair)
