"""Refunds and disputes."""

from __future__ import annotations

import pytest
import stripe

from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.money import Money
from chalicelib.payments.errors import RefundRefused
from chalicelib.payments.rules.gateway import ProviderCharge
from tests.stripe_wire.conftest import Wire

DUE = Money(1990, "CNY")
DAY_S = 24 * 3600


def cny(amount: int) -> Money:
    return Money(amount, "CNY")


def paid(wire: Wire, card: str = "pm_card_visa") -> str:
    intent = wire.gateway().create_payment("pay_1", "ord_1", DUE, "card").id
    wire.pay(intent, payment_method=card)
    return intent


def charge_of(wire: Wire, intent: str) -> ProviderCharge:
    charge = wire.gateway().find_payment(intent).charge
    assert charge is not None
    return charge


def test_a_refund_is_booked_and_found_by_our_id(wire: Wire) -> None:
    intent = paid(wire)
    made = wire.gateway().refund("rfd_1", intent, DUE)
    assert (made.key, made.amount, made.status) == ("rfd_1", 1990, "succeeded")
    assert made.movement is not None
    assert (made.movement.type, made.movement.net) == ("refund", -1990)
    assert charge_of(wire, intent).refunds == (made,)


def test_several_refunds_never_exceed_the_payment(wire: Wire) -> None:
    intent, gateway = paid(wire), wire.gateway()
    first, second = gateway.refund("r1", intent, cny(500)), gateway.refund("r2", intent, cny(900))
    before = gateway.balance("CNY")
    with pytest.raises(RefundRefused) as refused:
        gateway.refund("r3", intent, cny(591))
    assert refused.value.facts == {"reason": "amount"}
    assert gateway.balance("CNY") == before
    third = gateway.refund("r4", intent, cny(590))
    assert charge_of(wire, intent).refunds == (first, second, third)


def test_a_refund_may_make_the_balance_negative(wire: Wire) -> None:
    intent, gateway = paid(wire), wire.gateway()
    gateway.refund("r1", intent, DUE)
    assert gateway.balance("CNY") == -88


def test_a_fully_refunded_payment_is_not_refunded_again(wire: Wire) -> None:
    intent, gateway = paid(wire), wire.gateway()
    gateway.refund("r1", intent, DUE)
    with pytest.raises(RefundRefused) as refused:
        gateway.refund("r2", intent, cny(1))
    assert refused.value.facts == {"reason": "charge_already_refunded"}


@pytest.mark.parametrize("pause_s", [0, DAY_S + 1])
def test_one_id_refunds_once_even_after_stripe_forgot_its_key(wire: Wire, pause_s: int) -> None:
    intent, gateway = paid(wire), wire.gateway()
    made = gateway.refund("rfd_1", intent, cny(500))
    wire.tell("clock", {"advance_seconds": pause_s})
    assert gateway.refund("rfd_1", intent, cny(500)) == made
    with pytest.raises(IdempotencyKeyReused):
        gateway.refund("rfd_1", intent, cny(501))
    assert charge_of(wire, intent).refunds == (made,)


def test_a_pending_refund_may_succeed(wire: Wire) -> None:
    intent = paid(wire, "pm_card_pendingRefund")
    made = wire.gateway().refund("rfd_1", intent, DUE)
    assert (made.status, made.movement) == ("pending", None)
    wire.tell(f"refunds/{made.id}/succeed", {})
    [found] = charge_of(wire, intent).refunds
    assert found.status == "succeeded"
    assert found.movement is not None


def test_a_failed_refund_is_booked_back_and_may_be_repeated(wire: Wire) -> None:
    intent, gateway = paid(wire), wire.gateway()
    before = gateway.balance("CNY")
    made = gateway.refund("rfd_1", intent, DUE)
    wire.tell(f"refunds/{made.id}/fail", {})
    [found] = charge_of(wire, intent).refunds
    assert found.status == "failed"
    assert found.failure is not None
    assert (found.failure.type, found.failure.net) == ("refund_failure", 1990)
    assert gateway.balance("CNY") == before
    wire.deliver_all()
    assert "refund.failed" in wire.receiver.types()
    assert gateway.refund("rfd_2", intent, DUE).status == "succeeded"


def test_an_unpaid_payment_is_not_refunded(wire: Wire) -> None:
    intent = wire.gateway().create_payment("pay_1", "ord_1", DUE, "card").id
    with pytest.raises(RefundRefused) as refused:
        wire.gateway().refund("r1", intent, DUE)
    assert refused.value.facts == {"reason": "payment_intent_unexpected_state"}


def test_refunds_are_found_over_several_pages(wire: Wire) -> None:
    intent, client = paid(wire), wire.client()
    for _ in range(105):
        client.v1.refunds.create({"payment_intent": intent, "amount": 1})
    refunds = charge_of(wire, intent).refunds
    assert len({each.id for each in refunds}) == 105
    assert {each.key for each in refunds} == {None}


def test_a_dispute_takes_the_money_and_a_fee_until_it_is_won(wire: Wire) -> None:
    intent, gateway = paid(wire, "pm_card_createDispute"), wire.gateway()
    [dispute] = charge_of(wire, intent).disputes
    assert (dispute.status, dispute.amount) == ("open", 1990)
    [withdrawn] = dispute.movements
    assert (withdrawn.amount, withdrawn.fee, withdrawn.net) == (-1990, 1500, -3490)
    with pytest.raises(RefundRefused) as refused:
        gateway.refund("r1", intent, DUE)
    assert refused.value.facts == {"reason": "charge_disputed"}
    before = gateway.balance("CNY")
    wire.client().v1.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )
    [won] = charge_of(wire, intent).disputes
    assert won.status == "won"
    assert [line.net for line in won.movements] == [-3490, 1990]
    assert gateway.balance("CNY") == before + 1990
    wire.deliver_all()
    assert [kind for kind in wire.receiver.types() if "dispute" in kind] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


def test_a_lost_dispute_keeps_the_money(wire: Wire) -> None:
    intent = paid(wire)
    opened = wire.tell(f"payment_intents/{intent}/dispute", {})
    before = wire.gateway().balance("CNY")
    wire.client().v1.disputes.close(opened["id"])
    [lost] = charge_of(wire, intent).disputes
    assert (lost.status, len(lost.movements)) == ("lost", 1)
    assert wire.gateway().balance("CNY") == before
    with pytest.raises(stripe.InvalidRequestError):
        wire.client().v1.disputes.close(opened["id"])
