"""The amounts left and payable of a payment, and the bearer of a lost dispute."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.money import Money
from chalicelib.payments.actions.stripe_gateway import reading
from chalicelib.payments.errors import PaymentExhausted
from chalicelib.payments.rules.entries import dispute_entries
from chalicelib.payments.rules.gateway import (
    DisputeStatus,
    Movement,
    ProviderCharge,
    ProviderDispute,
    ProviderRefund,
    RefundStatus,
)
from chalicelib.payments.rules.journal import DISPUTED, LOSSES, SALES, UNAPPLIED
from chalicelib.payments.rules.payments import Payment
from chalicelib.payments.rules.refunds import (
    BY_HAND,
    CLOSED,
    DUE,
    FAILED,
    RETRIED,
    SENT,
    SUCCEEDED,
    WAIVED,
    CashRefund,
    failed_of,
    given_back,
    left_of,
    payable_of,
    still_failed,
    unowed_of,
)

pytestmark = pytest.mark.pure

CAME = 1000


def paid(by_hand: int = 0) -> Payment:
    return Payment("ord_1", "pi_1", Money(CAME, "CNY"), b"", b"", 0, by_hand)


def line(amount: int) -> Movement:
    return Movement(f"txn_{amount}", "x", amount, 0, "CNY", None, 0)


def there(amount: int, status: RefundStatus = "succeeded", key: str | None = None) -> Any:
    return ProviderRefund(f"re_{key}_{amount}", key, amount, status, None)


def disputed(amount: int, status: DisputeStatus = "open", *, is_inquiry: bool = False) -> Any:
    movements = () if is_inquiry else (line(-amount),)
    return ProviderDispute("dp_1", amount, status, movements, is_inquiry)


def charged(refunds: Any = (), disputes: Any = ()) -> ProviderCharge:
    return ProviderCharge("ch_1", Money(CAME, "CNY"), line(CAME), tuple(refunds), tuple(disputes))


def ours(name: str, amount: int, status: str, failure: str | None = None) -> CashRefund:
    money = Money(amount, "CNY")
    return CashRefund(name, "ord_1", money, SALES, "refund", status, 0, failure=failure)


@pytest.mark.parametrize(
    ("charge", "by_hand", "left"),
    [
        (charged(), 0, 1000),
        (charged(), 300, 700),
        (charged([there(100), there(200, "pending"), there(400, "failed")]), 0, 700),
        (charged([there(400, "canceled")]), 0, 1000),
        (charged(disputes=[disputed(600)]), 0, 400),
        (charged(disputes=[disputed(600, "lost")]), 0, 400),
        (charged(disputes=[disputed(600, "won")]), 0, 1000),
        (charged(disputes=[disputed(1000, is_inquiry=True)]), 0, 1000),
        (charged([there(500)], [disputed(1000)]), 100, 0),
        (None, 0, 0),
    ],
)
def test_refunded_money_is_not_left_in_any_case(
    charge: ProviderCharge | None, by_hand: int, left: int
) -> None:
    assert left_of(paid(by_hand), charge) == left


@pytest.mark.parametrize("status", [DUE, SENT, SUCCEEDED])
def test_a_pending_refund_counts_once(status: str) -> None:
    mine = [ours("rfd_1", 300, status)]
    assert left_of(paid(), charged(), mine) == 700
    assert left_of(paid(), charged([there(300, key="rfd_1")]), mine) == 700
    assert left_of(paid(), charged([there(300, "failed", "rfd_1")]), mine) == 1000


@pytest.mark.parametrize("status", [FAILED, BY_HAND, CLOSED])
def test_a_refund_by_hand_takes_nothing_at_the_provider(status: str) -> None:
    assert left_of(paid(), charged(), [ours("rfd_1", 300, status)]) == 1000


def test_a_refund_is_payable_up_to_the_rest_unless_a_dispute_is_open() -> None:
    refund = ours("rfd_1", 300, FAILED)
    is_open, lost = charged(disputes=[disputed(1)]), charged(disputes=[disputed(1, "lost")])
    asked = charged(disputes=[disputed(1, is_inquiry=True)])
    assert [payable_of(refund, left, charged()) for left in (301, 300, 299, 1)] == [
        300,
        300,
        299,
        1,
    ]
    assert payable_of(refund, 300, is_open) == 300
    assert [payable_of(refund, 299, each) for each in (lost, asked)] == [299, 299]
    for left, charge in ((0, charged()), (299, is_open), (0, lost)):
        with pytest.raises(PaymentExhausted) as refused:
            payable_of(refund, left, charge)
        assert refused.value.facts == {"left": left}


def test_a_refund_sent_again_counts_as_its_last_attempt() -> None:
    refunds = [
        ours("rfd_3", 200, SENT),
        ours("rfd_2", 250, CLOSED, RETRIED + "rfd_3"),
        ours("rfd_1", 300, CLOSED, RETRIED + "rfd_2"),
        ours("rfd_4", 40, CLOSED, WAIVED),
        ours("rfd_5", 50, CLOSED, RETRIED + "rfd_4"),
        ours("rfd_6", 60, FAILED),
        ours("rfd_7", 70, BY_HAND),
        ours("rfd_8", 80, CLOSED, RETRIED + "rfd_not_seen_yet"),
    ]
    assert given_back(refunds) == {
        "rfd_1": 200,
        "rfd_2": 200,
        "rfd_3": 200,
        "rfd_4": 0,
        "rfd_5": 0,
        "rfd_6": 60,
        "rfd_7": 70,
        "rfd_8": 80,
    }


@pytest.mark.parametrize(
    ("refunds", "mine", "seen_to", "unowed"),
    [
        ([there(300)], [], 0, 0),
        ([there(300, "failed")], [ours("rfd_1", 700, DUE)], 0, 300),
        ([there(300, "failed")], [ours("rfd_1", 1000, DUE)], 0, 0),
        ([there(300, "failed")], [ours("rfd_1", 1000, FAILED)], 0, 0),
        ([there(300, "failed")], [ours("rfd_1", 1000, CLOSED, WAIVED)], 0, 300),
        ([there(300, "failed")], [ours("rfd_1", 1000, CLOSED, WAIVED)], 300, 0),
        (
            [there(300, "failed"), there(200, "canceled")],
            [ours("rfd_1", 1000, CLOSED, WAIVED), ours("rfd_2", 300, SENT)], 300, 200,
        ),
        (
            [there(300, "failed")],
            [ours("rfd_1", 1000, CLOSED, RETRIED + "rfd_2"), ours("rfd_2", 700, SENT)], 0, 300,
        ),
    ],
)  # fmt: skip
def test_a_failed_external_refund_is_owed_once(
    refunds: Any, mine: list[CashRefund], seen_to: int, unowed: int
) -> None:
    payment = replace(paid(), failed_there=seen_to)
    assert unowed_of(payment, charged(refunds), mine, failed_of(refunds)) == unowed


@given(st.integers(1, CAME), st.integers(0, CAME))
def test_the_payers_own_part_of_a_lost_dispute_is_no_loss(taken: int, unapplied: int) -> None:
    entries = dispute_entries("ord_1", disputed(taken, "lost"), unapplied, 0)
    assert sum(entry.on(DISPUTED) for entry in entries) == 0
    assert entries[-1].on(UNAPPLIED) == min(taken, unapplied)
    assert entries[-1].on(UNAPPLIED) + entries[-1].on(LOSSES) == taken
    assert all(leg.amount for leg in entries[-1].postings)


@pytest.mark.parametrize(
    ("status", "is_inquiry", "has_taken"),
    [
        ("warning_needs_response", True, False), ("warning_under_review", True, False),
        ("warning_closed", True, False), ("needs_response", False, True), ("lost", False, True),
        ("won", False, False),
    ],
)  # fmt: skip
def test_an_inquiry_takes_nothing(status: str, is_inquiry: bool, has_taken: bool) -> None:
    booked = {
        "id": "txn_1",
        "type": "charge",
        "amount": CAME,
        "fee": 0,
        "currency": "cny",
        "source": "ch_1",
        "created": 0,
    }
    charge = {
        "id": "ch_1",
        "status": "succeeded",
        "amount": CAME,
        "currency": "cny",
        "balance_transaction": booked,
    }
    found = {
        "id": "pi_1",
        "metadata": {},
        "status": "succeeded",
        "amount": CAME,
        "currency": "cny",
        "client_secret": "s",
        "payment_method_types": ["card"],
        "latest_charge": charge,
        "last_payment_error": None,
    }
    dispute = {"id": "dp_1", "amount": CAME, "status": status, "balance_transactions": []}
    read = reading.intent(found, disputes=[dispute]).charge
    assert read
    assert (read.disputes[0].is_inquiry, read.disputes[0].has_taken) == (is_inquiry, has_taken)


def test_finance_decides_on_failed_refunds_alone() -> None:
    failed = ours("rfd_1", 5, FAILED)
    assert still_failed(failed) is failed
    for status in (DUE, SENT, SUCCEEDED, BY_HAND, CLOSED):
        with pytest.raises(NotAllowedInThisState) as refused:
            still_failed(ours("rfd_1", 5, status))
        assert refused.value.facts["status"] == status
