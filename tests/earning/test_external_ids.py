"""A shop names members by its own ids: linked by the shop or by ops, apart from other shops'."""

from __future__ import annotations

from typing import Any

from chalicelib.earning import events
from chalicelib.kernel import clock
from chalicelib.members import external_identity
from chalicelib.members.actions import link_external
from tests.api import Answer, new_key
from tests.earning.till import asked, place
from tests.facts import made
from tests.world import World, new_phone, paid

PATH = "/v1/partner/members"


def link(world: World, own: str, /, **member: str) -> Answer:
    return world.partner("PUT", PATH, {"external_id": own, "member": member})


def paid_by(external_id: str) -> Any:
    return {**paid(new_phone()), "member": {"external_id": external_id}}


def test_a_shop_links_its_id_and_names_the_member_by_it(world: World) -> None:
    member, own = world.member(1000), new_key()
    linked = link(world, own, member_id=member)
    assert (linked.status, linked.body["member_id"]) == (200, member)
    assert link(world, own, external_id=own).body == linked.body
    assert world.partner("GET", f"{PATH}?external_id={own}").body == linked.body
    earned = world.event(paid_by(own))
    assert (earned.status, earned.body["status"]) == (200, "applied")
    held = place(world, {**asked(member), "member": {"external_id": own}})
    assert (held.status, held.body["member_id"]) == (201, member)


def test_events_wait_for_an_id_that_is_linked_later(world: World) -> None:
    member, own = world.member(), new_key()
    assert world.event(paid_by(own)).body["status"] == "unmatched"
    link_external(member, "shop-1", own, clock.now())
    data = {"member_id": member, "identity": external_identity("shop-1", own)}
    events.claim_waiting(made("x", "member.identity_added", "", data))
    assert world.available(member) == 199


def test_another_systems_id_names_nobody_to_a_shop(world: World) -> None:
    member, own = world.member(), new_key()
    link_external(member, "crm", own, clock.now())
    answer = world.partner("GET", f"{PATH}?external_id={own}")
    assert (answer.status, answer.body["code"]) == (404, "member_not_found")
    assert world.event(paid_by(own)).body["status"] == "unmatched"


def test_a_link_to_another_member_or_to_nobody_is_refused(world: World) -> None:
    member, own = world.member(), new_key()
    link(world, own, member_id=member)
    taken = link(world, own, member_id=world.member())
    assert (taken.status, taken.body["code"]) == (409, "external_id_taken")
    nobody = link(world, new_key(), phone=new_phone())
    assert (nobody.status, nobody.body["errors"][0]["field"]) == (404, "member.phone")
    assert world.partner("GET", f"{PATH}?external_id={own}").body["member_id"] == member


def test_a_member_is_named_in_one_way(world: World) -> None:
    both = {"phone": new_phone(), "external_id": "x"}
    assert world.event({**paid(new_phone()), "member": both}).status == 400
    assert link(world, "x", **both).status == 400
    assert world.partner("GET", f"{PATH}?external_id=x&member_id=y").status == 400
    assert world.partner("PUT", PATH, {"external_id": "x"}).status == 400
