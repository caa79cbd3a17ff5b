"""Exports, erasures and merges make only calls that their policies allow."""

from __future__ import annotations

import pytest

from chalicelib import members
from chalicelib.earning.rules.check_ins import Month
from chalicelib.earning.rules.claims import Progress
from chalicelib.earning.tables.people import MemberFactsItem
from chalicelib.earning.tables.tasks import CheckInsItem, ProgressItem
from chalicelib.kernel import clock
from chalicelib.privacy.actions import merging
from chalicelib.risk.actions import cases
from tests.api import new_key
from tests.catalog.buckets import Buckets
from tests.conftest import Time
from tests.infra.permissions import Guard
from tests.members.conftest import many_callers, people  # noqa: F401 - fixtures
from tests.members.people import People
from tests.privacy.belongings import Belongings
from tests.privacy.conftest import files, pictures  # noqa: F401 - fixtures
from tests.privacy.leaving import Leaver, run
from tests.privacy.merging import ask_merge
from tests.risk.people import signs_in
from tests.tiers.counting import spend
from tests.world import World


def test_an_export_and_an_erasure_need_no_other_right(
    guard: Guard,
    world: World,
    people: People,  # noqa: F811
    pictures: Buckets,  # noqa: F811
    engine: str,
    time: Time,
) -> None:
    leaver = Leaver(world, people, pictures, engine)
    with guard.acting_as("APIHandler"):
        asked = world.api.get("/v1/me/export", as_=leaver.who.token)
        assert asked.status == 202
    with guard.acting_as("AnswerRequests"):
        assert run()["exported"] == 1
    with guard.acting_as("APIHandler"):
        assert world.api.get("/v1/me/export", as_=leaver.who.token).status == 200
        assert leaver.leave().status == 202
    time.advance(days=7)
    with guard.acting_as("AnswerRequests"):
        assert run()["erased"] >= 1
    assert members.is_erased(leaver.who.id)


def _who_has_all(world: World, found: People) -> str:
    """A member with all that a merge takes along."""
    who = found.sign_in()
    world.give(who.id, 7)
    world.address(who.id)
    spend(who.id, 600)
    Belongings(world, who.id)
    ProgressItem.of(Progress(who.id, "tsk_profile", claimed=1, version=1)).save()
    CheckInsItem.of(Month(who.id, "2026-11", days=1, points=1, version=1)).save()
    device = new_key()
    for each in (who.id, *(world.member() for _ in range(5))):
        signs_in(each, device)
    assert cases.assess(who.id, clock.now()) is not None
    pk, sk = MemberFactsItem.key(who.id)
    at_ms = clock.to_ms(clock.now())
    MemberFactsItem(pk, sk, member_id=who.id, occurred_at=at_ms, birthday=1231).save()
    return who.id


@pytest.mark.parametrize("is_cut_off", [False, True])
def test_a_merge_needs_no_other_right(
    guard: Guard,
    world: World,
    people: People,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_cut_off: bool,
) -> None:
    one, other = _who_has_all(world, people), _who_has_all(world, people)
    with monkeypatch.context() as broken, guard.acting_as("APIHandler"):
        if is_cut_off:
            broken.setattr(merging, "_join", lambda *_: None)
        assert ask_merge(world, other, one).status == (404 if is_cut_off else 200)
    with guard.acting_as("AnswerRequests"):
        assert run()["merged"] == 1
    assert members.merged_into(other) == one
