"""The staff tags members; what campaigns know of one is exported, merged and erased with them."""

from __future__ import annotations

import pytest

from chalicelib import campaigns
from chalicelib.campaigns.actions.people import put_bought, put_taken
from chalicelib.campaigns.queries import people
from chalicelib.campaigns.rules.people import MOST_TAGS, Month, with_bought
from chalicelib.kernel import ids
from chalicelib.kernel.store.writes import WriteSet
from tests.campaigns.drafting import MEMBERS, staff, tagged
from tests.world import World


def test_a_member_has_the_tags_that_were_given_last(world: World) -> None:
    member = world.member()
    path = f"{MEMBERS}/{member}/audiences"
    assert world.api.get(path, as_=world.ops).body["tags"] == []
    assert tagged(world, member, "vip", "母婴").body["tags"] == ["vip", "母婴"]
    again = tagged(world, member, "母婴")
    assert (again.status, again.body["tags"]) == (200, ["母婴"])
    assert people.facts_of(member).tags == {"母婴"}
    assert tagged(world, member).body["tags"] == []
    audit = f"/v1/admin/audit?subject={member}"
    acts = world.api.get(audit, as_=staff("admin")).body["data"]
    assert [each["after"] for each in acts if each["action"] == "member.tag"] == [
        {"tags": ""},
        {"tags": "母婴"},
        {"tags": "vip, 母婴"},
    ]


def test_only_ops_tag_members_and_too_many_tags_are_refused(world: World) -> None:
    member = world.member()
    assert tagged(world, member, "vip", role="agent").status == 403
    many = [f"t{number}" for number in range(MOST_TAGS + 1)]
    refused = tagged(world, member, *many)
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "tags")
    assert tagged(world, ids.new_id("mbr"), "vip").status == 404
    assert people.facts_of(member).tags == set()


@pytest.fixture
def known(world: World) -> str:
    member = world.member()
    tagged(world, member, "vip")
    facts = people.facts_of(member)
    writes = WriteSet()
    put_taken(writes, facts, {"cam_1": 1})
    writes.commit()
    writes = WriteSet()
    put_bought(writes, facts, with_bought(facts, "2026-11", Month(1, 1980, 800)))
    writes.commit()
    return member


def test_what_is_known_of_a_member_goes_to_the_one_they_are_merged_into(
    world: World, known: str
) -> None:
    into = world.member()
    tagged(world, into, "gold")
    campaigns.join_of(known, into)
    campaigns.join_of(known, into)
    facts = people.facts_of(into)
    assert (facts.tags, facts.taken, facts.orders) == ({"vip", "gold"}, {"cam_1": 1}, 1)
    assert facts.bought == {"2026-11": Month(1, 1980, 800)}
    assert people.facts_of(known) == campaigns.MemberFacts(member_id=known)


def test_what_is_known_of_a_member_is_exported_and_erased(world: World, known: str) -> None:
    (told,) = campaigns.export_of(known)["marketing"]
    assert (told["tags"], told["taken"], told["orders"]) == (["vip"], {"cam_1": 1}, 1)
    campaigns.erase_of(known)
    campaigns.erase_of(known)
    assert list(campaigns.export_of(known)["marketing"]) == []
