"""Refunds above the rest of their payment, after external refunds or disputes."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.payments.errors import NotAtProvider
from chalicelib.payments.rules.gateway import ProviderDispute
from chalicelib.payments.rules.journal import BANK, FEES, LOSSES, SALES, UNAPPLIED
from tests.api import Answer, new_key, token
from tests.orders.cashier import Cashier
from tests.orders.external_refunds import (
    THERE,
    cancel,
    cash_of,
    close,
    fees_only,
    reject,
    reviewed,
    shown,
    stands,
    too_large,
)
from tests.orders.refunds import listed, paid, units
from tests.payments.fake_gateway import DISPUTE_FEE, charge_fee


@pytest.mark.parametrize("is_taken", [False, True])
def test_external_refunds_are_synced_before_a_paid_order_is_cancelled(
    cashier: Cashier, is_taken: bool
) -> None:
    order, intent_id = reviewed(cashier, is_taken=is_taken)
    cashier.provider.refund_by_hand(intent_id, THERE)
    undone = (reject if is_taken else cancel)(cashier, order["id"])
    assert (undone.status, cashier.balance()) == (200, (5000, 0))
    cashier.act_on(f"PAY#{order['id']}")
    assert listed(cashier, order["id"]) == []
    assert shown(cashier, order) == [(THERE, "succeeded"), (cash_of(order) - THERE, "succeeded")]
    assert cashier.books(order["id"]) == fees_only(order)


@pytest.mark.parametrize("silence", ["down", "not_at_provider"])
def test_a_paid_order_is_cancelled_during_an_outage_of_the_provider(
    cashier: Cashier, silence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, _ = reviewed(cashier)
    if silence == "down":
        cashier.provider.down = True
    else:
        monkeypatch.setattr(cashier.provider, "find_payment", unknown)
    assert cancel(cashier, order["id"]).body["status"] == "cancelled"


def unknown(*_: Any) -> Any:
    raise NotAtProvider()


def test_a_refund_is_owed_even_if_the_provider_does_not_know_the_payment(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, _ = paid(cashier)
    monkeypatch.setattr(cashier.provider, "find_payment", unknown)
    assert cashier.refund(order["id"], units(order, 1)).status == 201


def test_an_act_on_an_unpaid_or_anothers_order_makes_no_request_to_the_provider(
    cashier: Cashier,
) -> None:
    unpaid, (order, _) = cashier.service(), reviewed(cashier)
    cashier.start(unpaid["id"])
    cashier.provider.calls.clear()
    stranger = token(cashier.world.member(points=1))
    assert cancel(cashier, order["id"], as_=stranger).status == 404
    assert cancel(cashier, unpaid["id"]).status == 200
    assert cashier.provider.calls == []


@pytest.mark.parametrize("there", [THERE, None])
def test_the_unrefunded_part_of_a_late_payment_is_owed(cashier: Cashier, there: int | None) -> None:
    order = cashier.service(points=400)
    intent_id, cash = cashier.intent(order["id"]), cash_of(order)
    assert cancel(cashier, order["id"]).status == 200
    cashier.provider.pay(intent_id)
    cashier.provider.refund_by_hand(intent_id, there or cash)
    for _ in "12":
        cashier.tell(order["id"], intent_id)
        cashier.act_on(f"PAY#{order['id']}")
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    assert [each.amount for each in charge.refunds] == [there, cash - there] if there else [cash]
    assert listed(cashier, order["id"]) == []
    assert cashier.books(order["id"]) == fees_only(order)


def test_the_rest_of_a_payment_is_sent_again_and_the_order_lists_each_refund(
    cashier: Cashier,
) -> None:
    order, intent_id, refund_id = too_large(cashier)
    points, key, left = cashier.balance(), new_key(), cash_of(order) - THERE
    for replayed in (None, "true"):
        made = close(cashier, order["id"], refund_id, "retry", key=key)
        assert (made.status, made.headers.get("Idempotent-Replayed")) == (201, replayed)
        assert (made.body["status"], made.body["amount"]["amount"]) == ("due", left)
    acts = cashier.api.get(f"/v1/admin/audit?subject={order['id']}", as_=cashier.finance)
    (act,) = (each for each in acts.body["data"] if each["action"] == "refund.retry")
    assert (act["before"]["amount"], act["after"]["amount"]) == (cash_of(order), left)
    cashier.act_on(f"PAY#{order['id']}")
    assert listed(cashier, order["id"]) == []
    assert shown(cashier, order) == [(cash_of(order), "succeeded")]
    for _ in "12":
        cashier.tell(order["id"], intent_id, "charge.refunded")
        assert shown(cashier, order) == [(left, "succeeded"), (THERE, "succeeded")]
        assert cashier.show(order["id"])["payment"]["status"] == "refunded"
    assert cashier.books(order["id"]) == fees_only(order)
    assert cashier.balance() == points


def test_finance_may_pay_the_rest_of_a_payment_by_bank_and_record_the_amount(
    cashier: Cashier,
) -> None:
    order, intent_id, refund_id = too_large(cashier)
    before, left = stands(cashier, order["id"]), cash_of(order) - THERE

    def pay(amount: int | None, **other: Any) -> Answer:
        body = {"bank_reference": "ICBC-42"} | ({"amount": amount} if amount is not None else {})
        return close(cashier, order["id"], refund_id, "paid-by-hand", body, **other)

    for amount in (None, left + 1, cash_of(order) + 1):
        refused = pay(amount)
        assert (refused.status, refused.body["code"]) == (409, "payment_exhausted")
        assert refused.body["left"] == left
    less = pay(left - 1)
    assert (less.status, less.body["errors"][0]["code"]) == (400, "less_than_is_left")
    assert pay(0).status == 400
    assert stands(cashier, order["id"]) == before
    key = new_key()
    for replayed in (None, "true"):
        done = pay(left, key=key)
        assert (done.status, done.headers.get("Idempotent-Replayed")) == (200, replayed)
        assert (done.body["status"], done.body["amount"]["amount"]) == ("by_hand", left)
    assert pay(left - 1, key=key).body["code"] == "idempotency_key_reused"
    cashier.tell(order["id"], intent_id, "charge.refunded")
    assert shown(cashier, order) == [(left, "succeeded"), (THERE, "succeeded")]
    assert cashier.books(order["id"])[BANK] == -left
    assert SALES not in cashier.books(order["id"])
    cashier.check_books(order["id"])


def test_a_payment_by_hand_is_at_most_the_refund(cashier: Cashier) -> None:
    order, _ = paid(cashier)
    cashier.provider.refuse_refunds = "insufficient_funds"
    cashier.refund(order["id"], units(order, 1))
    cashier.act_on(f"PAY#{order['id']}")
    (failed,) = listed(cashier, order["id"])
    before, body = stands(cashier, order["id"]), {"bank_reference": "B", "amount": 14851}
    refused = close(cashier, order["id"], failed["id"], "paid-by-hand", body)
    assert (refused.status, refused.body["left"]) == (409, failed["amount"]["amount"])
    assert stands(cashier, order["id"]) == before


@pytest.mark.parametrize("act", ["retry", "paid-by-hand"])
def test_a_refund_is_not_cut_during_an_open_dispute(cashier: Cashier, act: str) -> None:
    order, intent_id, refund_id = too_large(cashier)
    dispute = cashier.provider.dispute(intent_id, 1000)
    before, left = stands(cashier, order["id"]), cash_of(order) - THERE - 1000
    body = {"bank_reference": "B", "amount": left} if act == "paid-by-hand" else None
    refused = close(cashier, order["id"], refund_id, act, body)
    assert (refused.status, refused.body["code"]) == (409, "payment_exhausted")
    assert refused.body["left"] == left
    assert stands(cashier, order["id"]) == before
    cashier.provider.lose(intent_id, dispute.id)
    assert close(cashier, order["id"], refund_id, act, body).status in (200, 201)


def test_a_refund_with_nothing_left_cannot_be_sent_again(cashier: Cashier) -> None:
    order, intent_id, refund_id = too_large(cashier)
    cashier.provider.refund_by_hand(intent_id, cash_of(order) - THERE)
    before = stands(cashier, order["id"])
    refused = close(cashier, order["id"], refund_id, "retry")
    assert (refused.status, refused.body["code"]) == (409, "payment_exhausted")
    cashier.provider.down = True
    assert close(cashier, order["id"], refund_id, "retry").status == 503
    assert stands(cashier, order["id"]) == before
    cashier.provider.down = False
    assert close(cashier, order["id"], refund_id, "waive").status == 200
    for _ in "12":
        cashier.tell(order["id"], intent_id, "charge.refunded")
    assert sum(amount for amount, _ in shown(cashier, order)) == cash_of(order)
    assert cashier.books(order["id"]) == fees_only(order)


def test_a_payment_by_bank_excludes_other_pending_refunds(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    third = cash_of(order) // 3
    first = cashier.refund(order["id"], units(order, 1)).body["id"]
    cashier.provider.refuse_refunds = "insufficient_funds"
    cashier.act_on(f"PAY#{order['id']}")
    cashier.provider.refuse_refunds = None
    cashier.provider.down = True
    assert cashier.refund(order["id"], units(order, 2)).status == 201
    cashier.provider.down = False
    cashier.provider.refund_by_hand(intent_id, third)
    before = stands(cashier, order["id"])
    refused = close(cashier, order["id"], first, "paid-by-hand")
    assert (refused.status, refused.body["left"]) == (409, 0)
    assert stands(cashier, order["id"]) == before
    cashier.act_on(f"PAY#{order['id']}")
    cashier.tell(order["id"], intent_id, "charge.refunded")
    assert SALES not in cashier.books(order["id"])
    cashier.check_books(order["id"])


def test_an_inquiry_leaves_the_payment_whole(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    cashier.provider.refuse_refunds = "insufficient_funds"
    cashier.refund(order["id"], units(order, 3))
    cashier.act_on(f"PAY#{order['id']}")
    (failed,) = listed(cashier, order["id"])
    intent = cashier.provider.intents[intent_id]
    assert intent.charge
    inquiry = ProviderDispute("dp_inquiry", cash_of(order), "open", (), is_inquiry=True)
    asked = replace(intent, charge=replace(intent.charge, disputes=(inquiry,)))
    cashier.provider.intents[intent_id] = asked
    assert close(cashier, order["id"], failed["id"], "paid-by-hand").status == 200


@pytest.mark.parametrize("taken", [None, 1000])
def test_a_lost_dispute_costs_us_only_the_part_refunded_before(
    cashier: Cashier, taken: int | None
) -> None:
    order = cashier.service(points=400)
    intent_id, cash = cashier.intent(order["id"]), cash_of(order)
    assert cancel(cashier, order["id"]).status == 200
    cashier.provider.pay(intent_id)
    cashier.provider.refund_by_hand(intent_id, THERE)
    dispute = cashier.provider.dispute(intent_id, taken)
    cashier.provider.lose(intent_id, dispute.id)
    cashier.provider.refuse_refunds = "charge_disputed"
    for _ in "12":
        cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    books = cashier.books(order["id"])
    assert books.get(LOSSES, 0) == (0 if taken else THERE)
    assert books.get(UNAPPLIED, 0) == (THERE + taken - cash if taken else 0)
    assert sum(books.values()) == 0
    assert books[FEES] == charge_fee(cash) + DISPUTE_FEE
    cashier.check_books(order["id"])
