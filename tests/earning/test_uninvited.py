"""An event of a member whom nobody invited reads no referral; any other one does."""

from __future__ import annotations

import pytest

from chalicelib import members
from chalicelib.earning.actions import referrals as actions
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.members.actions.registrations import add_member
from chalicelib.members.tables.items import IdentityItem
from tests.api import new_key
from tests.earning.shop import sent
from tests.world import World, new_phone, paid, refunded


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The members whose referrals were told of an order."""
    told: list[str] = []
    note = actions.note_order

    def note_order(friend_id: str, *rest: object) -> None:
        told.append(friend_id)
        note(friend_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "note_order", note_order)
    return told


def registered(referrer: str | None) -> tuple[str, str]:
    """A member and their phone."""
    phone, writes = new_phone(), WriteSet()
    member = add_member(
        writes,
        members.destination_of(phone=phone),
        language="zh-CN",
        now_ms=clock.to_ms(clock.now()),
        referred_by=referrer,
    )
    writes.commit()
    return member, phone


@pytest.mark.parametrize("is_invited", [True, False])
def test_each_name_of_a_member_tells_whether_a_referral_is_to_be_read(
    world: World, noted: list[str], *, is_invited: bool
) -> None:
    member, phone = registered(world.member() if is_invited else None)
    external = new_key()
    members.link_external(member, "shop-1", external, clock.now())
    for name in ({"phone": phone}, {"external_id": external}, {"member_id": member}):
        event = {**paid(phone), "member": name}
        assert sent(world, event)["status"] == "applied"
        assert sent(world, {**refunded(event), "member": name})["status"] == "applied"
    # A batch reads each member by itself.
    answer = world.event({"events": [paid(phone), paid(phone)]})
    assert [each["status"] for each in answer.body["events"]] == ["applied"] * 2
    assert noted == ([member] * 8 if is_invited else [])


def test_a_name_that_was_another_members_tells_nothing_of_who_has_it_now(
    world: World, noted: list[str]
) -> None:
    """So it is with the names of earlier releases, too."""
    member, phone = registered(None)
    identity = members.identity_hash(phone=phone)
    for told in (IdentityItem.uninvited.remove(), IdentityItem.uninvited.set(ids.new_id("mbr"))):
        IdentityItem.key(identity).update([told])
        assert members.named_with(identity) == (member, False)
        assert sent(world, paid(phone))["status"] == "applied"
    assert noted == [member] * 2
