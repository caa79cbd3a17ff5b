"""Exports and erasures make only calls that their policies allow."""

from __future__ import annotations

from chalicelib import members
from tests.catalog.buckets import Buckets
from tests.conftest import Time
from tests.infra.permissions import Guard
from tests.members.conftest import many_callers, people  # noqa: F401 - fixtures
from tests.members.people import People
from tests.privacy.conftest import files, pictures  # noqa: F401 - fixtures
from tests.privacy.leaving import Leaver, run
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
