"""Refunds claw back the points of their order's payment, pro rata to its amounts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.earning import actions, rules
from chalicelib.earning.routes.bodies import read_event
from chalicelib.kernel import clock
from chalicelib.kernel.errors import JifenError, Unavailable
from tests.earning.shop import account_of, points_of, refunded_of, register, sent, why
from tests.world import World, new_phone, paid, refunded


@pytest.fixture
def phone() -> str:
    return new_phone()


def test_a_full_refund_takes_back_all_points_of_its_order(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone, amount=19999)
    sent(world, payment)
    answer = sent(world, refunded(payment))
    (entry,) = answer["entries"]
    assert (entry["type"], entry["points"], entry["balance_after"]) == ("clawback", -199, 0)
    assert entry["source"] == f"shop-1:{payment['data']['order_id']}"
    assert answer["explain"] == [
        {"rule_id": "purchases", "matched": True, "points": -199, "reason": "refunded"}
    ]
    account = account_of(member)
    assert (account.posted, account.debt, account.accrued) == (0, 0, 0)


@pytest.mark.parametrize(
    ("amount", "parts", "taken"),
    [
        (19900, [9950, 9950], [99, 100]),
        (10000, [3333, 3333, 3334], [33, 33, 34]),
        (10100, [3366, 3367, 3367], [33, 34, 34]),
        (300, [299, 1], [2, 1]),
    ],
)
def test_partial_refunds_take_exactly_the_points_of_the_order(
    world: World, phone: str, amount: int, parts: list[int], taken: list[int]
) -> None:
    member, payment = register(phone), paid(phone, amount=amount)
    sent(world, payment)
    answers = [sent(world, refunded(payment, part)) for part in parts]
    assert [-sum(points_of(answer)) for answer in answers] == taken
    assert (world.available(member), sum(taken)) == (0, amount // 100)


def test_a_refund_sent_again_takes_points_once_and_gets_the_same_answer(
    world: World, phone: str
) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    refund = refunded(payment, 9950)
    first = sent(world, refund)
    assert first["status"] == "applied"
    assert sent(world, refund) == {**first, "status": "duplicate"}
    assert (account_of(member).seq, world.available(member)) == (2, 100)


def test_a_refund_may_name_items_instead_of_an_amount(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    items = [
        {"sku": "TEE-1", "amount": 9900, "quantity": 1},
        {"sku": "TEE-2", "amount": 50, "quantity": 2},
    ]
    assert points_of(sent(world, refunded(payment, items=items))) == [-99]
    assert points_of(sent(world, refunded(payment, 9950, items=items))) == [-100]
    assert world.available(member) == 0


def test_two_partners_may_use_one_order_id(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    answer = sent(world, refunded(payment), partner="shop-2", secret="secret-2")
    assert why(answer) == ("unmatched", 0, "waiting_for_payment")
    assert world.available(member) == 199


def test_a_refund_follows_the_rule_of_its_payment(
    world: World, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    dearer = replace(rules.PURCHASES, points=1, per_minor_units=1000)
    monkeypatch.setattr(rules.decisions, "PURCHASES", dearer)
    assert points_of(sent(world, refunded(payment, 10000))) == [-100]
    assert world.available(member) == 99


def test_spent_points_become_a_debt_that_the_next_purchase_pays_first(
    world: World, phone: str
) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    world.address(member)
    assert world.order(member, world.sku(points=150)).status == 201
    entry = sent(world, refunded(payment))["entries"][0]
    assert (entry["points"], entry["balance_after"]) == (-49, 0)
    assert account_of(member).debt == 150
    accrual = sent(world, paid(phone, amount=10000))["entries"][0]
    assert (accrual["points"], account_of(member).debt) == (0, 50)
    last = paid(phone, amount=8000)
    assert sent(world, last)["entries"][0]["points"] == 30
    assert (world.available(member), account_of(member).debt) == (30, 0)
    # Points that paid a debt count as given.
    assert sent(world, refunded(last))["entries"][0]["points"] == -30
    assert account_of(member).debt == 50


def test_an_order_that_gave_nothing_is_refunded_without_entries(world: World, phone: str) -> None:
    member = register(phone)
    for payment in (paid(phone, amount=99), paid(phone)):
        if payment["data"]["amount"] > 99:
            payment["data"]["currency"] = "USD"
        sent(world, payment)
        amount = payment["data"]["amount"]
        assert world.event(refunded(payment, amount + 1)).body["refundable"] == amount
        refund = refunded(payment)
        answer = sent(world, refund)
        assert why(answer) == ("applied", 0, "nothing_was_given")
        assert sent(world, refund) == {**answer, "status": "duplicate"}
        assert world.event(refunded(payment, 1)).body["refundable"] == 0
    assert account_of(member).seq == 0


def test_a_refund_too_small_for_a_point_counts_towards_the_next(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone, amount=100)
    sent(world, payment)
    for _ in range(2):
        assert points_of(sent(world, refunded(payment, 33))) == []
    assert (world.available(member), refunded_of(payment)) == (1, 66)
    assert points_of(sent(world, refunded(payment, 34))) == [-1]


def test_events_of_a_batch_are_applied_in_order(world: World, phone: str) -> None:
    member, payment, other = register(phone), paid(phone), paid(phone, amount=5000)
    batch = [payment, refunded(payment, 9950), other, refunded(payment, 9950), refunded(other, 50)]
    answers = sent(world, {"events": batch})["events"]
    assert [points_of(answer) for answer in answers] == [[199], [-99], [50], [-100], []]
    assert {answer["status"] for answer in answers} == {"applied"}
    assert world.available(member) == 50
    again = sent(world, {"events": batch})["events"]
    assert again == [{**answer, "status": "duplicate"} for answer in answers]


def _told(event: Any) -> Any:
    return read_event(msgspec.json.encode(event), clock.now(), "shop")


def test_concurrent_refunds_never_take_more_than_was_paid(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone, amount=10000)
    sent(world, payment)
    refunds = [_told(refunded(payment, 3000)) for _ in range(5)]

    def send(refund: Any) -> str:
        try:
            return actions.receive("shop-1", refund, clock.now()).status
        except JifenError as error:
            return error.code

    with ThreadPoolExecutor(5) as threads:
        told = sorted(threads.map(send, refunds))
    assert told == ["applied"] * 3 + ["refund_exceeds_payment"] * 2
    assert (world.available(member), refunded_of(payment)) == (10, 9000)


def test_concurrent_copies_of_a_refund_take_points_once(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    refund = _told(refunded(payment, 10000))

    def send(_: int) -> str:
        return actions.receive("shop-1", refund, clock.now()).status

    with ThreadPoolExecutor(6) as threads:
        told = list(threads.map(send, range(8)))
    assert (told.count("applied"), told.count("duplicate")) == (1, 7)
    assert (world.available(member), account_of(member).seq) == (99, 2)


def test_a_failed_refund_changes_nothing_and_may_be_sent_again(
    world: World, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    before, refund = account_of(member), refunded(payment)
    with monkeypatch.context() as patch:

        def crash(*_: Any) -> None:
            raise Unavailable()

        patch.setattr("chalicelib.ledger.claw_back_each", crash)
        assert world.event(refund).status == 503
    assert (account_of(member), refunded_of(payment)) == (before, 0)
    assert sent(world, refund)["status"] == "applied"
