"""Members get coupons, free or for points, and see their own."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import coupons
from chalicelib.coupons.actions.giving import grant_now
from chalicelib.coupons.queries.templates import OFFERED
from chalicelib.coupons.rules.templates import Template
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet
from tests.api import Answer, Api, new_key, token
from tests.conftest import Time
from tests.coupons.giving import given, left, template
from tests.world import World

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def world(api: Api) -> World:
    return World(api)


def claim(api: Api, made: Template, member: str, key: str | None = None) -> Answer:
    path = f"/v1/coupons/{made.id}/claims"
    return api.post(path, as_=token(member), key=key or new_key())


def mine(api: Api, member: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/v1/me/coupons{query}", as_=token(member)).body["data"]
    return found


def test_a_member_gets_a_coupon_that_is_free(api: Api, world: World) -> None:
    made, member = template(total=3), world.member()
    got = claim(api, made, member)
    assert got.status == 201
    assert (got.body["worth"], got.body["asks"]) == ("CNY 10.00 off", "No minimum")
    assert mine(api, member, "?status=available") == [got.body]
    assert api.get(f"/v1/me/coupons/{got.body['id']}", as_=token(member)).body == got.body
    assert (given(made), left(made)) == (1, 2)


def test_a_retry_of_a_claim_gets_the_same_coupon_though_it_was_the_last(
    api: Api, world: World
) -> None:
    made, member, key = template(total=1, price_points=50), world.member(80), new_key()
    first, again = (claim(api, made, member, key) for _ in range(2))
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert world.available(member) == 30
    assert (given(made), left(made)) == (1, 0)


def test_points_pay_for_a_coupon_in_the_same_transaction(api: Api, world: World) -> None:
    made, member = template(price_points=50), world.member(49)
    short = claim(api, made, member)
    assert (short.status, short.body["code"]) == (409, "insufficient_points")
    assert short.body["missing_points"] == 1
    assert (given(made), mine(api, member), world.available(member)) == (0, [], 49)
    world.give(member, 1)
    assert claim(api, made, member).status == 201
    assert world.available(member) == 0


def test_what_is_gone_or_had_is_refused_and_costs_nothing(api: Api, world: World) -> None:
    made, first, second = template(total=1, price_points=5), world.member(10), world.member(10)
    assert claim(api, made, first).status == 201
    had = claim(api, made, first)
    gone = claim(api, made, second)
    assert (had.status, gone.status) == (409, 409)
    assert gone.body["code"] == "coupons_gone"
    assert (world.available(first), world.available(second)) == (5, 10)


def test_one_member_may_have_so_many(api: Api, world: World) -> None:
    made, member = template(per_member=2), world.member()
    statuses = [claim(api, made, member) for _ in range(3)]
    assert [each.status for each in statuses] == [201, 201, 409]
    assert statuses[2].body["code"] == "coupon_limit_reached"
    assert statuses[2].body["per_member"] == 2
    assert given(made) == 2


@pytest.mark.parametrize("other", [{"status": "draft"}, {"is_listed": False}])
def test_what_is_not_to_be_had_is_refused(api: Api, world: World, other: dict[str, Any]) -> None:
    made = template(**other)
    refused = claim(api, made, world.member())
    assert (refused.status, refused.body["code"]) == (409, "coupon_not_offered")


def test_an_unknown_template_is_not_found(api: Api, world: World) -> None:
    path = f"/v1/coupons/{ids.new_id('ctp')}/claims"
    assert api.post(path, as_=token(world.member()), key=new_key()).status == 404


def test_coupons_to_be_had_tell_what_a_member_had(api: Api, world: World) -> None:
    made, hidden, member = template(total=9), template(is_listed=False), world.member()
    claim(api, made, member)
    OFFERED.clear()
    found = api.listed("/v1/coupons", as_=token(member))
    rows = {each["template_id"]: each for each in found}
    assert hidden.id not in rows
    assert (rows[made.id]["status"], rows[made.id]["had"]) == ("had", 1)
    other = api.listed("/v1/coupons", as_=token(world.member()))
    assert {each["template_id"]: each for each in other}[made.id]["status"] == "open"


def test_a_member_sees_their_own_coupons_by_state(api: Api, world: World, time: Time) -> None:
    member, order = world.member(), ids.new_id("ord")
    kept, used = (
        grant_now(template(days=days).id, member, new_key(), clock.now())[0] for days in (9, 1)
    )
    writes = WriteSet()
    coupons.use(writes, used, order, clock.now())
    writes.commit()
    rows = mine(api, member, "?status=used")
    assert [(each["id"], each["order_id"]) for each in rows] == [(used.id, order)]
    time.advance(days=10)
    assert [each["id"] for each in mine(api, member, "?status=expired")] == [kept.id]
    assert {each["id"] for each in mine(api, member)} == {kept.id, used.id}
    assert mine(api, world.member()) == []
    stranger = api.get(f"/v1/me/coupons/{kept.id}", as_=token(world.member()))
    assert (stranger.status, stranger.body["code"]) == (404, "coupon_not_found")


def test_a_filtered_list_goes_on_from_page_to_page(api: Api, world: World) -> None:
    made, member = template(per_member=9), world.member()
    got = {claim(api, made, member).body["id"] for _ in range(5)}
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        path = f"/v1/me/coupons?status=available&limit=2{cursor and '&cursor=' + cursor}"
        page = api.get(path, as_=token(member)).body
        seen += [each["id"] for each in page["data"]]
        cursor = page["next_cursor"]
    assert (len(seen), set(seen)) == (5, got)
