"""Payouts and transfers, and the books behind the balance."""

from __future__ import annotations

from random import Random

import pytest
import stripe

from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.money import Money
from chalicelib.payments.errors import PayoutRefused
from tests.stripe_wire.conftest import Wire
from tests.stripe_wire.times import DAY_S, later_ms


def cny(amount: int) -> Money:
    return Money(amount, "CNY")


def paid(wire: Wire, number: int = 1, amount: int = 100_000) -> str:
    intent = wire.gateway().create_payment(f"pay_{number}", f"ord_{number}", cny(amount), "card")
    wire.pay(intent.id)
    return intent.id


@pytest.mark.parametrize("pause_s", [0, DAY_S + 1])
def test_a_withdrawal_is_one_transfer_even_after_stripe_forgot_its_key(
    wire: Wire, pause_s: int
) -> None:
    paid(wire)
    gateway = wire.gateway()
    assert gateway.payout_of("wdr_1") is None
    made = gateway.pay_out("wdr_1", "acct_1", cny(5000))
    assert gateway.payout_of("wdr_1") == made
    assert (made.key, made.status, made.amount) == ("wdr_1", "paid", cny(5000))
    assert [(line.type, line.net) for line in made.movements] == [("transfer", -5000)]
    wire.tell("clock", {"advance_seconds": pause_s})
    assert gateway.pay_out("wdr_1", "acct_1", cny(5000)) == made
    for account, amount in (("acct_1", 5001), ("acct_2", 5000)):
        with pytest.raises(IdempotencyKeyReused):
            gateway.pay_out("wdr_1", account, cny(amount))
    assert gateway.find_payout(made.id) == made
    assert len(wire.client().v1.transfers.list().data) == 1


@pytest.mark.parametrize(
    ("account", "amount", "reason"),
    [
        ("acct_unknown_1", 100, "resource_missing"),
        ("acct_restricted_1", 100, "insufficient_capabilities_for_transfer"),
        ("acct_1", 10_000_000, "balance_insufficient"),
    ],
)
def test_a_refused_withdrawal_moves_nothing(
    wire: Wire, account: str, amount: int, reason: str
) -> None:
    paid(wire)
    before = wire.gateway().balance("CNY")
    with pytest.raises(PayoutRefused) as refused:
        wire.gateway().pay_out("wdr_1", account, cny(amount))
    assert refused.value.facts == {"reason": reason}
    assert wire.gateway().balance("CNY") == before
    assert wire.client().v1.transfers.list().data == []


def test_a_fully_reversed_transfer_has_failed(wire: Wire) -> None:
    paid(wire)
    gateway, client = wire.gateway(), wire.client()
    before = gateway.balance("CNY")
    made = gateway.pay_out("wdr_1", "acct_1", cny(5000))
    client.v1.transfers.reversals.create(made.id, {"amount": 2000})
    part = gateway.find_payout(made.id)
    assert (part.status, [line.net for line in part.movements]) == ("paid", [-5000, 2000])
    client.v1.transfers.reversals.create(made.id)
    found = gateway.find_payout(made.id)
    assert (found.status, found.failure) == ("failed", "reversed")
    assert [line.net for line in found.movements] == [-5000, 2000, 3000]
    assert gateway.balance("CNY") == before
    booked = gateway.movements(0, later_ms())
    assert [line.our_id for line in booked if line.type == "transfer"] == ["wdr_1"]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.transfers.reversals.create(made.id, {"amount": 1})


def test_a_payout_to_our_bank_is_pending_then_paid(wire: Wire) -> None:
    paid(wire)
    made = wire.client().v1.payouts.create({"amount": 7000, "currency": "cny"})
    found = wire.gateway().find_payout(made.id)
    assert (found.status, found.amount, found.key) == ("pending", cny(7000), "")
    assert [(line.type, line.net) for line in found.movements] == [("payout", -7000)]
    wire.tell(f"payouts/{made.id}/pay", {})
    assert wire.gateway().find_payout(made.id).status == "paid"


def test_a_failed_payout_is_returned(wire: Wire) -> None:
    paid(wire)
    before = wire.gateway().balance("CNY")
    made = wire.client().v1.payouts.create({"amount": 7000, "currency": "cny"})
    wire.tell(f"payouts/{made.id}/fail", {})
    found = wire.gateway().find_payout(made.id)
    assert (found.status, found.failure) == ("failed", "account_closed")
    assert [(line.type, line.net) for line in found.movements] == [
        ("payout", -7000),
        ("payout_failure", 7000),
    ]
    assert wire.gateway().balance("CNY") == before
    wire.deliver_all()
    assert "payout.failed" in wire.receiver.types()


def test_a_payout_above_the_balance_is_refused(wire: Wire) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        wire.client().v1.payouts.create({"amount": 1, "currency": "cny"})
    assert refused.value.code == "balance_insufficient"


def test_the_balance_is_always_the_sum_of_the_transactions(wire: Wire) -> None:
    random, gateway, client = Random(7), wire.gateway(), wire.client()
    for number in range(25):
        intent = paid(wire, number, random.randrange(400, 90_000))
        match random.randrange(6):
            case 0:
                made = gateway.refund(f"r{number}", intent, cny(random.randrange(1, 300)))
                if random.random() < 0.5:
                    wire.tell(f"refunds/{made.id}/fail", {})
            case 1:
                dispute = wire.tell(f"payment_intents/{intent}/dispute", {})["id"]
                wire.tell(f"disputes/{dispute}/{random.choice(('win', 'lose'))}", {})
            case 2:
                gateway.pay_out(f"w{number}", "acct_1", cny(50))
            case 3:
                payout = client.v1.payouts.create({"amount": 60, "currency": "cny"})
                wire.tell(f"payouts/{payout.id}/{random.choice(('pay', 'fail'))}", {})
    lines = list(gateway.movements(0, later_ms()))
    assert gateway.balance("CNY") == sum(line.net for line in lines)
    assert gateway.balance("USD") == 0
    assert len({line.id for line in lines}) == len(lines)


def test_transactions_of_a_span_are_listed_oldest_first_by_pages(wire: Wire) -> None:
    paid(wire, 1)
    wire.tell("clock", {"advance_seconds": 100})
    client = wire.client()
    for _ in range(230):
        client.v1.payouts.create({"amount": 1, "currency": "cny"})
    wire.tell("clock", {"advance_seconds": 100})
    paid(wire, 2)
    gateway = wire.gateway()
    every = list(gateway.movements(0, later_ms()))
    assert len(every) == 232
    assert [line.created_at_ms for line in every] == sorted(line.created_at_ms for line in every)
    first, last = every[0], every[-1]
    between = list(gateway.movements(first.created_at_ms + 1, last.created_at_ms))
    assert between == every[1:-1]
    assert list(gateway.movements(last.created_at_ms, last.created_at_ms + 1000)) == [last]
    assert list(gateway.movements(first.created_at_ms, first.created_at_ms)) == []
