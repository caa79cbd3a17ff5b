"""A merge of two members ends what risk holds of the old id."""

from __future__ import annotations

from chalicelib.kernel import clock
from chalicelib.risk.actions import cases, uses
from chalicelib.risk.queries import cases as queries
from tests.conftest import Time
from tests.privacy.merging import merge
from tests.risk.people import on_one_device
from tests.world import World


def test_a_merge_closes_a_case_and_what_is_heard_later_is_of_who_they_are_now(
    world: World, time: Time
) -> None:
    (member, *_), into = on_one_device(world, 6), world.member()
    case = cases.assess(member, clock.now())
    assert case is not None
    assert (case.state, case.level) == ("open", "watch")
    assert merge(world, member, into).status == 200
    closed = queries.get_case(member)
    assert (closed.state, closed.level) == ("closed", "none")
    uses.ask(member, clock.now())
    time.advance(seconds=uses.GATHERED.seconds + 1)
    cases.sweep(clock.now(), [])
    assert (queries.find_due(member), queries.find_case(member)) == (None, closed)
