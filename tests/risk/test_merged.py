"""A merge of two members ends what risk holds of the old id."""

from __future__ import annotations

from chalicelib.kernel import clock
from chalicelib.risk.actions import cases, uses
from chalicelib.risk.queries import cases as queries
from chalicelib.risk.queries.evidence import evidence_of, members_on, uses_of
from chalicelib.risk.rules.evidence import Evidence
from chalicelib.risk.tables import DEVICE
from tests.api import new_key
from tests.conftest import Time
from tests.privacy.merging import merge
from tests.risk.people import invite, on_one_device, signs_in
from tests.world import World, paid, refunded


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


def test_two_ids_of_one_person_are_one_on_a_device(world: World, time: Time) -> None:
    device, one, other, stranger = new_key(), world.member(), world.member(), world.member()
    for each in (one, other, stranger):
        signs_in(each, device)
    assert merge(world, other, one).status == 200
    assert evidence_of(one, clock.now()).members_on_a_device == 1
    assert evidence_of(stranger, clock.now()).members_on_a_device == 1
    # A sign-in of before the merge is heard late.
    signs_in(other, device)
    time.advance(seconds=uses.GATHERED.seconds + 1)
    cases.sweep(clock.now(), [])
    assert sorted(members_on(DEVICE + device, 0)) == sorted([one, stranger])
    assert uses_of(other, clock.now()).devices == []


def test_a_later_use_of_the_one_is_not_undone_by_an_earlier_of_the_other(
    world: World, time: Time
) -> None:
    device, one, other = new_key(), world.member(), world.member()
    signs_in(other, device)
    time.advance(days=20)
    signs_in(one, device)
    for _ in range(2):
        uses.move_uses(other, one)
    time.advance(days=20)
    assert uses_of(one, clock.now()).devices == [DEVICE + device]


def test_friends_of_an_old_id_are_the_members_and_two_ids_are_no_ring(world: World) -> None:
    device, one, other = new_key(), world.member(), world.member()
    friend = invite(other)
    for each in (one, other, friend):
        signs_in(each, device)
    assert merge(world, other, one).status == 200
    found = [evidence_of(each, clock.now()).linked_friends for each in (one, friend)]
    assert found == [1, 1]
    assert merge(world, friend, one).status == 200
    assert evidence_of(one, clock.now()) == Evidence()


def test_what_an_old_id_was_given_and_had_to_give_back_counts(world: World) -> None:
    one, other = world.member(), world.member()
    payments = [{**paid("", amount=10_000), "member": {"member_id": other}} for _ in range(3)]
    for each in payments:
        assert world.event(each).body["status"] == "applied"
    assert merge(world, other, one).status == 200
    for each in payments:
        assert world.event(refunded(each, 10_000)).status == 200
    found = evidence_of(one, clock.now())
    assert (found.refunded_share, found.credits_in_an_hour) == (100, 3)
