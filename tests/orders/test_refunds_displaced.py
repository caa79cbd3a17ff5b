"""Failed external refunds: the units that they had kept from a refund are owed."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.orders.events import facts_of
from chalicelib.orders.queries.orders import get_order
from chalicelib.payments.queries.payments import refunds_of
from tests.api import new_key
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
    reviewed,
    shown,
    stands,
    too_large,
)
from tests.orders.refunds import listed, paid, units
from tests.orders.streamed import change


def give_there(cashier: Cashier, order: Any, intent_id: str, amount: int = THERE) -> str:
    """Refund externally, and receive the webhook."""
    there = cashier.provider.refund_by_hand(intent_id, amount)
    cashier.tell(order["id"], intent_id, "charge.refunded")
    return there.id


def test_a_failed_external_refund_is_owed_to_the_refunded_units(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    there = give_there(cashier, order, intent_id)
    assert (
        cashier.refund(order["id"], units(order, 3)).body["cash"]["amount"]
        == cash_of(order) - THERE
    )
    cashier.act_on(f"PAY#{order['id']}")
    before, points = get_order(order["id"]), cashier.balance()
    fail_there(cashier, order, intent_id, there)
    fact, failed = facts_of(change(before, get_order(order["id"])))
    assert (fact.type, fact.data.cash, fact.data.points) == ("order.refunded", THERE, 0)
    assert (failed.data.event, failed.data.amount) == ("provider_refund_failed", THERE)
    assert shown(cashier, order) == [(cash_of(order) - THERE, "succeeded"), (THERE, "pending")]
    cashier.act_on(f"PAY#{order['id']}")
    assert shown(cashier, order) == [(cash_of(order) - THERE, "succeeded"), (THERE, "succeeded")]
    assert cashier.show(order["id"])["payment"]["status"] == "refunded"
    assert (cashier.books(order["id"]), cashier.balance()) == (fees_only(order), points)
    fail_again = stands(cashier, order["id"])
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    assert stands(cashier, order["id"]) == fail_again


def test_units_left_after_a_failed_external_refund_have_their_full_share(
    cashier: Cashier,
) -> None:
    order, intent_id = paid(cashier)
    third = cash_of(order) // 3
    there = give_there(cashier, order, intent_id, 2 * third + THERE)

    def refund_one() -> Any:
        return cashier.refund(order["id"], units(order, 1)).body["cash"]["amount"]

    assert refund_one() == third - THERE
    fail_there(cashier, order, intent_id, there)
    assert [amount for amount, _ in shown(cashier, order)] == [third - THERE, THERE]
    assert [refund_one(), refund_one()] == [third, third]
    cashier.act_on(f"PAY#{order['id']}")
    assert cashier.books(order["id"]) == fees_only(order)


def test_a_failed_external_refund_that_cut_no_refund_owes_nothing(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    there = give_there(cashier, order, intent_id)
    cashier.refund(order["id"], units(order, 1))
    cashier.act_on(f"PAY#{order['id']}")
    fail_there(cashier, order, intent_id, there)
    assert shown(cashier, order) == [(cash_of(order) // 3, "succeeded")]


def test_a_failed_external_refund_is_owed_to_a_cancelled_order(cashier: Cashier) -> None:
    order, intent_id = reviewed(cashier)
    there = cashier.provider.refund_by_hand(intent_id, THERE).id
    assert cancel(cashier, order["id"]).status == 200
    fail_there(cashier, order, intent_id, there)
    cashier.act_on(f"PAY#{order['id']}")
    assert shown(cashier, order) == [(cash_of(order) - THERE, "succeeded"), (THERE, "succeeded")]
    assert cashier.books(order["id"]) == fees_only(order)


@pytest.mark.parametrize("act", ["retry", "paid-by-hand"])
@pytest.mark.parametrize("is_heard_of", [True, False])
def test_a_failed_external_refund_is_owed_to_the_refund_that_it_cut(
    cashier: Cashier, act: str, is_heard_of: bool
) -> None:
    order, intent_id, refund_id = too_large(cashier)
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    if is_heard_of:
        cashier.tell(order["id"], intent_id, "charge.refunded")
    assert pay_the_rest(cashier, order, refund_id, act).status in (200, 201)
    cashier.act_on(f"PAY#{order['id']}")
    if not is_heard_of:
        cashier.tell(order["id"], intent_id, "charge.refunded")
    fail_there(cashier, order, intent_id, charge.refunds[0].id)
    cashier.act_on(f"PAY#{order['id']}")
    assert listed(cashier, order["id"]) == []
    assert shown(cashier, order) == [(cash_of(order) - THERE, "succeeded"), (THERE, "succeeded")]
    assert "income:sales" not in cashier.books(order["id"])
    cashier.check_books(order["id"])


def test_a_refund_that_is_still_due_is_not_owed_twice(cashier: Cashier) -> None:
    order, intent_id, refund_id = too_large(cashier)
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    cashier.tell(order["id"], intent_id, "charge.refunded")
    assert shown(cashier, order) == [(cash_of(order), "failed")]
    fail_there(cashier, order, intent_id, charge.refunds[0].id)
    made = close(cashier, order["id"], refund_id, "retry", key=new_key())
    assert made.body["amount"]["amount"] == cash_of(order)
    cashier.act_on(f"PAY#{order['id']}")
    assert shown(cashier, order) == [(cash_of(order), "succeeded")]
    assert cashier.books(order["id"]) == fees_only(order)


def test_an_older_answer_does_not_revive_a_failed_refund(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    there = give_there(cashier, order, intent_id)
    cashier.refund(order["id"], units(order, 3))
    older = cashier.provider.intents[intent_id]
    fail_there(cashier, order, intent_id, there)
    now, before = cashier.provider.intents[intent_id], stands(cashier, order["id"])
    cashier.provider.intents[intent_id] = older
    cashier.tell(order["id"], intent_id, "charge.refunded")
    cashier.provider.intents[intent_id] = now
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    assert stands(cashier, order["id"]) == before


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_late_payment_is_refunded_in_full_even_if_a_part_was_returned_by_the_bank(
    cashier: Cashier, is_sent: bool
) -> None:
    order, intent_id, there = late(cashier)
    if is_sent:
        cashier.act_on(f"PAY#{order['id']}")
    fail_there(cashier, order, intent_id, there)
    cashier.act_on(f"PAY#{order['id']}")
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    given_back = sorted(each.amount for each in charge.refunds if each.stands)
    assert given_back == [THERE, cash_of(order) - THERE]
    assert cashier.books(order["id"]) == fees_only(order)


@pytest.mark.parametrize("act", [None, "waive", "paid-by-hand"])
def test_no_part_of_a_late_payment_is_owed_twice(cashier: Cashier, act: str | None) -> None:
    order, intent_id, there = late(cashier)
    cashier.provider.refuse_refunds = "insufficient_funds"
    cashier.act_on(f"PAY#{order['id']}")
    (failed,) = listed(cashier, order["id"])
    if act:
        assert close(cashier, order["id"], failed["id"], act).status == 200
    owed = len(refunds_of(order["id"]))
    fail_there(cashier, order, intent_id, there)
    made = [each for each in refunds_of(order["id"]) if each.id != failed["id"]]
    assert (owed, [each.amount.amount for each in made]) == (1, [THERE])
