"""Evidence from facts: sign-ins, referrals, credits and refunds."""

from __future__ import annotations

import pytest

from chalicelib import risk
from chalicelib.kernel import clock
from chalicelib.risk.actions import cases
from chalicelib.risk.queries import evidence
from chalicelib.risk.queries.cases import find_case, find_due
from chalicelib.risk.queries.evidence import evidence_of, members_on, uses_of
from chalicelib.risk.rules.evidence import Evidence
from chalicelib.risk.tables import DEVICE, RiskItem, member_key
from tests.api import new_key
from tests.conftest import Time
from tests.risk.people import invite, on_one_device, signs_in
from tests.world import World, paid, refunded


def found(member: str) -> Evidence:
    return evidence_of(member, clock.now())


def due(member: str) -> int | None:
    item = find_due(member)
    return item.due_at if item else None


def test_members_on_one_device_know_of_each_other_for_thirty_days(world: World, time: Time) -> None:
    last, *others = on_one_device(world, 4)
    assert {found(each).members_on_a_device for each in (last, *others)} == {3}
    time.advance(days=31)
    assert found(last).members_on_a_device == 0


def test_who_joins_others_on_a_device_has_them_assessed_too(world: World, time: Time) -> None:
    device, first, second = new_key(), world.member(), world.member()
    signs_in(first, device)
    time.advance(minutes=6)
    cases.sweep(clock.now(), [])
    assert due(first) is None
    signs_in(second, device)
    assert due(first) == due(second) is not None
    time.advance(minutes=6)
    cases.sweep(clock.now(), [])
    signs_in(second, device)
    assert (due(first), due(second) is None) == (None, False)


def test_a_late_and_repeated_message_of_a_sign_in_changes_nothing(world: World, time: Time) -> None:
    time.advance_to_noon()
    member, device = world.member(), new_key()
    signs_in(member, device, "203.0.113.0/24")
    once = uses_of(member, clock.now())
    signs_in(member, device, "203.0.113.0/24")
    assert uses_of(member, clock.now()) == once
    assert members_on(DEVICE + device, 0) == [member]


def test_a_sign_in_of_a_client_that_names_no_device_is_of_a_network_alone(
    world: World, time: Time
) -> None:
    time.advance_to_noon()
    network = f"2001:db8:{new_key()[:4]}::/48"
    one, other = world.member(), world.member()
    for each in (one, other):
        signs_in(each, None, network)
    assert found(one) == Evidence(members_on_a_network=1)


def test_the_newest_uses_count_of_a_member_who_used_a_lot(
    world: World, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_USES", 3)
    member, devices = world.member(), sorted((new_key() for _ in range(6)), reverse=True)
    for each in devices:
        signs_in(member, each)
        time.advance(minutes=1)
    assert uses_of(member, clock.now()).devices == [DEVICE + each for each in devices[:2:-1]]


def test_those_who_used_a_device_long_ago_hide_nobody(
    world: World, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_MEMBERS", 2)
    device, found = new_key(), sorted(world.member() for _ in range(4))
    for number, each in enumerate(found):
        if number == 3:
            time.advance(days=31)
        signs_in(each, device)
    since_ms = clock.to_ms(clock.now()) - 30 * 86_400_000
    assert members_on(DEVICE + device, since_ms) == found[3:]


def test_a_network_is_shared_on_a_day_and_for_a_week(world: World, time: Time) -> None:
    time.advance_to_noon()
    network = f"2001:db8:{new_key()[:4]}::/48"
    one, other, late = world.member(), world.member(), world.member()
    signs_in(one, None, network)
    signs_in(other, None, network)
    time.advance(days=1)
    signs_in(late, None, network)
    assert (found(one).members_on_a_network, found(late).members_on_a_network) == (1, 0)
    time.advance(days=8)
    assert found(one).members_on_a_network == 0


def test_a_ring_of_referrals_on_one_device_is_found_within_two_steps(world: World) -> None:
    device, chain = new_key(), [world.member()]
    chain += [invite(chain[0]), invite(chain[0])]
    chain += [invite(chain[1])]
    honest = invite(chain[0])
    for each in chain:
        signs_in(each, device)
    signs_in(honest, new_key())
    assert [found(each).linked_friends for each in (*chain, honest)] == [3, 3, 2, 2, 0]


def test_friends_who_share_a_network_count_besides_those_who_share_a_device(world: World) -> None:
    network, referrer = f"2001:db8:{new_key()[:4]}::/48", world.member()
    friends = [invite(referrer) for _ in range(3)]
    for each in (referrer, *friends):
        signs_in(each, new_key(), network)
    assert found(referrer).friends_on_a_network == 3
    assert found(referrer).linked_friends == 0


def test_refunds_of_spent_points_are_told_from_refunds(world: World) -> None:
    honest, taker = world.member(), world.member()
    sku = world.sku(points=100, kind="service", stock=9)
    for member in (honest, taker):
        payments = [{**paid("", amount=10_000), "member": {"member_id": member}} for _ in range(3)]
        for each in payments:
            assert world.event(each).body["status"] == "applied"
        if member is taker:
            at = {"booking": {"at": "2030-01-01T00:00:00Z"}}
            assert world.order(member, sku, 3, **at).status == 201
        for each in payments:
            assert world.event(refunded(each, 10_000)).status == 200
    assert (found(honest).refunds_after_spending, found(honest).refunded_share) == (0, 100)
    assert (found(taker).refunds_after_spending, found(taker).refunded_share) == (3, 100)
    assert found(taker).credits_in_an_hour == 3


def test_nothing_is_left_of_a_member_who_is_erased(world: World) -> None:
    member, *others = on_one_device(world, 6)
    cases.assess(member, clock.now())
    assert find_case(member)
    for _ in range(2):
        risk.erase_of(member)
    assert list(RiskItem.query(member_key(member))) == []
    assert found(others[0]).members_on_a_device == 4
