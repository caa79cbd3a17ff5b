"""A member's ids in shops and other systems: one member each, found exactly, on the record."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.kernel import clock
from chalicelib.members import external_identity, member_with
from chalicelib.members.actions import link_external
from chalicelib.members.tables.items import MembersItem
from tests.api import Answer, new_key, token
from tests.members.people import at_once
from tests.world import World


def path_of(member: str) -> str:
    return f"/v1/admin/members/{member}/external-ids"


def a_link() -> dict[str, str]:
    return {"system": "crm", "id": f"C-{new_key()}"}


def link(world: World, member: str, body: Any, role: str = "ops") -> Answer:
    return world.api.put(path_of(member), body, as_=token("mbr_staff", role))


def unlink(world: World, member: str, body: dict[str, str], role: str = "ops") -> Answer:
    path = f"{path_of(member)}?{urlencode(body)}"
    return world.api.delete(path, as_=token("mbr_staff", role))


def listed(world: World, member: str) -> list[dict[str, str]]:
    answer = world.api.get(path_of(member), as_=token("mbr_staff", "agent"))
    return [{"system": each["system"], "id": each["id"]} for each in answer.body["data"]]


def found(world: World, link: dict[str, str]) -> list[str]:
    query = urlencode({"system": link["system"], "external_id": link["id"]})
    answer = world.api.get(f"/v1/admin/members?{query}", as_=token("mbr_staff", "agent"))
    assert answer.status == 200, answer.body
    return [each["id"] for each in answer.body["data"]]


def acts_on(world: World, member: str) -> list[dict[str, Any]]:
    answer = world.api.get(f"/v1/admin/audit?subject={member}", as_=token("mbr_staff", "ops"))
    acts: list[dict[str, Any]] = answer.body["data"]
    return acts


def test_a_linked_id_finds_its_member_and_no_other_system_does(world: World) -> None:
    member, one = world.member(), a_link()
    answer = link(world, member, one)
    assert answer.status == 200
    assert [each["id"] for each in answer.body["data"]] == [one["id"]]
    assert found(world, one) == [member]
    assert found(world, {**one, "system": "shop-1"}) == []
    (act,) = acts_on(world, member)
    assert (act["action"], act["after"]) == ("member.link_external", {"system": "crm"})


def test_linking_again_changes_nothing(world: World) -> None:
    member, one = world.member(), a_link()
    first = link(world, member, one)
    assert link(world, member, one) == first
    assert len(acts_on(world, member)) == 1


def test_an_id_of_another_member_is_refused(world: World) -> None:
    holder, other, one = world.member(), world.member(), a_link()
    link(world, holder, one)
    refused = link(world, other, one)
    assert (refused.status, refused.body["code"]) == (409, "external_id_taken")
    assert (found(world, one), listed(world, other), acts_on(world, other)) == ([holder], [], [])


def test_an_unlinked_id_names_nobody_and_may_be_linked_to_another(world: World) -> None:
    member, other, one = world.member(), world.member(), a_link()
    link(world, member, one)
    assert unlink(world, member, one).status == 204
    assert (found(world, one), listed(world, member)) == ([], [])
    assert unlink(world, member, one).status == 404
    assert link(world, other, one).status == 200
    assert unlink(world, member, one).status == 404
    assert found(world, one) == [other]


def test_a_member_has_twenty_ids_at_most(world: World) -> None:
    member = world.member()
    made = [a_link() for _ in range(20)]
    for one in made:
        assert link(world, member, one).status == 200
    refused = link(world, member, a_link())
    assert (refused.status, refused.body["code"]) == (409, "too_many_external_ids")
    assert link(world, member, made[0]).status == 200
    assert len(listed(world, member)) == 20
    assert unlink(world, member, made[0]).status == 204
    assert link(world, member, a_link()).status == 200


def test_an_id_asked_for_by_many_members_at_once_goes_to_one(world: World) -> None:
    one, people = a_link(), [world.member() for _ in range(8)]
    done = at_once(8, lambda n: link_external(people[n], one["system"], one["id"], clock.now()))
    assert sorted(map(str, done)) == ["False"] + ["external_id_taken"] * 7
    holder = member_with(external_identity(one["system"], one["id"]))
    assert [each for each in people if listed(world, each)] == [holder]


def test_ids_are_stored_sealed(world: World) -> None:
    member, one = world.member(), a_link()
    link(world, member, one)
    stored = repr([item.to_dynamodb_dict() for item in MembersItem.query(f"MBR#{member}")])
    assert one["id"] not in stored


@pytest.mark.parametrize(
    "bad",
    [{"system": "", "id": "x"}, {"system": "A shop", "id": "x"}, {"system": "crm", "id": ""},
     {"system": "crm", "id": "x" * 129}, {"system": "crm"}, {"system": "crm", "id": 7}],
)  # fmt: skip
def test_a_bad_id_is_refused(world: World, bad: Any) -> None:
    member = world.member()
    assert link(world, member, bad).status == 400
    assert listed(world, member) == []


@pytest.mark.parametrize("query", ["external_id=x", "system=crm", "system=crm&external_id=x&id=y"])
def test_a_search_takes_a_system_with_its_id(world: World, query: str) -> None:
    answer = world.api.get(f"/v1/admin/members?{query}", as_=token("mbr_staff", "agent"))
    assert answer.status == 400


def test_agents_read_ids_and_ops_link_them(world: World) -> None:
    member, one = world.member(), a_link()
    for role in ("agent", "finance", "member"):
        assert link(world, member, one, role).status == 403
        assert unlink(world, member, one, role).status == 403
    for role, status in (("agent", 200), ("finance", 403), ("member", 403)):
        assert world.api.get(path_of(member), as_=token("mbr_staff", role)).status == status
    assert link(world, f"mbr_{'a' * 26}", one).status == 404
