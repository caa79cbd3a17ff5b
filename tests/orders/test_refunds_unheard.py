"""External refunds that stood and failed before a sync, or during one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.orders.events import facts_of
from chalicelib.orders.queries.orders import get_order
from chalicelib.payments import Intent
from chalicelib.payments.queries.payments import refunds_of
from chalicelib.payments.rules.journal import LOSSES, UNAPPLIED
from tests.orders.cashier import Cashier
from tests.orders.external_refunds import (
    THERE,
    cancel,
    cash_of,
    close,
    fail_there,
    fees_only,
    late,
    pay_the_rest,
    shown,
    stands,
    too_large,
)
from tests.orders.refunds import listed
from tests.orders.streamed import change


def first_there(cashier: Cashier, intent_id: str) -> str:
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    return charge.refunds[0].id


def answered_before(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]
) -> None:
    """Do something while the provider's next answer is on its way."""
    find = cashier.provider.find_payment

    def slow(intent_id: str) -> Intent:
        answer = find(intent_id)
        monkeypatch.setattr(cashier.provider, "find_payment", find)
        meanwhile()
        return answer

    monkeypatch.setattr(cashier.provider, "find_payment", slow)


@pytest.mark.parametrize("act", ["retry", "paid-by-hand", "waive"])
def test_an_unknown_failed_external_refund_is_owed_to_the_refund_that_it_cut(
    cashier: Cashier, act: str
) -> None:
    order, intent_id, refund_id = too_large(cashier)
    there = first_there(cashier, intent_id)
    if act == "waive":
        cashier.provider.refund_by_hand(intent_id, cash_of(order) - THERE)
    assert pay_the_rest(cashier, order, refund_id, act).status in (200, 201)
    cashier.act_on(f"PAY#{order['id']}")
    for _ in "12":
        fail_there(cashier, order, intent_id, there)
        cashier.act_on(f"PAY#{order['id']}")
    assert listed(cashier, order["id"]) == []
    assert sorted(each for each in shown(cashier, order) if each[0]) == [
        (THERE, "succeeded"),
        (cash_of(order) - THERE, "succeeded"),
    ]
    assert "income:sales" not in cashier.books(order["id"])


def test_an_unknown_failed_external_refund_that_cut_nothing_is_not_reported(
    cashier: Cashier,
) -> None:
    order = cashier.service()
    intent_id = cashier.pay(order["id"])
    there = cashier.provider.refund_by_hand(intent_id, THERE).id
    before = get_order(order["id"])
    fail_there(cashier, order, intent_id, there)
    after = get_order(order["id"])
    (silent,) = after.refunds
    assert (silent.id, silent.cash, silent.beyond, silent.is_silent) == (there, 0, 0, True)
    assert (facts_of(change(before, after)), refunds_of(order["id"])) == ([], [])


@pytest.mark.parametrize("act", ["retry", "paid-by-hand"])
def test_a_cut_refund_is_sent_again_after_the_external_one_has_failed(
    cashier: Cashier, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, intent_id, refund_id = too_large(cashier)
    there = first_there(cashier, intent_id)
    cashier.tell(order["id"], intent_id, "charge.refunded")
    answered_before(cashier, monkeypatch, lambda: fail_there(cashier, order, intent_id, there))
    done = pay_the_rest(cashier, order, refund_id, act)
    if act == "retry":
        assert (done.status, done.body["amount"]["amount"]) == (201, cash_of(order))
    else:
        assert (done.status, done.body["errors"][0]["code"]) == (400, "less_than_is_left")
        whole = {"bank_reference": "B", "amount": cash_of(order)}
        assert close(cashier, order["id"], refund_id, act, whole).status == 200
    cashier.act_on(f"PAY#{order['id']}")
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    assert shown(cashier, order) == [(cash_of(order), "succeeded")]
    assert "income:sales" not in cashier.books(order["id"])


def test_a_cut_refund_of_a_late_payment_is_sent_again_too(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, intent_id, refund_id, there = displaced_late(cashier, THERE)
    answered_before(cashier, monkeypatch, lambda: fail_there(cashier, order, intent_id, there))
    made = close(cashier, order["id"], refund_id, "retry")
    assert (made.status, made.body["amount"]["amount"]) == (201, cash_of(order))
    cashier.act_on(f"PAY#{order['id']}")
    assert cashier.books(order["id"]) == fees_only(order)


def displaced_late(cashier: Cashier, amount: int) -> tuple[Any, str, str, str]:
    """A payment that came for a cancelled order, and was owed when somebody gave back `amount` of
    it at the provider: the order, the payment, ours, which is refused, and theirs."""
    order = cashier.service(points=400)
    intent_id = cashier.intent(order["id"])
    assert cancel(cashier, order["id"]).status == 200
    cashier.provider.pay(intent_id)
    cashier.tell(order["id"], intent_id)
    there = cashier.provider.refund_by_hand(intent_id, amount).id
    cashier.act_on(f"PAY#{order['id']}")
    (failed,) = listed(cashier, order["id"])
    return order, intent_id, failed["id"], there


@pytest.mark.parametrize("is_heard_of", [True, False])
def test_a_late_payment_is_refunded_after_the_external_refund_of_a_waived_one_fails(
    cashier: Cashier, is_heard_of: bool
) -> None:
    order = cashier.service(points=400)
    cash = cash_of(order)
    order, intent_id, refund_id, there = displaced_late(cashier, cash)
    assert close(cashier, order["id"], refund_id, "retry").status == 409
    assert close(cashier, order["id"], refund_id, "waive").status == 200
    if is_heard_of:
        cashier.tell(order["id"], intent_id, "charge.refunded")
    fail_there(cashier, order, intent_id, there)
    cashier.act_on(f"PAY#{order['id']}")
    assert cashier.books(order["id"]) == fees_only(order)
    assert [each.amount.amount for each in refunds_of(order["id"])] == [cash, cash]


@pytest.mark.parametrize("is_late", [True, False])
def test_a_refund_waived_after_the_failure_of_an_external_one_stays_closed(
    cashier: Cashier, is_late: bool
) -> None:
    if is_late:
        order, intent_id, refund_id, there = displaced_late(cashier, THERE)
    else:
        order, intent_id, refund_id = too_large(cashier)
        there = first_there(cashier, intent_id)
    fail_there(cashier, order, intent_id, there)
    assert close(cashier, order["id"], refund_id, "waive").status == 200
    before = stands(cashier, order["id"])
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    assert stands(cashier, order["id"]) == before
    assert len(refunds_of(order["id"])) == 1


@pytest.mark.parametrize("is_heard_of", [True, False])
def test_no_money_is_reported_twice(cashier: Cashier, is_heard_of: bool) -> None:
    order, intent_id, refund_id = too_large(cashier)
    if is_heard_of:
        cashier.tell(order["id"], intent_id, "charge.refunded")
    before = get_order(order["id"])
    assert pay_the_rest(cashier, order, refund_id, "retry").status == 201
    cashier.act_on(f"PAY#{order['id']}")
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    assert len(shown(cashier, order)) == 2
    assert facts_of(change(before, get_order(order["id"]))) == []


@pytest.mark.parametrize("parts", [1, 2])
def test_a_lost_dispute_of_a_late_payment_costs_us_nothing_if_its_refund_failed(
    cashier: Cashier, parts: int
) -> None:
    order, intent_id, there = late(cashier)
    both = [there, *(cashier.provider.refund_by_hand(intent_id, 300).id for _ in range(parts - 1))]
    dispute = cashier.provider.dispute(intent_id)
    cashier.provider.lose(intent_id, dispute.id)
    cashier.provider.refuse_refunds = "charge_disputed"
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    cashier.act_on(f"PAY#{order['id']}")
    lost = THERE + 300 * (parts - 1)
    assert cashier.books(order["id"])[LOSSES] == lost
    for refund_id, amount in zip(both, (THERE, 300), strict=False):
        fail_there(cashier, order, intent_id, refund_id)
        lost -= amount
        assert cashier.books(order["id"]).get(LOSSES, 0) == lost
    assert UNAPPLIED not in cashier.books(order["id"])
    assert len(refunds_of(order["id"])) == 1
    cashier.check_books(order["id"])


def test_an_external_refund_that_failed_during_a_dispute_is_owed_once_the_dispute_is_won(
    cashier: Cashier,
) -> None:
    order, intent_id, there = late(cashier)
    cashier.act_on(f"PAY#{order['id']}")
    dispute = cashier.provider.dispute(intent_id, THERE)
    fail_there(cashier, order, intent_id, there)
    assert len(refunds_of(order["id"])) == 1
    cashier.provider.win(intent_id, dispute.id)
    for _ in "12":
        cashier.tell(order["id"], intent_id, "charge.dispute.closed")
        cashier.act_on(f"PAY#{order['id']}")
    assert len(refunds_of(order["id"])) == 2
    assert UNAPPLIED not in cashier.books(order["id"])
    cashier.check_books(order["id"])
