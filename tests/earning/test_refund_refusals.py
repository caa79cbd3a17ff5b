"""Refused refunds: each has its code and field and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import new_key
from tests.earning.shop import account_of, points_of, refunded_of, register, sent
from tests.world import World, new_phone, paid, refunded


@pytest.fixture
def phone() -> str:
    return new_phone()


def test_the_same_id_with_other_content_is_refused(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    refund = refunded(payment, 100)
    sent(world, refund)
    before = account_of(member)
    for changed in (refunded(payment, 200), {**refund, "member": {"phone": new_phone()}}):
        answer = world.event({**changed, "id": refund["id"]})
        assert (answer.status, answer.body["code"]) == (409, "event_id_reused")
    answer = world.event({**refund, "id": payment["id"]})
    assert (answer.status, answer.body["code"]) == (409, "event_id_reused")
    assert (account_of(member), refunded_of(payment)) == (before, 100)


def test_a_refund_above_the_rest_of_its_payment_is_refused(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    sent(world, refunded(payment, 9000))
    before = account_of(member)
    for amount in (10901, 19900):
        answer = world.event(refunded(payment, amount))
        assert (answer.status, answer.body["code"]) == (409, "refund_exceeds_payment")
        assert answer.body["refundable"] == 10900
        assert answer.body["errors"][0]["field"] == "data"
    assert (account_of(member), refunded_of(payment)) == (before, 9000)
    assert points_of(sent(world, refunded(payment, 10900))) == [-109]
    answer = world.event(refunded(payment, 1))
    assert (answer.status, answer.body["refundable"]) == (409, 0)


def test_a_refund_in_another_currency_is_refused(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    before = account_of(member)
    answer = world.event(refunded(payment, currency="USD"))
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "data.currency")
    assert account_of(member) == before


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "data"),
        ({"amount": 0}, "data.amount"),
        ({"amount": -1}, "data.amount"),
        ({"amount": 1.5}, "data.amount"),
        ({"amount": True}, "data.amount"),
        ({"amount": 10**12 + 1}, "data.amount"),
        ({"items": []}, "data"),
        ({"items": [{"sku": "A", "amount": 0, "quantity": 1}]}, "data.items"),
        ({"items": [{"sku": "A", "amount": 10**12, "quantity": 1}] * 2}, "data.items"),
        ({"items": [{"sku": "A", "amount": 1.5, "quantity": 1}]}, "data.items[0].amount"),
        ({"items": [{"sku": "A", "amount": 5, "quantity": 0}]}, "data.items[0].quantity"),
        ({"items": [{"sku": "A", "amount": 5, "quantity": 1, "x": 1}]}, "data.items[0].x"),
        ({"amount": 6, "items": [{"sku": "A", "amount": 5, "quantity": 1}]}, "data.amount"),
        ({"amount": 5, "currency": "yuan"}, "data.currency"),
        ({"amount": 5, "more": 1}, "data.more"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_the_field(
    world: World, phone: str, data: Any, field: str
) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    before, refund = account_of(member), refunded(payment)
    refund["data"] = {"order_id": payment["data"]["order_id"], "currency": "CNY", **data}
    answer = world.event(refund)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, field)
    assert account_of(member) == before


def test_a_forged_refund_is_refused(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    before = account_of(member)
    assert world.event(refunded(payment), secret=new_key()).status == 401
    assert account_of(member) == before
