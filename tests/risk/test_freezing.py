"""Freezes by hand and by cases: each is ended by whoever began it."""

from __future__ import annotations

import pytest

from chalicelib.kernel import clock
from chalicelib.risk.actions import cases
from tests.risk.deciding import account, by_hand, decide, shown
from tests.risk.people import on_one_device
from tests.world import World


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("others", [7, 8], ids=["credits_pending", "under_review"])
def test_what_a_review_holds_is_frozen_by_a_decision_on_the_case_alone(
    world: World, others: int
) -> None:
    member, *_ = on_one_device(world, 1 + others, points=300)
    cases.assess(member, clock.now())
    before = account(member)
    refused = by_hand(world, member, "freeze")
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    assert "to confirm it freezes the accounts" in refused.body["detail"]
    assert account(member) == before
    assert world.api.get(f"/v1/admin/audit?subject={member}", as_=world.ops).body["data"] == []
    assert decide(world, member, "confirm").status == 200
    assert account(member).status == "frozen"


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("decisions", [["clear"], ["confirm", "clear"]], ids="-".join)
def test_who_was_frozen_by_hand_stays_frozen_after_a_false_alarm(
    world: World, decisions: list[str]
) -> None:
    member, *_ = on_one_device(world, 9, points=300)
    assert by_hand(world, member, "freeze").status == 200
    cases.assess(member, clock.now())
    for decision in decisions:
        assert decide(world, member, decision).status == 200
        assert account(member).status == "frozen"
    assert by_hand(world, member, "unfreeze").status == 200
    assert account(member).status == "active"


@pytest.mark.usefixtures("strict")
def test_what_a_case_froze_is_unfrozen_by_a_decision_on_the_case_alone(world: World) -> None:
    member, *_ = on_one_device(world, 8, points=300)
    cases.assess(member, clock.now())
    assert decide(world, member, "confirm").status == 200
    before, case = account(member), shown(world, member)
    refused = by_hand(world, member, "unfreeze")
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    assert "to clear it ends this state" in refused.body["detail"]
    assert (account(member), shown(world, member)) == (before, case)
    assert decide(world, member, "clear").status == 200
    assert account(member).status == "active"


@pytest.mark.usefixtures("strict")
def test_what_a_review_began_no_unfreezing_ends(world: World) -> None:
    member, *_ = on_one_device(world, 9, points=300)
    cases.assess(member, clock.now())
    refused = by_hand(world, member, "unfreeze")
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    assert account(member).status == "under_review"
