"""Refunds before their payment or its member wait; the later of the two applies them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from chalicelib.earning import actions, events, queries
from chalicelib.earning.actions import waiting as waits
from chalicelib.earning.routes.bodies import read_event
from chalicelib.earning.tables import refunds_key
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from infra.local import schedules
from tests.conftest import Time
from tests.earning.shop import account_of, points_of, refunded_of, register, sent, why
from tests.world import World, new_phone, paid, refunded

WAITS = ("unmatched", 0, "waiting_for_payment")


@pytest.fixture
def phone() -> str:
    return new_phone()


def waiting(payment: Any) -> int:
    order_id = payment["data"]["order_id"]
    listed = queries.refunds_waiting_for("shop-1", order_id)
    counted = queries.find_order("shop-1", order_id).waiting or 0
    assert counted == sum(item.amount for item in listed)
    return len(listed)


def waits_at(order_id: str) -> str:
    return refunds_key("shop-1", order_id)


def sweep() -> dict[str, int]:
    event = schedules.event("sweep_refunds", "2026-11-21T08:00:00Z")
    swept: dict[str, int] = events.sweep_refunds(event, None)
    return swept


def test_a_refund_before_its_payment_waits_and_is_applied_after_it(
    world: World, phone: str
) -> None:
    member, payment = register(phone), paid(phone)
    refund = refunded(payment, 9950)
    for _ in range(2):
        answer = sent(world, refund)
        assert (why(answer), answer["entries"]) == (WAITS, [])
    assert (waiting(payment), account_of(member).seq) == (1, 0)
    first = sent(world, payment)
    assert (first["status"], points_of(first)) == ("applied", [199])
    assert (waiting(payment), world.available(member)) == (0, 100)
    again = sent(world, refund)
    assert (why(again), points_of(again)) == (("duplicate", -99, "refunded"), [-99])
    assert sent(world, payment)["status"] == "duplicate"
    assert account_of(member).seq == 2


def test_a_refund_does_not_wait_for_an_order_whose_id_differs_in_case(
    world: World, phone: str
) -> None:
    register(phone)
    names = (f"{phone[1:]}-a{number}" for number in range(1000))
    name = next(each for each in names if waits_at(each) == waits_at(each.upper()))
    payment, other = paid(phone, order_id=name), paid(phone, order_id=name.upper())
    sent(world, refunded(other, 100))
    assert (waiting(other), queries.refunds_waiting_for("shop-1", name)) == (1, [])
    sent(world, payment)
    assert waiting(other) == 1


def test_any_order_of_events_gives_the_same_balance(world: World) -> None:
    for order in ((0, 1, 2), (1, 0, 2), (2, 1, 0)):
        phone = new_phone()
        member, payment = register(phone), paid(phone, amount=10000)
        told = [payment, refunded(payment, 3333), refunded(payment, 6667)]
        for number in order:
            sent(world, told[number])
            sent(world, told[number])
        assert (world.available(member), waiting(payment)) == (0, 0), order
        assert account_of(member).seq == 3
        assert world.event(refunded(payment, 1)).body["refundable"] == 0


def test_a_refund_that_names_the_member_by_id_waits_for_its_payment_too(
    world: World, phone: str
) -> None:
    payment = {**paid(phone), "member": {"member_id": register(phone)}}
    assert sent(world, refunded(payment, 9950))["status"] == "unmatched"
    assert waiting(payment) == 1
    sent(world, payment)
    assert (waiting(payment), refunded_of(payment)) == (0, 9950)


def test_a_refund_may_stand_before_its_payment_in_a_batch(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    refund = refunded(payment)
    answers = sent(world, {"events": [refund, payment, refund]})["events"]
    assert [answer["status"] for answer in answers] == ["unmatched", "applied", "duplicate"]
    assert (world.available(member), points_of(answers[2])) == (0, [-199])


def test_a_refund_of_a_payment_that_waits_for_a_registration_waits_too(
    world: World, phone: str
) -> None:
    payment = paid(phone)
    early, late = refunded(payment, 5000), refunded(payment, 4950)
    sent(world, early)
    assert sent(world, payment)["status"] == "unmatched"
    assert why(sent(world, late)) == WAITS
    refused = world.event(refunded(payment, 9951))
    assert (refused.status, refused.body["refundable"]) == (409, 9950)
    assert waiting(payment) == 2
    member = register(phone)
    assert (waiting(payment), world.available(member)) == (0, 100)
    assert [points_of(sent(world, each)) for each in (early, late)] == [[-50], [-49]]
    assert account_of(member).seq == 3


def test_a_payment_sent_again_after_the_registration_applies_its_waiting_refunds(
    world: World, phone: str
) -> None:
    from chalicelib.members.actions.registrations import enrol
    from chalicelib.members.queries import destination_of

    payment = paid(phone)
    sent(world, payment)
    sent(world, refunded(payment, 9950))
    member = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    assert points_of(sent(world, payment)) == [199]
    assert (waiting(payment), world.available(member)) == (0, 100)


def test_a_waiting_refund_that_is_too_large_is_dropped_and_later_refused(
    world: World, phone: str
) -> None:
    member, payment = register(phone), paid(phone, amount=10000)
    fits = {**refunded(payment, 6000), "occurred_at": "2026-11-01T00:00:00Z"}
    does_not = refunded(payment, 4001)
    external = refunded(payment, 5, currency="USD")
    for refund in (fits, does_not, external):
        sent(world, refund)
    assert sent(world, payment)["status"] == "applied"
    assert (waiting(payment), world.available(member)) == (0, 40)
    assert sent(world, fits)["status"] == "duplicate"
    refused = world.event(does_not)
    assert (refused.status, refused.body["refundable"]) == (409, 4000)
    assert world.event(external).body["errors"][0]["field"] == "data.currency"


def test_a_payment_without_points_closes_its_waiting_refunds(world: World, phone: str) -> None:
    register(phone)
    payment = paid(phone, amount=99)
    refund = refunded(payment)
    sent(world, refund)
    sent(world, payment)
    assert waiting(payment) == 0
    assert why(sent(world, refund)) == ("duplicate", 0, "nothing_was_given")


def test_a_payment_applies_a_refund_that_names_another_member(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, {**refunded(payment), "member": {"phone": new_phone()}})
    sent(world, payment)
    assert (waiting(payment), world.available(member)) == (0, 0)


def test_a_late_refund_in_another_name_is_applied_with_one_in_the_right_name(
    world: World, phone: str
) -> None:
    member, payment, other = register(phone), paid(phone), new_phone()
    stranger = register(other)
    sent(world, payment)
    assert why(sent(world, {**refunded(payment, 9950), "member": {"phone": other}})) == WAITS
    assert points_of(sent(world, refunded(payment, 9950))) == [-100]
    assert (waiting(payment), world.available(member)) == (0, 0)
    assert world.event(refunded(payment, 1)).body["refundable"] == 0
    assert (account_of(member).seq, account_of(stranger).seq) == (3, 0)


def test_later_refunds_take_from_the_member_of_the_first(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    sent(world, refunded(payment, 9950))
    other = {**refunded(payment, 9950), "member": {"member_id": world.member()}}
    assert points_of(sent(world, other)) == [-100]
    assert world.available(member) == 0


def test_the_sweep_applies_a_payment_and_its_concurrent_refund(
    world: World,
) -> None:
    for _ in range(6):
        phone = new_phone()
        member, payment = register(phone), paid(phone)
        told = [
            read_event(msgspec.json.encode(each), clock.now(), "shop")
            for each in (payment, refunded(payment))
        ]
        gate = threading.Barrier(2)

        def send(event: Any, gate: threading.Barrier = gate) -> None:
            gate.wait()
            actions.receive("shop-1", event, clock.now())

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(send, told))
        if waiting(payment):
            assert sweep()["settled"] >= 1
        assert (waiting(payment), world.available(member)) == (0, 0)
        assert account_of(member).seq == 2


def test_concurrent_attempts_apply_a_waiting_refund_once(
    world: World, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, refunded(payment, 9950))
    with monkeypatch.context() as patch:
        patch.setattr(queries, "want_orders", lambda *_: dict)
        sent(world, payment)
    assert (waiting(payment), world.available(member)) == (1, 199)

    def attempt(_: int) -> int:
        return actions.apply_waiting_refunds("shop-1", payment["data"]["order_id"], clock.now())

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(attempt, range(4)))
    assert (waiting(payment), world.available(member), account_of(member).seq) == (0, 100, 2)


def test_the_sweep_applies_refunds_left_by_a_crash_and_logs_long_waits(
    world: World, phone: str, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, payment, stray = register(phone), paid(phone), paid(phone)
    sent(world, refunded(payment, 9950))
    sent(world, refunded(stray))
    with monkeypatch.context() as patch:

        def crash(*_: Any) -> None:
            raise Unavailable()

        patch.setattr("chalicelib.ledger.claw_back_each", crash)
        assert world.event(payment).status == 503
        assert world.available(member) == 199
        with pytest.raises(ExceptionGroup):
            sweep()
    counted: list[str] = []
    monkeypatch.setattr(waits, "count", lambda name, **_: counted.append(name))
    assert sweep()["settled"] >= 1
    assert (waiting(payment), world.available(member)) == (0, 100)
    time.advance(hours=25)
    assert sweep()["waiting_long"] >= 1
    assert "RefundWaits" in counted
    assert (waiting(stray), world.available(member)) == (1, 100)
